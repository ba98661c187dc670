import type { Clock } from '#base/clock.ts'
import { saltedDigest, sha256 } from '#base/digest.ts'
import { canonicalJson } from '#base/json.ts'
import type { Mask } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { CommandInput } from '#workflows/command.ts'
import { type AmongFilesParts, amongFiles } from './among-files.ts'
import type { OutputPort } from './output-port.ts'
import type { Child, ChildEnd, ChildTerminal, LeftoverMark, ProcessPort } from './process-port.ts'
import type { Surroundings } from './surroundings.ts'
import type { SurroundingsPort } from './surroundings-port.ts'
import type { TerminalPort } from './terminal-port.ts'

/** Between asking a tree to end and ending it. */
const GRACE_MS = 2000

export interface CommandParts extends AmongFilesParts {
  readonly processes: ProcessPort
  readonly outputs: OutputPort
  readonly surroundings: () => Promise<SurroundingsPort>
  readonly terminal: () => Promise<TerminalPort>
  readonly clock: Clock
  /** What children inherit. */
  readonly environment: Readonly<Record<string, string>>
  /** 32 hexadecimal digits, new each time. */
  readonly salt: () => string
}

/** Runs a command in a process group of its own, its output straight into files, and ends its whole tree on demand. */
export function commandActivity(parts: CommandParts): Activity {
  return {
    run: async (input, attempt) => await run(parts, input as CommandInput, attempt),
    endLeftovers: async (key) => {
      const mark = markOf(parts, key)
      const found = await parts.processes.findLeftovers(mark)
      if (found.length > 0) await parts.processes.endLeftovers(mark)
      return found.length
    },
    letGo: (runId) => parts.outputs.letGo(runId),
    ended: (runId) => parts.outputs.ended(runId),
  }
}

async function run(
  parts: CommandParts,
  input: CommandInput,
  attempt: ActivityAttempt,
): Promise<Result<CommandReport, Failure>> {
  const { files: rules } = input
  const start = { parts, input, attempt }
  if (rules === undefined) return await runCommand(start)
  let mask: Mask | undefined
  const looking = { input, rules, attempt, mask: () => mask }
  return await amongFiles(parts, looking, async () => {
    return await runCommand(start, (known) => {
      mask = known
    })
  })
}

async function runCommand(
  start: Start,
  onMask?: (mask: Mask | undefined) => void,
): Promise<Result<CommandReport, Failure>> {
  const { parts, input, attempt } = start
  const surroundings = await surroundingsOf(parts, input, attempt)
  if (!surroundings.ok) return err(notStarted(parts, input, surroundings.error))
  onMask?.(surroundings.value.mask)
  if (input.pty !== true) return await runIn(surroundings.value, start)
  const { onTerminal } = await import('./on-terminal.ts')
  const ran = await onTerminal(parts, attempt, async (terminal) => {
    return await runIn(surroundings.value, { ...start, terminal })
  })
  return ran ?? err(notStarted(parts, input, attempt.signal.reason as Failure))
}

async function runIn(surroundings: Surroundings, start: Start): Promise<Result<CommandReport, Failure>> {
  const { parts, input, attempt, terminal } = start
  const { mask, secrets } = surroundings
  const files = parts.outputs.open(attempt)
  if (!files.ok) return files
  const environment = environmentOf(start, surroundings)
  const startedAt = parts.clock.now()
  const child = await parts.processes.start({
    argv: input.argv,
    directory: input.directory,
    environment,
    stdoutPath: files.value.stdoutPath,
    stderrPath: files.value.stderrPath,
    mark: markOf(parts, attempt.key),
    ...(mask !== undefined && { mask }),
    ...(terminal !== undefined && { terminal }),
  })
  const { end, wasEnded } = child.ok ? await endOf(child.value, attempt) : { end: undefined, wasEnded: false }
  const endedAt = Math.max(startedAt, parts.clock.now())
  const output = await parts.outputs.seal(files.value, { hasWriters: end?.hasLeft === true })
  if (!output.ok) return output
  const report: CommandReport = {
    argv: [...input.argv],
    directory: input.directory,
    started_at: startedAt,
    ended_at: endedAt,
    exit: end?.kind === 'exited' ? end.exit : null,
    signal: end?.kind === 'signalled' ? end.signal : null,
    ...output.value,
    environment: commitment({ ...environment, ...hidden(secrets) }, parts.salt()),
  }
  if (!child.ok) return err({ ...child.error, report } as Failure)
  if (end?.lost !== undefined) return err({ ...end.lost, report } as Failure)
  // The signal's reason is a failure by the contract of attempts.
  return wasEnded
    ? err({ ...(attempt.signal.reason as Failure), report } as Failure)
    : conclude(report, input.allow_exit)
}

const NONE: Surroundings = { files: {}, secrets: {}, mask: undefined }

/** Loaded for the few jobs that have files of variables or secrets. */
async function surroundingsOf(
  parts: CommandParts,
  input: CommandInput,
  attempt: ActivityAttempt,
): Promise<Result<Surroundings, Failure>> {
  if (input.env_files === undefined && input.secrets === undefined) return ok(NONE)
  const { readSurroundings } = await import('./surroundings.ts')
  const environment = (files: Surroundings['files']) => environmentOf({ parts, input, attempt }, { ...NONE, files })
  return await readSurroundings(parts, { input, attempt }, environment)
}

/** What failed before there was a command has a report like any other, of one that wrote nothing. */
function notStarted(parts: CommandParts, { argv, directory }: CommandInput, failure: Failure): Failure {
  const now = parts.clock.now()
  const nothing = { digest: sha256(''), bytes: 0 }
  const report: CommandReport = {
    argv: [...argv],
    directory,
    started_at: now,
    ended_at: now,
    exit: null,
    signal: null,
    stdout: nothing,
    stderr: nothing,
    environment: commitment({}, parts.salt()),
  }
  return { ...failure, report } as Failure
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

interface Start {
  readonly parts: CommandParts
  readonly input: CommandInput
  readonly attempt: ActivityAttempt
  readonly terminal?: ChildTerminal
}

function environmentOf({ parts, input, attempt }: Start, { files, secrets }: Surroundings): Record<string, string> {
  const [runId = ''] = attempt.key.split('/')
  return {
    ...parts.environment,
    ...files,
    ...input.env,
    ...secrets,
    ORCHASTRATION_RUN_ID: runId,
    ORCHASTRATION_IDEMPOTENCY_KEY: attempt.key,
    ORCHASTRATION_ATTEMPT: String(attempt.attempt),
  }
}

/** A short secret could be found by trying, so what is committed to says only that there was one. */
function hidden(secrets: Surroundings['secrets']): Record<string, string> {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, '***']))
}

/** The values are nobody's business; that they were these can be proven by whoever knows them. */
function commitment(environment: Record<string, string>, salt: string): CommandReport['environment'] {
  const digest = saltedDigest(salt, canonicalJson(environment))
  return { salt, digest, variables: Object.keys(environment).length }
}

function markOf({ outputs }: CommandParts, key: string): LeftoverMark {
  return { step: key, notePath: outputs.notePath(key) }
}
