import { err, ok } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { type DocumentSpec, documents } from '../documents.ts'
import type { MakePage } from '../page.ts'

/** `schema`: the JSON Schema of a document, or which documents there are. */
export const schema: MakePage = async ({ command }) => {
  const name = command.arguments['document']
  const known = new Map<string, DocumentSpec>(Object.entries(documents))
  if (typeof name !== 'string') return ok(listed([...known]))
  const spec = known.get(name)
  if (spec === undefined) return err(unknownDocument(name, [...known.keys()]))
  const { jsonSchemaOf } = await import('../json-schema.ts')
  const found = jsonSchemaOf(name, await spec.load())
  return ok({ text: `${JSON.stringify(found, null, 2)}\n`, document: { json_schema: found } })
}

function listed(entries: readonly (readonly [name: string, spec: DocumentSpec])[]) {
  const rows = entries.map(([name, { commands, lines = false }]) => ({ name, lines, commands }))
  return { text: rows.map(({ name }) => `${name}\n`).join(''), document: { documents: rows } }
}

function unknownDocument(word: string, known: readonly string[]): Failure {
  const suggestion = nearest(word.slice(0, 100), known)
  const expected = `one of ${known.join(', ')}`
  const usage = { code: 'usage', problem: 'bad_value', word, command: 'schema', expected } as const
  return suggestion === undefined ? usage : { ...usage, nearest: suggestion }
}
