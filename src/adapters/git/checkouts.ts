import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Checkouts } from '#app/checkouts-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import type { WholeTree } from '#domain/run/tree-fold.ts'
import { isInRepository } from './in-repository.ts'
import { makeRepository } from './make-repository.ts'
import { putEntries } from './put-entries.ts'

interface CheckoutParts {
  readonly environment: Readonly<Record<string, string>>
  /** Where the content of that digest is kept. */
  readonly artifact: (digest: string) => string
}

/** Checkouts of recorded trees. */
export function checkouts({ environment, artifact }: CheckoutParts): Checkouts {
  return {
    isInRepository,
    refusal,
    discard: (directory) => rmSync(directory, { recursive: true, force: true }),
    make: async (directory, tree, signal) => {
      const refused = refusal(directory, tree)
      if (refused !== undefined) return err(refused)
      const wasThere = existsSync(directory)
      const made = await make(directory, async (root) => {
        const repository = await makeRepository({ root, tree, environment, signal })
        return repository.ok ? await putEntries({ root, entries: tree.entries, artifact, signal }) : repository
      })
      if (made.ok) return made
      rmSync(directory, { recursive: true, force: true })
      if (wasThere) mkdirSync(directory)
      return err({ code: 'checkout_failed', directory, reason: made.error })
    },
  }
}

async function make(
  directory: string,
  fill: (root: string) => Promise<Result<void, string>>,
): Promise<Result<string, string>> {
  try {
    mkdirSync(directory, { recursive: true })
    const root = realpathSync(directory)
    const filled = await fill(root)
    return filled.ok ? ok(root) : filled
  } catch (error) {
    return err(reasonOf(error))
  }
}

function refusal(directory: string, { root }: WholeTree): Failure | undefined {
  if (isWithin(root, realPath(directory))) return { code: 'workspace_taken', directory, reason: 'inside' }
  const stat = statSync(directory, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (!stat.isDirectory()) return { code: 'workspace_taken', directory, reason: 'not_a_directory' }
  const isEmpty = readdirSync(directory).length === 0
  return isEmpty ? undefined : { code: 'workspace_taken', directory, reason: 'not_empty' }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}

/** Of what is not there yet, that of the directory above. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPath(above), basename(path))
  }
}
