import { jobEndOf } from '#app/follow.ts'
import type { JobsRun } from '#app/operations/run-jobs.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import { type MountContext, mount, printJson, snakeKeys } from '../mount.ts'
import { runView } from '../run-view.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `run`: the jobs as they go on standard error, the ancestor's summary line a job on standard output. */
export const run = mount<JobsRun>(({ io, json, services }: MountContext) => {
  const view = runView(
    json ? { ...io, isLive: false, note: () => undefined, bytes: () => undefined } : io,
    services.files,
  )
  const events: RunEvent[] = []
  return {
    report: (progress) => {
      if (progress.kind === 'event') events.push(progress.event)
      view.report(progress)
    },
    end: () => view.end(),
    answer: ({ requested, attended, runId }) => {
      if (attended === undefined) {
        if (json) printJson(io, 'run', { run: runId, status: 'queued' })
        else io.out(`run=${runId}\n`)
        return 0
      }
      const exit = exitCodeOfRun(attended)
      const jobs = summaries(requested, events)
      if (json)
        printJson(io, 'run', {
          run: runId,
          status: attended.run.status,
          exit,
          jobs,
          questions: attended.questions.map(snakeKeys),
          cause: attended.failure ?? null,
        })
      else {
        sayWhereItStands(io, attended)
        const isOver = attended.run.endedAt !== null
        if (isOver) for (const job of jobs) io.out(`job=${job.job} exit=${job.exit} duration_ms=${job.duration_ms}\n`)
      }
      return exit
    },
  }
})

interface Summary {
  readonly job: string
  readonly exit: number
  readonly duration_ms: number
}

/** What never began has the exit code 1 and took no time. */
function summaries(requested: readonly string[], events: readonly RunEvent[]): readonly Summary[] {
  const ends = new Map(
    events.flatMap((event) => {
      const end = jobEndOf(event)
      return end === undefined ? [] : [[end.job, end] as const]
    }),
  )
  return requested.map((job) => {
    const end = ends.get(job)
    const duration_ms = end === undefined ? 0 : end.report.ended_at - end.report.started_at
    return { job, exit: end?.exit ?? 1, duration_ms }
  })
}
