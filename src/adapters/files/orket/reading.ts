import type * as z from 'zod/mini'
import type { FileProblems } from '#domain/definition/config-problem.ts'
import { type Finding, keyText, valueAt } from '../config-finding.ts'
import { valueText } from '../config-phrases.ts'
import { isMistyped } from '../is-mistyped.ts'
import { type FileKind, type FilePlace, findReference, namesOf } from './find-reference.ts'
import { fileBytes, type JsonFile, readJsonFile } from './json-file.ts'
import { jsonFindings } from './json-findings.ts'

type Path = Finding['path']

interface Wanted {
  readonly kind: FileKind
  /** Where it is looked for first. */
  readonly department?: string | undefined
}

interface Opened {
  readonly file: JsonFile
  /** By what makes them the same. */
  readonly findings: Map<string, Finding>
}

/** One reading of files that name each other: each is read once, and all that is wrong with any of them is kept. */
export class Reading {
  readonly #currentDirectory: string
  readonly #opened = new Map<string, Opened>()
  readonly #unread: FileProblems[] = []

  constructor(currentDirectory: string) {
    this.#currentDirectory = currentDirectory
  }

  /** All files that were read. */
  get files(): readonly JsonFile[] {
    return [...this.#opened.values()].map(({ file }) => file)
  }

  /** All that was found wrong, by file. */
  get problems(): readonly FileProblems[] {
    const found = [...this.#opened.values()].filter(({ findings }) => findings.size > 0)
    return [
      ...this.#unread,
      ...found.map(({ file, findings }) => {
        const all = [...findings.values()]
        return file.problems(all.filter((each) => !isMistyped(each, all)))
      }),
    ]
  }

  /** The file at a place; undefined where it is no JSON. Gives the reason where it cannot be read at all. */
  open(place: FilePlace): JsonFile | { readonly unreadable: string } | undefined {
    const known = this.#opened.get(place.path)
    if (known !== undefined) return known.file
    if (this.#unread.some(({ path }) => path === place.path)) return undefined
    const bytes = fileBytes(place)
    if (!bytes.ok) return { unreadable: bytes.error }
    const read = readJsonFile(place, bytes.value)
    if (!read.ok) {
      this.#unread.push(read.error)
      return undefined
    }
    this.#opened.set(place.path, { file: read.value, findings: new Map() })
    return read.value
  }

  /** The file that another one names there, if it names one at all. That there is none is told at the name. */
  follow(file: JsonFile, path: Path, wanted: FileKind | Wanted): JsonFile | undefined {
    const { kind, department }: Wanted = typeof wanted === 'string' ? { kind: wanted } : wanted
    const reference = valueAt(file.value, path)
    if (typeof reference !== 'string' || reference === '') return undefined
    const search = { currentDirectory: this.#currentDirectory, from: file.place, department }
    const place = findReference(reference, kind, search)
    const opened = place && this.open(place)
    if (opened !== undefined && 'value' in opened) return opened
    const finding = { kind: 'bad_value', path, at: 'value', expected: EXPECTED[kind] } as const
    if (opened !== undefined) {
      const found = `${valueText(reference)}, which cannot be read (${opened.unreadable})`
      this.blame(file, [{ ...finding, found }])
    } else if (place === undefined) {
      const meant = { word: reference, candidates: namesOf(kind, search) }
      this.blame(file, [{ ...finding, found: `${valueText(reference)}, and there is none`, meant }])
    }
    return undefined
  }

  /** The value of a file as the schema has it. All that is wrong with it is kept. */
  checked<T>(file: JsonFile, schema: z.ZodMiniType<T>): T | undefined {
    const parsed = schema.safeParse(file.value)
    if (parsed.success) return parsed.data
    this.blame(
      file,
      parsed.error.issues.flatMap((issue) => jsonFindings(issue, { schema, value: file.value })),
    )
    return undefined
  }

  /** Keeps what is wrong with a file, each thing once. */
  blame(file: JsonFile, findings: readonly Finding[]): void {
    const opened = this.#opened.get(file.place.path)
    if (opened === undefined) return
    for (const finding of findings) {
      const same = `${finding.kind} ${finding.at} ${keyText(finding.path)}`
      if (!opened.findings.has(same)) opened.findings.set(same, finding)
    }
  }
}

const EXPECTED: Readonly<Record<FileKind, string>> = {
  flow: 'the name or path of a flow',
  epic: 'the name or path of an epic',
  band: 'the name or path of a band',
  role: 'a role of this file, or the name of one that has a file',
  score: 'the name or path of a score',
  venue: 'the name or path of a venue',
  file: 'the path of a file',
}
