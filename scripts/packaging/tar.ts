/** A file of a package; the folders it needs are made from the paths. */
export interface PackedFile {
  readonly path: string
  readonly bytes: Uint8Array
  readonly executable?: boolean
}

const BLOCK = 512
const NAME_SIZE = 100

/** A tar archive in the plain old format (ustar): sorted, owned by root, every entry with the same time. */
export function tar(files: readonly PackedFile[], seconds: number): Uint8Array {
  const folders = foldersOf(files).map((path) => header({ path: `${path}/`, size: 0, mode: 0o755, type: '5', seconds }))
  const blocks = files
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .flatMap(({ path, bytes, executable }) => [
      header({ path, size: bytes.length, mode: executable === true ? 0o755 : 0o644, type: '0', seconds }),
      bytes,
      new Uint8Array(-bytes.length & (BLOCK - 1)),
    ])
  return Buffer.concat([...folders, ...blocks, new Uint8Array(2 * BLOCK)])
}

/** All folders above the files, each before what is in it. */
export function foldersOf(files: readonly { readonly path: string }[]): readonly string[] {
  const folders = new Set<string>()
  for (const { path } of files) {
    const parts = path.split('/').slice(0, -1)
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'))
  }
  return [...folders].toSorted()
}

interface Header {
  readonly path: string
  readonly size: number
  readonly mode: number
  readonly type: '0' | '5'
  readonly seconds: number
}

function header({ path, size, mode, type, seconds }: Header): Buffer {
  if (Buffer.byteLength(path) > NAME_SIZE) throw new Error(`${path} is too long a name for this tar`)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
  block.write(path, 0)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(seconds, 136, 12)
  block.write(type, 156)
  block.write('ustar\x0000', 257, 'latin1')
  block.write('root', 265)
  block.write('root', 297)
  // The checksum is taken over the block with blanks in its own place.
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** One file of a tar archive, as the package registry packs them. */
export function untarOne(archive: Buffer, path: string): Buffer | undefined {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const name = cString(archive.subarray(at, at + NAME_SIZE))
    const size = Number.parseInt(cString(archive.subarray(at + 124, at + 136)), 8)
    if (name === '' || Number.isNaN(size)) return undefined
    if (name === path) return archive.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return undefined
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end).trim()
}
