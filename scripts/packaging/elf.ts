// Linux's format of programs, as far as a package must know it: what it needs, and taking off the symbol table.
// Ours rather than binutils': no tool to install, other processors too, and the same bytes on every machine.
import { PackagingError } from './fail.ts'

interface Section {
  readonly name: string
  readonly type: number
  readonly link: number
  readonly offset: number
  readonly size: number
  /** The entry of the section table itself. */
  readonly header: Buffer
}

interface Needs {
  /** Shared libraries that the program is linked with. */
  readonly libraries: readonly string[]
  /** The newest version of glibc's symbols among them, such as `2.17`. */
  readonly glibc: string
}

const HEADER_SIZE = 64
const SECTION_OFFSET = 0x28
const SECTION_COUNT = 0x3c
const NAMES_INDEX = 0x3e
const SYMBOL_TABLE = 2
const DT_NEEDED = 1n

/** A program without the symbol table that nothing needs at run time. It must not yet hold the product: see `binary.ts`. */
export function stripElf(bytes: Buffer): Buffer {
  const sections = readSections(bytes)
  const symbols = sections.findIndex(({ type }) => type === SYMBOL_TABLE)
  if (symbols === -1) return bytes
  const dropped = new Set([symbols, sections[symbols]?.link ?? symbols])
  const kept = sections.filter((_, index) => !dropped.has(index))
  const names = kept.at(-1)
  const first = Math.min(...[...dropped].map((index) => sections[index]?.offset ?? 0))
  // All that is dropped must lie behind all that is kept, or offsets and links would have to be rewritten.
  if (names?.name !== '.shstrtab' || kept.slice(0, -1).some((each) => end(each) > first)) {
    throw new PackagingError('the runtime is laid out in a way that stripElf does not know')
  }
  const tableOffset = align(first + names.size)
  const head = Buffer.from(bytes.subarray(0, first))
  head.writeBigUInt64LE(BigInt(tableOffset), SECTION_OFFSET)
  head.writeUInt16LE(kept.length, SECTION_COUNT)
  head.writeUInt16LE(kept.length - 1, NAMES_INDEX)
  names.header.writeBigUInt64LE(BigInt(first), 0x18)
  const padding = Buffer.alloc(tableOffset - first - names.size)
  return Buffer.concat([head, content(bytes, names), padding, ...kept.map(({ header }) => header)])
}

/** What a system must have for the program to start. */
export function needsOf(bytes: Buffer): Needs {
  const sections = readSections(bytes)
  const strings = content(bytes, named(sections, '.dynstr'))
  const dynamic = content(bytes, named(sections, '.dynamic'))
  const libraries: string[] = []
  for (let at = 0; at < dynamic.length; at += 16) {
    if (dynamic.readBigInt64LE(at) === DT_NEEDED) libraries.push(text(strings, Number(dynamic.readBigUInt64LE(at + 8))))
  }
  const versions = symbolVersions(content(bytes, named(sections, '.gnu.version_r')), strings)
  const glibc = versions.flatMap((each) => /^GLIBC_(\d+(?:\.\d+)*)$/.exec(each)?.[1] ?? [])
  return { libraries, glibc: glibc.toSorted(Bun.semver.order).at(-1) ?? '0' }
}

/** Names of the versions that the symbols of other libraries are asked for in. */
function symbolVersions(needs: Buffer, strings: Buffer): readonly string[] {
  const found: string[] = []
  for (let file = 0, moreFiles = true; moreFiles; ) {
    let entry = file + needs.readUInt32LE(file + 8)
    for (let left = needs.readUInt16LE(file + 2); left > 0; left--) {
      found.push(text(strings, needs.readUInt32LE(entry + 8)))
      entry += needs.readUInt32LE(entry + 12)
    }
    const next = needs.readUInt32LE(file + 12)
    moreFiles = next !== 0
    file += next
  }
  return found
}

function readSections(bytes: Buffer): readonly Section[] {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new PackagingError('the runtime for Linux is no 64-bit little-endian ELF file')
  }
  const table = Number(bytes.readBigUInt64LE(SECTION_OFFSET))
  const headers = Array.from({ length: bytes.readUInt16LE(SECTION_COUNT) }, (_, index) =>
    Buffer.from(bytes.subarray(table + index * HEADER_SIZE, table + (index + 1) * HEADER_SIZE)),
  )
  const raw = headers.map((header) => ({
    header,
    type: header.readUInt32LE(4),
    link: header.readUInt32LE(0x28),
    offset: Number(header.readBigUInt64LE(0x18)),
    size: Number(header.readBigUInt64LE(0x20)),
  }))
  const names = raw[bytes.readUInt16LE(NAMES_INDEX)]
  if (names === undefined) throw new PackagingError('the runtime for Linux has no table of section names')
  const strings = bytes.subarray(names.offset, names.offset + names.size)
  return raw.map((section) => ({ ...section, name: text(strings, section.header.readUInt32LE(0)) }))
}

function named(sections: readonly Section[], name: string): Section {
  const found = sections.find((each) => each.name === name)
  if (found === undefined) throw new PackagingError(`the program for Linux has no section ${name}`)
  return found
}

function content(bytes: Buffer, { offset, size }: Section): Buffer {
  return bytes.subarray(offset, offset + size)
}

/** Where a section's bytes end; one that only takes memory (NOBITS) has none. */
function end({ type, offset, size }: Section): number {
  return type === 8 ? offset : offset + size
}

function text(strings: Buffer, at: number): string {
  return strings.toString('latin1', at, strings.indexOf(0, at))
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8
}
