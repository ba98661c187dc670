import type { Clock } from '#base/clock.ts'
import { saltedDigest } from '#base/digest.ts'
import { canonicalJson } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { CommandReport, Failure } from '#domain/failure.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { CommandInput } from '#workflows/command.ts'
import type { OutputPort } from './output-port.ts'
import type { Child, ChildEnd, LeftoverMark, ProcessPort } from './process-port.ts'

/** Between asking a tree to end and ending it. */
const GRACE_MS = 2000

export interface CommandParts {
  readonly processes: ProcessPort
  readonly outputs: OutputPort
  readonly clock: Clock
  /** What children inherit. */
  readonly environment: Readonly<Record<string, string>>
  /** 32 hexadecimal digits, new each time. */
  readonly salt: () => string
}

/** Runs a command in a process group of its own, its output straight into files, and ends its whole tree on demand. */
export function commandActivity(parts: CommandParts): Activity {
  return {
    run: async (input, attempt) => await runCommand(parts, input as CommandInput, attempt),
    endLeftovers: async (key) => {
      const mark = markOf(parts, key)
      const found = await parts.processes.findLeftovers(mark)
      if (found.length > 0) await parts.processes.endLeftovers(mark)
      return found.length
    },
  }
}

async function runCommand(
  parts: CommandParts,
  input: CommandInput,
  attempt: ActivityAttempt,
): Promise<Result<CommandReport, Failure>> {
  const files = parts.outputs.open(attempt)
  if (!files.ok) return files
  const environment = environmentOf(parts, input, attempt)
  const startedAt = parts.clock.now()
  const child = await parts.processes.start({
    argv: input.argv,
    directory: input.directory,
    environment,
    stdoutPath: files.value.stdoutPath,
    stderrPath: files.value.stderrPath,
    mark: markOf(parts, attempt.key),
  })
  const { end, wasEnded } = child.ok ? await endOf(child.value, attempt) : { end: undefined, wasEnded: false }
  const endedAt = Math.max(startedAt, parts.clock.now())
  const output = await parts.outputs.seal(files.value)
  if (!output.ok) return output
  const report: CommandReport = {
    argv: [...input.argv],
    directory: input.directory,
    started_at: startedAt,
    ended_at: endedAt,
    exit: end?.kind === 'exited' ? end.exit : null,
    signal: end?.kind === 'signalled' ? end.signal : null,
    ...output.value,
    environment: commitment(environment, parts.salt()),
  }
  if (!child.ok) return err({ ...child.error, report } as Failure)
  // The signal's reason is a failure by the contract of attempts.
  return wasEnded
    ? err({ ...(attempt.signal.reason as Failure), report } as Failure)
    : conclude(report, input.allow_exit)
}

interface Ended {
  readonly end: ChildEnd
  /** Whether it ended because it was told to; then its exit code is no success, whatever it is. */
  readonly wasEnded: boolean
}

/** Waits for the child; ends its tree when the attempt is aborted, and is done only when nothing of it lives. */
async function endOf(child: Child, attempt: ActivityAttempt): Promise<Ended> {
  let ending: Promise<void> | undefined
  const end = () => {
    ending ??= child.end(attempt.hurry.aborted ? 0 : GRACE_MS)
  }
  // Whoever is in a hurry wants an end to come soon, and has not asked for one by that.
  const hurry = () => {
    if (ending !== undefined) void child.end(0)
  }
  attempt.hurry.addEventListener('abort', hurry, { once: true })
  attempt.signal.addEventListener('abort', end, { once: true })
  // It may have come while the child was being started.
  if (attempt.signal.aborted) end()
  const ended = await child.ended
  attempt.signal.removeEventListener('abort', end)
  await ending
  attempt.hurry.removeEventListener('abort', hurry)
  return { end: ended, wasEnded: ending !== undefined }
}

function conclude(report: CommandReport, allowed: readonly number[] = []): Result<CommandReport, Failure> {
  if (report.exit === 0 || (report.exit !== null && allowed.includes(report.exit))) return ok(report)
  if (report.exit !== null) return err({ code: 'command_failed', exit: report.exit, report })
  return err({ code: 'command_killed', signal: report.signal ?? 'unknown', report })
}

function environmentOf(parts: CommandParts, input: CommandInput, attempt: ActivityAttempt): Record<string, string> {
  const [runId = ''] = attempt.key.split('/')
  return {
    ...parts.environment,
    ...input.env,
    ORCHASTRATION_RUN_ID: runId,
    ORCHASTRATION_IDEMPOTENCY_KEY: attempt.key,
    ORCHASTRATION_ATTEMPT: String(attempt.attempt),
  }
}

/** The values are nobody's business; that they were these can be proven by whoever knows them. */
function commitment(environment: Record<string, string>, salt: string): CommandReport['environment'] {
  const digest = saltedDigest(salt, canonicalJson(environment))
  return { salt, digest, variables: Object.keys(environment).length }
}

function markOf({ outputs }: CommandParts, key: string): LeftoverMark {
  return { step: key, notePath: outputs.notePath(key) }
}
