import { err, ok, type Result } from '#base/result.ts'
import { refusal } from '#domain/agents/refusal.ts'
import type { ToolArguments } from '#domain/agents/tool-arguments.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import { reportOf } from '#domain/run/job-record.ts'
import type { PrintedText, RunAnswer, ToolRefusal } from '#domain/run/tool-answer.ts'
import type { Calling } from './tool-parts.ts'

/** Of each stream: what failed stands at the end. */
const TAIL = { lines: 200, characters: 20_000 }

/** Runs a command that was declared, by its name; however it ends, that is an answer. */
export async function run(calling: Calling<ToolArguments<'run'>>): Promise<Result<RunAnswer | ToolRefusal, Failure>> {
  const { args, tools, attempt, command } = calling
  const { commands, environment } = tools
  const planned = Object.hasOwn(commands, args.command) ? commands[args.command] : undefined
  if (planned === undefined) {
    const names = Object.keys(commands)
    const known = names.length === 0 ? 'none is declared' : `those declared are: ${names.join(', ')}`
    return ok(refusal('unknown_command', `there is no command ${JSON.stringify(args.command)}; ${known}`))
  }
  if (planned.asks_first === true) {
    return ok(refusal('not_run', `${args.command} is started only after a person has agreed, so not by agents`))
  }
  const { timeout_seconds: _, ...input } = planned
  const ran = await command(environment).run(input, attempt)
  // The command's activity answers with a report, and only with that.
  if (ran.ok) return ok(answerOf(calling, ran.value as CommandReport))
  if (attempt.signal.aborted && ran.error.code !== 'timed_out') return ran
  const report = reportOf(ran.error)
  const hasRun = report !== undefined && (report.exit !== null || report.signal !== null)
  if (hasRun) return ok({ ...answerOf(calling, report), ...(ran.error.code === 'timed_out' && { timed_out: true }) })
  return ran.error.code === 'internal'
    ? err(ran.error)
    : ok(refusal('not_run', `${args.command} could not be run: ${ran.error.code}`))
}

function answerOf(
  { args, kept, mask }: Calling<ToolArguments<'run'>>,
  { exit, signal, stdout, stderr, started_at, ended_at }: CommandReport,
): RunAnswer {
  const printed = (stream: { readonly digest: string; readonly bytes: number }): PrintedText => {
    const text = stream.bytes === 0 ? '' : kept.tail(stream.digest, TAIL)
    return { ...stream, text: mask === undefined ? text : mask.text(text) }
  }
  const { command } = args
  return { ok: true, command, exit, signal, stdout: printed(stdout), stderr: printed(stderr), started_at, ended_at }
}
