import type { ListedJob } from '#app/operations/list-jobs.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `list`: the ancestor's lines. */
export const list = mount<{ readonly jobs: readonly ListedJob[]; readonly config: string }>(({ io, json }) => ({
  answer: ({ jobs, config }) => {
    if (json) printJson(io, 'list', { jobs })
    else if (jobs.length === 0) {
      io.out('no jobs configured\n')
      io.note(`configure some in ${config}\n`)
    } else
      for (const { name, description } of jobs)
        io.out(description === undefined ? `${name}\n` : `${name} - ${onOneLine(description)}\n`)
    return 0
  },
}))
