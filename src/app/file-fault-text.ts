import { reasonText } from './failure-texts/text.ts'

/** What is wrong with a file that a job names, to stand behind its name. */
export function fileFaultText(reason: string): string {
  if (reason.startsWith('no pattern: ')) return `is ${reason}`
  return FAULTS.get(reason) ?? `cannot be read: ${reasonText(reason)}`
}

const FAULTS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'is not there'],
  ['no_match', 'matches nothing'],
  ['link', 'is a link to a directory or to nothing, and was not kept'],
  ['special', 'is neither a file nor a directory'],
  ['changing', 'changes while it is read'],
  ['outside', "lies outside of the job's directory"],
  ['too_many', 'is one of more than 10,000 files'],
  ['secret', 'holds a secret of the job, which no store may'],
  ['too_many_bytes', 'makes it more than 1 GiB'],
  ['aborted', 'was left, since the run was to end'],
])
