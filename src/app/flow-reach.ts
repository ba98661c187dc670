import { isAbsolute, relative, sep } from 'node:path'
import { onOneLine } from '#base/text.ts'
import type { Spaces } from '#domain/agents/spaces.ts'
import type { Failure } from '#domain/failure.ts'

/** Where somebody stands, and what was named by hand; real paths, as those of the spaces. */
interface Standing {
  readonly flow: string
  readonly currentDirectory: string
  readonly named: string | undefined
}

/**
 * Why a flow is not run: such files come with a repository that nobody may have looked at, and would have its agents write
 * beyond the directory that somebody stands in.
 */
export function tooFar({ workspace, domain, write_scope }: Spaces, standing: Standing): Failure | undefined {
  const { flow, currentDirectory: current, named } = standing
  const written = [
    ...(write_scope.includes('workspace') ? [workspace] : []),
    ...(write_scope.includes('domain') ? [domain] : []),
  ]
  const directory = written.find((each) => isOutside(each, current) && (named === undefined || isOutside(each, named)))
  return directory === undefined ? undefined : { code: 'flow_beyond', flow, directory, current }
}

/**
 * What a flow's files open to its agents beyond the directory that somebody stands in. Such files come with a repository;
 * nobody should run one without a word on how far it reaches.
 */
export function reachOf(
  { workspace, domain, references, read_scope, write_scope }: Spaces,
  { currentDirectory, named }: Standing,
): readonly string[] {
  const spaces = [
    ...(named === undefined ? [['workspace', workspace] as const] : []),
    ['domain', domain] as const,
    ...references.map((each) => ['reference', each] as const),
  ]
  return spaces.flatMap(([scope, directory]) => {
    const isBeyond = isOutside(directory, currentDirectory)
    const isWritten = write_scope.includes(scope)
    if (isWritten && (isBeyond || scope !== 'workspace')) return [`its agents may write in ${onOneLine(directory)}`]
    return isBeyond && read_scope.includes(scope) ? [`its agents may read in ${onOneLine(directory)}`] : []
  })
}

function isOutside(directory: string, of: string): boolean {
  const way = relative(of, directory)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}
