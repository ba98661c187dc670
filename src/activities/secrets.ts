import type { Mask } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import { exposedAt } from '#domain/definition/exposed-secret.ts'
import type { SecretSource } from '#domain/definition/secret.ts'
import { MOST_SECRET_BYTES, type SecretFault, secretValue, sourceWords } from '#domain/definition/secret-value.ts'
import type { Failure } from '#domain/failure.ts'
import type { ActivityAttempt } from '#engine/activities.ts'
import type { CommandInput } from '#workflows/command.ts'
import type { Captured, CaptureFault, ProcessPort } from './process-port.ts'
import type { SurroundingsPort } from './surroundings-port.ts'

/** A command that gives a secret may have to ask somebody for it, but not for ever. */
const COMMAND_MS = 60_000

export interface SecretParts {
  readonly surroundings: () => Promise<SurroundingsPort>
  readonly processes: Pick<ProcessPort, 'capture'>
}

/** What a job's secrets are looked for with. */
export interface SecretRequest {
  readonly input: CommandInput
  readonly attempt: ActivityAttempt
  /** What commands that give secrets get. */
  readonly environment: Readonly<Record<string, string>>
}

/** The values of a job's secrets, as they are at this moment. No failure holds anything that a source gave. */
export async function resolveSecrets(
  parts: SecretParts,
  request: SecretRequest,
): Promise<Result<Readonly<Record<string, string>>, Failure>> {
  const values: [string, string][] = []
  const surroundings = await parts.surroundings()
  for (const [secret, source] of Object.entries(request.input.secrets ?? {})) {
    const { directory } = request.input
    const value = surroundings.secret(source, directory) ?? (await valueByCommand(parts, source, request))
    if (value.ok) values.push([secret, value.value])
    else if (request.attempt.signal.aborted) return err(request.attempt.signal.reason as Failure)
    else return err({ code: 'secret_unusable', secret, ...sourceWords(source), ...value.error })
  }
  return ok(Object.fromEntries(values))
}

async function valueByCommand(
  { processes }: SecretParts,
  { command = [] }: SecretSource,
  { input, attempt, environment }: SecretRequest,
): Promise<Result<string, SecretFault>> {
  const [program = '', ...args] = command
  const captured = await processes.capture({
    argv: [program, ...args],
    directory: input.directory,
    environment,
    step: attempt.key,
    timeoutMs: COMMAND_MS,
    mostBytes: MOST_SECRET_BYTES,
    signal: attempt.signal,
  })
  return captured.ok ? givenBy(captured.value) : err(faultOf(captured.error))
}

function givenBy({ end, output }: Captured): Result<string, SecretFault> {
  if (end.kind === 'signalled') return err({ reason: 'killed', detail: end.signal })
  return end.exit === 0 ? secretValue(output) : err({ reason: 'exit', detail: String(end.exit) })
}

function faultOf(fault: CaptureFault): SecretFault {
  return fault.kind === 'not_started' ? { reason: 'not_started', detail: fault.reason } : { reason: fault.kind }
}

/**
 * Refuses a value that stands in what was recorded of the step. What variables and files give was compared before the
 * run was recorded; what a command gives is not known before it ran.
 */
export function refuseExposed(
  mask: (value: string) => Mask,
  secrets: Readonly<Record<string, string>>,
  of: SecretRequest,
): Result<void, Failure> {
  const { argv, env, directory, secrets: sources = {} } = of.input
  const recorded = { command: argv, env, directory, secrets: sources as Record<string, Record<string, string>> }
  for (const [secret, value] of Object.entries(secrets)) {
    const key = exposedAt(recorded, mask(value))
    if (key !== undefined) return err({ code: 'secret_exposed', secret, job: of.attempt.step, key, isRecorded: true })
  }
  return ok()
}
