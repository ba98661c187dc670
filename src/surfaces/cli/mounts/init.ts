import type { Initiated } from '#app/operations/init.ts'
import { count } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `init`: the file that was written, and what to do with it. */
export const init = mount<Initiated>(({ io, json }) => ({
  answer: ({ path, text, jobs, tasks, from, written }) => {
    if (json) printJson(io, 'init', { path, written, text, jobs, tasks, from })
    else if (!written) io.out(text)
    else {
      io.out(`${path}\n`)
      const source = from.length === 0 ? '' : ` from ${from.join(', ')}`
      const offered = tasks.length === 0 ? '' : ` and ${count(tasks.length, 'task')}`
      io.note(`${count(jobs.length, 'job')}${offered}${source}\n`)
      io.note(`all of them:  orchastration list\nthe first:    orchastration run ${jobs[0] ?? ''}\n`)
      const goal = goalFor(tasks)
      if (goal !== '') io.note(`by a goal:    orchastration orchestration run --goal "${goal}"\n`)
    }
    return 0
  },
}))

/** A goal that can be reached at once, by what most repositories offer; empty where they offer nothing of it. */
function goalFor(tasks: readonly string[]): string {
  const [linter, tests, build] = ['lint', 'test', 'build'].map((name) => tasks.includes(name))
  if (linter === true && tests === true) return 'run the linter and the tests'
  return tests === true ? 'run the tests' : linter === true ? 'run the linter' : build === true ? 'build it' : ''
}
