import * as z from 'zod/mini'
import { err, ok } from '#base/result.ts'
import type { CommandReport, FileFault } from '#domain/run/command-report.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { bodyErased } from '../body-erased.ts'
import { jobEndOf } from '../command-ends.ts'
import type { Operation } from '../operation.ts'
import { jobNames } from '../run-jobs-of.ts'
import type { RunSummary } from '../store-port.ts'
import { unknownJobOfRun } from '../unknown-job-of-run.ts'

const Input = z.object({
  run: z.string(),
  job: z.optional(z.string()),
  output: z.optional(z.string()),
  force: z.optional(z.boolean()),
})

export interface RunArtifacts {
  readonly run: RunSummary
  readonly jobs: readonly JobArtifacts[]
  /** Where they were written; null where they were only listed. */
  readonly output: string | null
}

export interface JobArtifacts {
  readonly job: string
  readonly artifacts: NonNullable<CommandReport['artifacts']>
  /** What was declared and is not there. */
  readonly notes: readonly FileFault[]
  /** The job did not run: what it made was kept with this run. */
  readonly keptIn: string | null
}

/** The files that jobs of a run have left to be kept: lists them, or writes them to a directory. */
export const runArtifacts: Operation<z.infer<typeof Input>, RunArtifacts> = {
  name: 'runs artifacts',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async ({ run: text, job, output, force }, { services }) => {
    const reading = await services.reading()
    if (!reading.ok) return reading
    const { reader } = reading.value
    const run = await reader.findRun(text)
    if (!run.ok) return run
    const page = await reader.runEvents(run.value.id, 0)
    if (!page.ok) return page
    const { erased, events } = page.value
    if (erased !== undefined) return err(bodyErased(erased))
    const known = jobNames(events)
    if (job !== undefined && !known.includes(job)) return err(unknownJobOfRun(job, run.value.id, known))
    const jobs = artifactsOf(events).filter((one) => job === undefined || one.job === job)
    if (output === undefined) return ok({ run: run.value, jobs, output: null })
    // Of several jobs each has a folder of its own: they may well have files of the same names.
    const folder = (name: string) => (job === undefined ? `${name}/` : '')
    const files = jobs.flatMap(({ job: name, artifacts }) =>
      artifacts.map(({ path, digest }) => ({ path: folder(name) + path, digest })),
    )
    const artifactFiles = await services.artifactFiles()
    const written = artifactFiles.write(files, { directory: output, replaces: force === true })
    return written.ok ? ok({ run: run.value, jobs, output }) : written
  },
}

/** By job, those of its last end. */
function artifactsOf(events: readonly RunEvent[]): readonly JobArtifacts[] {
  return events.flatMap((event) => {
    const end = jobEndOf(event)
    if (end === undefined) return []
    const { artifacts = [], file_notes: notes = [], up_to_date } = end.report
    return [{ job: end.job, artifacts, notes, keptIn: up_to_date?.run ?? null }]
  })
}
