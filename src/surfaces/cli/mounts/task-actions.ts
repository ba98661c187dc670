import type { TaskRun } from '#app/run-task.ts'
import { onOneLine } from '#base/text.ts'
import { isEnded } from '#domain/run/run.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import { type Io, onlyAnswer } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { RunView } from '../run-view.ts'
import { taskDocument } from '../task-document.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** Whatever is done with a task: the run as it goes, and the ancestor's line at its end. */
export const taskAction = mount<TaskRun>(({ io, json, services }) => {
  const view = new RunView(json ? onlyAnswer(io) : io, services.files)
  return {
    report: view.report,
    stopping: (times) => view.stopping(times),
    end: () => view.end(),
    answer: async (done) => {
      await view.sayFailures()
      const { attended } = done
      if (json) printJson(io, 'task', taskDocument(done))
      else {
        await sayFailure(io, done)
        sayWhereItStands(io, attended)
        if (isEnded(attended.run.status)) io.out(answerText(done))
      }
      return exitCodeOfRun(attended)
    },
  }
})

/** What failed, in words: the tail of what a command wrote, shown above, does not tell what is expected of a task. */
async function sayFailure(io: Io, { attended: { failure } }: TaskRun): Promise<void> {
  if (failure === undefined || SHOWN.has(failure.code)) return
  const { describeFailure } = await import('#app/failure-text.ts')
  const { headline, detail, todo } = describeFailure(failure, io.home)
  io.alert.note([headline, ...detail, ...todo].map((line) => `${line}\n`).join(''))
}

/** They say how a command ended, which stands above already. */
const SHOWN: ReadonlySet<string> = new Set(['command_failed', 'command_killed', 'timed_out', 'cancelled'])

function answerText({ task, action, status, exit, attended, output }: TaskRun): string {
  const name = onOneLine(task)
  if (action === 'build.run') return `task=${name} exit=${exit ?? 1} status=${status ?? 'failed'}\n`
  if (action === 'review.run') return `task=${name} review=${verdictOf(attended)}\n`
  if (output === undefined) return ''
  // Making a branch says nothing where it went well, as git does.
  if (action === 'git.branch.create') return ''
  if ('url' in output) return `task=${name} issue=${onOneLine(output.url ?? output.message)}\n`
  const doc = 'paths' in output ? ` doc=${onOneLine(output.paths[0] ?? '')}` : ''
  return `task=${name} status=${status}${doc}\n`
}

function verdictOf({ failure }: TaskRun['attended']): string {
  if (failure === undefined) return 'passed'
  return failure.code === 'review_not_passed' ? failure.verdict : 'failed'
}
