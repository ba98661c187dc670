import { type Mask, maskOf } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ActivityAttempt } from '#engine/activities.ts'
import type { CommandInput } from '#workflows/command.ts'
import { readEnvFiles } from './env-files.ts'
import { refuseExposed, resolveSecrets, type SecretParts } from './secrets.ts'

/** What a job finds around it beyond its command and directory. */
export interface Surroundings {
  /** The variables of its files. */
  readonly files: Readonly<Record<string, string>>
  /** The values of its secrets. */
  readonly secrets: Readonly<Record<string, string>>
  /** Hides the secrets; undefined where there is none. */
  readonly mask: Mask | undefined
}

type Environment = Readonly<Record<string, string>>

/** Reads a job's files of variables and its secrets, anew at each start. */
export async function readSurroundings(
  parts: SecretParts,
  of: { readonly input: CommandInput; readonly attempt: ActivityAttempt },
  environment: (files: Environment) => Environment,
): Promise<Result<Surroundings, Failure>> {
  const files = readEnvFiles(await parts.surroundings(), of.input)
  if (!files.ok) return files
  const request = { ...of, environment: environment(files.value) }
  const secrets = await resolveSecrets(parts, request)
  if (!secrets.ok) return secrets
  const values = Object.values(secrets.value)
  const safe = refuseExposed((value) => maskOf([value]), secrets.value, request)
  if (!safe.ok) return err(safe.error)
  return ok({ files: files.value, secrets: secrets.value, mask: values.length === 0 ? undefined : maskOf(values) })
}
