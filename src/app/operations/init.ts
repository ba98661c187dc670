import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { lookAround } from '../init/look-around.ts'
import { startingConfig } from '../init/starting-config.ts'
import type { Operation } from '../operation.ts'
import type { Projects } from '../project-port.ts'

const Input = z.object({
  directory: z.optional(z.string()),
  force: z.optional(z.boolean()),
  print: z.optional(z.boolean()),
})

/** What the project's file is called, wherever it stands. */
const FILE = 'orchastration.toml'

export interface Initiated {
  readonly path: string
  readonly text: string
  readonly jobs: readonly string[]
  readonly tasks: readonly string[]
  /** The files that the jobs were read from. */
  readonly from: readonly string[]
  readonly written: boolean
}

/** Writes a configuration that works, with a job for all that the directory offers already. */
export const init: Operation<z.infer<typeof Input>, Initiated> = {
  name: 'init',
  effect: 'write',
  callers: ['person'],
  input: Input,
  run: async ({ directory = '.', force = false, print = false }, { services }) => {
    const folder = resolve(services.currentDirectory, directory)
    const path = resolve(folder, FILE)
    if (!print && !force && services.documents.names(folder).includes(FILE)) return err({ code: 'file_exists', path })
    const offers = await lookAround(services.documents, folder)
    const { text, jobs, tasks } = startingConfig(offers)
    const initiated = { path, text, jobs, tasks, from: offers.map(({ file }) => file), written: !print }
    if (print) return ok(initiated)
    const written = await services.documents.writeText(path, text)
    if (!written.ok) return written
    const trusted = await trustOwn(services.projects, folder)
    return trusted.ok ? ok(initiated) : trusted
  },
}

/** Whoever has the file written means what stands in it, and need not be asked again. */
async function trustOwn(projects: Projects, folder: string): Promise<Result<void, Failure>> {
  const found = projects.find(folder)
  if (!found.ok) return found
  if (found.value === undefined) return ok()
  const review = await projects.review(found.value)
  return review.ok ? projects.trust(review.value) : review
}
