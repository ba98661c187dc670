import type { ListedTask } from '#app/operations/plan-list.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `plan list`: the ancestor's lines. */
export const planList = mount<{ readonly tasks: readonly ListedTask[]; readonly config: string }>(({ io, json }) => ({
  answer: ({ tasks, config }) => {
    if (json) printJson(io, 'plan list', { tasks })
    else if (tasks.length === 0) {
      io.out('no tasks configured\n')
      io.note(`configure some in ${config}\n`)
    } else io.out(tasks.map(lineOf).join(''))
    return 0
  },
}))

function lineOf({ name, description, status }: ListedTask): string {
  return description === undefined || description === ''
    ? `${name} [${status}]\n`
    : `${name} - ${onOneLine(description)} [${status}]\n`
}
