import type { JobList, ListedJob } from '#app/operations/list-jobs.ts'
import { onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

/** `list`: the ancestor's lines; for whoever looks at a terminal, under their groups. */
export const list = mount<JobList>(({ io, json, options }) => ({
  answer: ({ jobs, config }) => {
    if (json) printJson(io, 'list', { jobs })
    else if (jobs.length === 0) {
      const { group } = options
      io.out(group === undefined ? 'no jobs configured\n' : `no jobs in group ${onOneLine(String(group))}\n`)
      if (group === undefined && config !== undefined) io.note(`configure some in ${config}\n`)
    } else io.out(io.isAnswerSeen ? groupedText(jobs, io.answerPaint.strong) : jobs.map(lineOf).join(''))
    return 0
  },
}))

function lineOf({ name, description }: ListedJob): string {
  return description === undefined ? `${name}\n` : `${name} - ${onOneLine(description)}\n`
}

/** Jobs without a group come first, then the groups by name; descriptions in one column. */
function groupedText(jobs: readonly ListedJob[], strong: (text: string) => string): string {
  const groups = [...new Set(jobs.map(({ group = '' }) => group))].sort()
  const width = Math.min(32, Math.max(...jobs.map(({ name }) => name.length)))
  const blocks = groups.map((group) => {
    const own = jobs.filter((job) => (job.group ?? '') === group)
    const indent = group === '' ? '' : '  '
    const title = group === '' ? '' : `${strong(onOneLine(group))}\n`
    return title + own.map((job) => `${indent}${columnsOf(job, width)}\n`).join('')
  })
  return blocks.join('\n')
}

function columnsOf({ name, description }: ListedJob, width: number): string {
  return description === undefined ? name : `${name.padEnd(width)}  ${onOneLine(description)}`
}
