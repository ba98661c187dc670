import type { Rebuilt } from '#app/operations/rebuild.ts'
import { mount, printJson } from '../mount.ts'

/** `rebuild`: how much was made anew. */
export const rebuild = mount<Rebuilt>(({ io, json }) => ({
  answer: ({ runs, records }) => {
    if (json) printJson(io, 'rebuild', { runs, records })
    else io.out(`runs=${runs} records=${records}\n`)
    return 0
  },
}))
