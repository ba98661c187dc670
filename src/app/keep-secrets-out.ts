import { err, ok, type Result } from '#base/result.ts'
import type { PlannedJob } from '#domain/definition/planned-job.ts'
import type { Failure } from '#domain/failure.ts'
import type { Services } from './services.ts'

/**
 * Refuses a run in whose input the value of one of its secrets stands, before anything of it is recorded, and one for
 * which a variable is not set. Files may be made by a job that comes before; what a command would give is not asked.
 */
export async function keepSecretsOut(
  jobs: readonly PlannedJob[],
  services: Pick<Services, 'secretSources'>,
): Promise<Result<void, Failure>> {
  const holders = jobs.filter(({ job, reused }) => job.secrets !== undefined && reused === undefined)
  if (holders.length === 0) return ok()
  const [{ sourceWords }, sources] = await Promise.all([
    import('#domain/definition/secret-value.ts'),
    services.secretSources(),
  ])
  for (const holder of holders) {
    for (const [secret, source] of Object.entries(holder.job.secrets ?? {})) {
      const value = sources.secret(source, holder.directory)
      if (value?.ok === false && source.env !== undefined)
        return err({ code: 'secret_unusable', job: holder.name, secret, ...sourceWords(source), ...value.error })
      const exposed = value?.ok === true ? await exposedIn(jobs, secret, value.value) : undefined
      if (exposed !== undefined) return err(exposed)
    }
  }
  return ok()
}

async function exposedIn(jobs: readonly PlannedJob[], secret: string, value: string): Promise<Failure | undefined> {
  const [{ maskOf }, { exposedAt }] = await Promise.all([
    import('#base/masker.ts'),
    import('#domain/definition/exposed-secret.ts'),
  ])
  const mask = maskOf([value])
  for (const { name, job, params, argv, directory } of jobs) {
    // What was asked for first: filled into the definition it would be found under another name.
    const key = exposedAt({ params }, mask) ?? exposedAt(job, mask) ?? exposedAt({ arguments: argv, directory }, mask)
    if (key !== undefined) return { code: 'secret_exposed', secret, job: name, key, isRecorded: false }
  }
  return undefined
}
