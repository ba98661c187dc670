// macOS' format of programs, as far as a signature must know it.
import { PackagingError } from './fail.ts'

interface Commands {
  /** Where the load command of the signature stands. */
  readonly signature: number
  /** Where that of the segment stands which holds the signature; it is the last of the file. */
  readonly linkEdit: number
  /** How much of the file is program text. */
  readonly textSize: number
}

const MAGIC_64 = 0xfeedfacf
const HEADER_SIZE = 32
const LC_SEGMENT_64 = 0x19
const LC_CODE_SIGNATURE = 0x1d
const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
/** Segments end at the larger pages of arm64, as Apple's own linker lets them. */
const SEGMENT_PAGE = 0x4000

const SUPER_BLOB = 0xfade0cc0
const CODE_DIRECTORY = 0xfade0c02
const SUPER_BLOB_SIZE = 20
const DIRECTORY_SIZE = 88
const DIRECTORY_VERSION = 0x20400
/** No certificate, and made by a linker: `codesign` may put a developer's in its place. */
const ADHOC_BY_LINKER = 0x20002
const SHA256 = { type: 2, size: 32 } as const
const MAIN_BINARY = 1n

/**
 * Gives a program a signature without a certificate that fits its bytes, in place of one that does not. Bun does so for
 * arm64, where nothing starts without; for amd64 it leaves its own signature, which our code inside has broken.
 */
export function signMachO(program: Buffer, identifier: string): Buffer {
  const { signature, linkEdit, textSize } = readCommands(program)
  const limit = program.readUInt32LE(signature + 8)
  if (limit + program.readUInt32LE(signature + 12) !== program.length) {
    throw new PackagingError('the signature of the runtime for macOS does not stand at its end')
  }
  const pages = Math.ceil(limit / PAGE)
  const directorySize = DIRECTORY_SIZE + identifier.length + 1 + pages * SHA256.size
  const size = Math.ceil((SUPER_BLOB_SIZE + directorySize) / 16) * 16
  const code = Buffer.from(program.subarray(0, limit))
  const linkEditSize = limit + size - Number(code.readBigUInt64LE(linkEdit + 40))
  code.writeUInt32LE(size, signature + 12)
  code.writeBigUInt64LE(BigInt(linkEditSize), linkEdit + 48)
  code.writeBigUInt64LE(BigInt(Math.ceil(linkEditSize / SEGMENT_PAGE) * SEGMENT_PAGE), linkEdit + 32)
  const blob = Buffer.alloc(size)
  writeNumbers(blob, 0, [SUPER_BLOB, SUPER_BLOB_SIZE + directorySize, 1, 0, SUPER_BLOB_SIZE])
  writeDirectory(blob.subarray(SUPER_BLOB_SIZE, SUPER_BLOB_SIZE + directorySize), { code, identifier, textSize })
  return Buffer.concat([code, blob])
}

function readCommands(program: Buffer): Commands {
  if (program.readUInt32LE(0) !== MAGIC_64) throw new PackagingError('the runtime for macOS is no 64-bit Mach-O file')
  const found: Partial<Record<keyof Commands, number>> = {}
  let at = HEADER_SIZE
  for (let left = program.readUInt32LE(16); left > 0; left--) {
    const command = program.readUInt32LE(at)
    const segment = command === LC_SEGMENT_64 ? program.toString('latin1', at + 8, at + 24).replace(/\0+$/, '') : ''
    if (command === LC_CODE_SIGNATURE) found.signature = at
    if (segment === '__LINKEDIT') found.linkEdit = at
    if (segment === '__TEXT') found.textSize = Number(program.readBigUInt64LE(at + 48))
    at += program.readUInt32LE(at + 4)
  }
  const { signature, linkEdit, textSize } = found
  if (signature === undefined || linkEdit === undefined || textSize === undefined) {
    throw new PackagingError('the runtime for macOS is laid out in a way that signMachO does not know')
  }
  return { signature, linkEdit, textSize }
}

interface Signed {
  readonly code: Buffer
  readonly identifier: string
  readonly textSize: number
}

function writeDirectory(directory: Buffer, { code, identifier, textSize }: Signed): void {
  const hashes = DIRECTORY_SIZE + identifier.length + 1
  const pages = Math.ceil(code.length / PAGE)
  const fields = [CODE_DIRECTORY, directory.length, DIRECTORY_VERSION, ADHOC_BY_LINKER]
  writeNumbers(directory, 0, [...fields, hashes, DIRECTORY_SIZE, 0, pages, code.length])
  directory.set([SHA256.size, SHA256.type, 0, PAGE_BITS], 36)
  directory.writeBigUInt64BE(BigInt(textSize), 72)
  directory.writeBigUInt64BE(MAIN_BINARY, 80)
  directory.write(identifier, DIRECTORY_SIZE, 'latin1')
  for (let page = 0; page < pages; page++) {
    const bytes = code.subarray(page * PAGE, (page + 1) * PAGE)
    directory.set(new Bun.CryptoHasher('sha256').update(bytes).digest(), hashes + page * SHA256.size)
  }
}

function writeNumbers(target: Buffer, at: number, numbers: readonly number[]): void {
  for (const [index, value] of numbers.entries()) target.writeUInt32BE(value, at + index * 4)
}
