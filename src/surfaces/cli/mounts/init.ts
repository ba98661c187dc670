import type { Initiated } from '#app/operations/init.ts'
import { count } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `init`: the file that was written, and what to do with it. */
export const init = mount<Initiated>(({ io, json }) => ({
  answer: ({ path, text, jobs, from, written }) => {
    if (json) printJson(io, 'init', { path, written, text, jobs, from })
    else if (!written) io.out(text)
    else {
      io.out(`${path}\n`)
      const source = from.length === 0 ? '' : ` from ${from.join(', ')}`
      io.note(`${count(jobs.length, 'job')}${source}\n`)
      io.note(`all of them:  orchastration list\nthe first:    orchastration run ${jobs[0] ?? ''}\n`)
    }
    return 0
  },
}))
