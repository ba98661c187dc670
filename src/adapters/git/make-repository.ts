import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { err, ok, type Result } from '#base/result.ts'
import type { WholeTree } from '#domain/run/tree-fold.ts'
import { readGit } from './read-git.ts'

export interface NewRepository {
  /** An empty directory. */
  readonly root: string
  readonly tree: WholeTree
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Settings by which git writes files of its commits, taken over from the repository; all others are the user's own. */
const FILE_SETTINGS = '^core\\.(autocrlf|eol|filemode|symlinks|ignorecase|precomposeunicode|longpaths|quotepath)$'

/**
 * Makes a repository that stands at the tree's commit, on a branch of the same name. It borrows the other one's objects
 * and nothing else of it: no hooks, no remotes, no worktree that the other one would have to know of.
 */
export async function makeRepository({
  root,
  tree,
  environment,
  signal,
}: NewRepository): Promise<Result<void, string>> {
  // Large files that are kept elsewhere are not fetched.
  const quiet = { ...environment, GIT_LFS_SKIP_SMUDGE: '1' }
  const there = async (...args: readonly string[]) => await readGit({ directory: tree.root, args, environment, signal })
  const here = async (...args: readonly string[]) =>
    await readGit({ directory: root, args, environment: quiet, signal })
  const places = await there('rev-parse', '--show-object-format', '--git-path', 'objects', '--git-path', 'shallow')
  if (!places.ok) return places
  const [format = 'sha1', objects = '', shallow = ''] = places.value.split('\n')
  const made = await here('init', '--quiet', '--template=', `--object-format=${format}`)
  if (!made.ok) return made
  const alternates = join(root, '.git/objects/info/alternates')
  mkdirSync(dirname(alternates), { recursive: true })
  writeFileSync(alternates, `${resolve(tree.root, objects)}\n`)
  const from = resolve(tree.root, shallow)
  if (existsSync(from)) copyFileSync(from, join(root, '.git/shallow'))
  const settings = await there('config', '--local', '--get-regexp', FILE_SETTINGS)
  for (const line of settings.ok ? settings.value.trim().split('\n') : []) {
    const [name, ...value] = line.split(' ')
    if (name !== undefined && name !== '') await here('config', name, value.join(' '))
  }
  return await checkOut(tree, here)
}

async function checkOut(
  { head, branch }: WholeTree,
  git: (...args: readonly string[]) => Promise<Result<string, string>>,
): Promise<Result<void, string>> {
  // Names out of a log that anyone may have written to.
  if (head !== null && !/^[0-9a-f]{40,64}$/.test(head)) return err('its commit is no name of one')
  const on = branch === null ? ok('') : await git('symbolic-ref', 'HEAD', `refs/heads/${branch}`)
  if (!on.ok) return on
  if (head === null) return ok()
  const steps = [
    branch === null ? ['update-ref', '--no-deref', 'HEAD', head] : ['update-ref', `refs/heads/${branch}`, head],
    ['reset', '--quiet', '--hard'],
  ]
  for (const step of steps) {
    const done = await git(...step)
    if (!done.ok) return done
  }
  return ok()
}
