import { crc32 } from 'node:zlib'
import { deflate } from './compress.ts'
import type { PackedFile } from './tar.ts'

// Version 2.0 of the format is enough for folders and deflate; "made by" 3 is Unix, so that modes are kept there.
const NEEDED = 20
const MADE_BY_UNIX = 0x0300 | NEEDED
const DEFLATED = 8
const FOUR_GIB = 0xffffffff
/** The first moment that the format can write. */
const YEAR_1980 = 315_532_800

/** A zip archive: sorted, every entry with the same time, which stands there in UTC whatever the machine's zone. */
export function zip(files: readonly PackedFile[], seconds: number): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const file of files.toSorted((left, right) => (left.path < right.path ? -1 : 1))) {
    const packed = deflate(file.bytes)
    const name = Buffer.from(file.path)
    const common = commonFields(file, packed, seconds)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed])
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), centralFields(file, common, offset), name]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  if (offset + central.length > FOUR_GIB) throw new Error('the files are too large for a plain zip')
  return Buffer.concat([...parts, central, endRecord({ count: directory.length, size: central.length, offset })])
}

/** What the two headers of an entry have in common, from the needed version to the length of the extra field. */
function commonFields({ path, bytes }: PackedFile, packed: Uint8Array, seconds: number): Buffer {
  const fields = Buffer.alloc(26)
  const { time, date } = dosTime(seconds)
  fields.writeUInt16LE(NEEDED, 0)
  fields.writeUInt16LE(DEFLATED, 4)
  fields.writeUInt16LE(time, 6)
  fields.writeUInt16LE(date, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(Buffer.byteLength(path), 22)
  return fields
}

function centralFields({ executable }: PackedFile, common: Buffer, offset: number): Buffer {
  const before = Buffer.alloc(2)
  before.writeUInt16LE(MADE_BY_UNIX)
  const after = Buffer.alloc(14)
  const mode = executable === true ? 0o100755 : 0o100644
  after.writeUInt32LE(mode * 0x10000, 6)
  after.writeUInt32LE(offset, 10)
  return Buffer.concat([before, common, after])
}

function endRecord({ count, size, offset }: Record<'count' | 'size' | 'offset', number>): Buffer {
  const record = Buffer.alloc(22)
  record.write('PK\x05\x06', 'latin1')
  record.writeUInt16LE(count, 8)
  record.writeUInt16LE(count, 10)
  record.writeUInt32LE(size, 12)
  record.writeUInt32LE(offset, 16)
  return record
}

function dosTime(seconds: number): { readonly time: number; readonly date: number } {
  const at = new Date(Math.max(seconds, YEAR_1980) * 1000)
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  }
}
