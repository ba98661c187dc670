import type { AST } from 'toml-eslint-parser'
import { parseTOML } from 'toml-eslint-parser'
import type { Path } from './config-finding.ts'

/** Lines count from 1, columns from 0. */
export type Span = AST.SourceLocation

/** Where the keys, values and table headers of a file stand. */
export interface Places {
  key(path: Path): Span | undefined
  value(path: Path): Span | undefined
  header(path: Path): Span | undefined
}

/**
 * No key of a configuration has so many parts, and no mistake is told deeper down. To remember each beginning of longer
 * ones would take time and memory with the square of their length.
 */
const MOST_PARTS = 16

/** Reads the places out of a text that is valid TOML. Throws where the parser disagrees about that. */
export function placesOf(text: string): Places {
  const keys = new Map<string, Span>()
  const values = new Map<string, Span>()
  const headers = new Map<string, Span>()
  for (const node of parseTOML(text, { tomlVersion: 'latest' }).body[0].body) {
    if (node.type === 'TOMLTable') addTable(node)
    else addKeyValue(node, [])
  }
  return {
    key: (path) => keys.get(JSON.stringify(path)),
    value: (path) => values.get(JSON.stringify(path)),
    header: (path) => headers.get(JSON.stringify(path)),
  }

  function addTable(table: AST.TOMLTable): void {
    addKeys(table.key, table.resolvedKey)
    if (table.resolvedKey.length > MOST_PARTS) return
    headers.set(JSON.stringify(table.resolvedKey), table.key.loc)
    for (const body of table.body) addKeyValue(body, table.resolvedKey)
  }

  function addKeyValue({ key, value }: AST.TOMLKeyValue, table: Path): void {
    const path = [...table, ...key.keys.map(nameOf)]
    addKeys(key, path)
    if (path.length <= MOST_PARTS) addValue(value, path)
  }

  /** The parts of a dotted key end the path; numbers in between stand for the latest table of an array. */
  function addKeys({ keys: parts }: AST.TOMLKey, path: Path): void {
    let end = path.length
    for (const part of parts.toReversed()) {
      while (end > 0 && typeof path[end - 1] === 'number') end--
      const key = end > MOST_PARTS ? undefined : JSON.stringify(path.slice(0, end))
      if (key !== undefined && !keys.has(key)) keys.set(key, part.loc)
      end--
    }
  }

  function addValue(value: AST.TOMLContentNode, path: Path): void {
    values.set(JSON.stringify(path), value.loc)
    if (value.type === 'TOMLArray')
      for (const [index, element] of value.elements.entries()) addValue(element, [...path, index])
    if (value.type === 'TOMLInlineTable') for (const member of value.body) addKeyValue(member, path)
  }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value
}
