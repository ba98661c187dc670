import { isAbsolute, relative } from 'node:path'
import { onOneLine } from '#base/text.ts'
import type { FlowSpaces } from './orket-port.ts'

/**
 * What a flow's files open to its agents beyond the directory that somebody stands in. Such files come with a repository;
 * nobody should run one without a word on how far it reaches.
 */
export function reachOf(
  { workspace, domain, references, readScope, writeScope }: FlowSpaces,
  { currentDirectory, named }: { readonly currentDirectory: string; readonly named: string | undefined },
): readonly string[] {
  const spaces = [
    ...(named === undefined ? [['workspace', workspace] as const] : []),
    ['domain', domain] as const,
    ...references.map((each) => ['reference', each] as const),
  ]
  return spaces.flatMap(([scope, directory]) => {
    const isBeyond = isOutside(directory, currentDirectory)
    const isWritten = writeScope.includes(scope)
    if (isWritten && (isBeyond || scope !== 'workspace')) return [`its agents may write in ${onOneLine(directory)}`]
    return isBeyond && readScope.includes(scope) ? [`its agents may read in ${onOneLine(directory)}`] : []
  })
}

function isOutside(directory: string, of: string): boolean {
  const way = relative(of, directory)
  return way.startsWith('..') || isAbsolute(way)
}
