import type { Documents } from '../documents-port.ts'
import { justRecipes } from './just-recipes.ts'
import { makeTargets } from './make-targets.ts'
import type { Offer, OfferedJob } from './offered-job.ts'
import { packageManager, packageScripts } from './package-scripts.ts'
import { taskEntries } from './task-entries.ts'

interface Source {
  /** Names that the file may have; the first that is there counts. */
  readonly files: readonly string[]
  readonly tool: string
  readonly read: (text: string) => readonly OfferedJob[]
}

/** What the files of a directory offer. They are read, never run: entering a directory runs nothing. */
export async function lookAround(documents: Documents, directory: string): Promise<readonly Offer[]> {
  const names = documents.files(directory)
  const manager = packageManager(names)
  const sources: readonly Source[] = [
    { files: ['package.json'], tool: manager, read: (text) => packageScripts(text, manager) },
    { files: ['justfile', 'Justfile', '.justfile'], tool: 'just', read: justRecipes },
    { files: ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml'], tool: 'task', read: taskEntries },
    { files: ['GNUmakefile', 'makefile', 'Makefile'], tool: 'make', read: makeTargets },
  ]
  const offers: Offer[] = []
  for (const { files, tool, read } of sources) {
    const file = files.find((name) => names.includes(name))
    const text = file === undefined ? undefined : await documents.readText(`${directory}/${file}`)
    const jobs = text?.ok === true ? read(text.value) : []
    if (file !== undefined && jobs.length > 0) offers.push({ file, tool, jobs })
  }
  return offers
}
