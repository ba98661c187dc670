import { spawnSync } from 'node:child_process'
import manifest from '../../package.json' with { type: 'json' }
import { PackagingError } from './fail.ts'

export const version = manifest.version
export const description = manifest.description

/** The commit that is built; `-dirty` where the files differ from it, `unknown` outside a repository. */
export function buildCommit(): string {
  const head = git('rev-parse', 'HEAD')
  if (head === '') return 'unknown'
  return git('status', '--porcelain') === '' ? head : `${head}-dirty`
}

/** `SOURCE_DATE_EPOCH`, or the commit's time. Never the clock on the wall: the same sources give the same bytes. */
export function buildSeconds(): number {
  const given = process.env['SOURCE_DATE_EPOCH']
  if (given !== undefined && given !== '' && !/^\d{1,10}$/.test(given)) {
    throw new PackagingError(`SOURCE_DATE_EPOCH is "${given}"; whole seconds since 1970 are expected`)
  }
  return Number(given || git('log', '-1', '--format=%ct') || 0)
}

function git(...args: string[]): string {
  return spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? ''
}
