import { fileFaultText } from '#app/file-fault-text.ts'
import type { JobArtifacts, RunArtifacts } from '#app/operations/run-artifacts.ts'
import { count, onOneLine } from '#base/text.ts'
import type { Io } from '../io.ts'
import { mount, printJson, snakeKeys } from '../mount.ts'

/** `runs artifacts`: a line a file, with its digest and size, or where they were written. */
export const runsArtifacts = mount<RunArtifacts>(({ io, json }) => ({
  answer: ({ run, jobs, output }) => {
    if (json) {
      printJson(io, 'runs artifacts', { run: run.id, jobs: jobs.map(snakeKeys), output })
      return 0
    }
    const files = jobs.reduce((sum, { artifacts }) => sum + artifacts.length, 0)
    if (output === null) for (const job of jobs) list(io, job)
    else io.note(`${count(files, 'file')} in ${onOneLine(output)}\n`)
    for (const job of jobs) note(io, job)
    if (files === 0) io.note('no artifacts are kept with this run\n')
    else if (output === null) io.note(`write them: orchastration runs artifacts ${run.id} --output DIR\n`)
    return 0
  },
}))

function list(io: Io, { job, artifacts }: JobArtifacts): void {
  const width = Math.max(0, ...artifacts.map(({ bytes }) => String(bytes).length))
  for (const { path, digest, bytes } of artifacts) {
    io.out(`${digest}  ${String(bytes).padStart(width)}  ${onOneLine(job)}  ${onOneLine(path)}\n`)
  }
}

function note(io: Io, { job, notes, keptIn }: JobArtifacts): void {
  for (const { path, reason } of notes) io.note(`${onOneLine(job)}: ${onOneLine(path)} ${fileFaultText(reason)}\n`)
  if (keptIn !== null) io.note(`${onOneLine(job)} was up to date: orchastration runs artifacts ${keptIn}\n`)
}
