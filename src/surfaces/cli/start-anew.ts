import { onOneLine } from '#base/text.ts'

/** The commands behind the steps of a task, by which its runs are named, such as `build:sample`. */
const TASK_COMMANDS: Readonly<Record<string, string>> = {
  plan: 'plan create',
  build: 'build run',
  review: 'review run',
  doc: 'doc generate',
  issue: 'git issue create',
  branch: 'git branch create',
}

/** The command that does from the beginning what a run did; undefined where there is none. */
export function startAnew({
  workflow,
  name,
}: {
  readonly workflow: string
  readonly name: string
}): string | undefined {
  if (workflow === 'job') return `orchastration run ${onOneLine(name)}`
  const [step = '', task = ''] = name.split(':')
  const command = workflow === 'task' && Object.hasOwn(TASK_COMMANDS, step) ? TASK_COMMANDS[step] : undefined
  return command === undefined ? undefined : `orchastration ${command} ${onOneLine(task)}`
}
