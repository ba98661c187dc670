import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { signMachO } from '../../scripts/packaging/mach-o.ts'

const LINK_EDIT = 32 + 72
const SIGNATURE = 32 + 2 * 72

/** A program of three load commands, with the remains of a signature at its end. */
function program(size: number): Buffer {
  const bytes = Buffer.alloc(size + 48, 7)
  bytes.fill(0, 0, SIGNATURE + 16)
  bytes.writeUInt32LE(0xfeedfacf, 0)
  bytes.writeUInt32LE(3, 16)
  segment(bytes, 32, { name: '__TEXT', from: 0, size: 8192 })
  segment(bytes, LINK_EDIT, { name: '__LINKEDIT', from: 8192, size: size + 48 - 8192 })
  bytes.writeUInt32LE(0x1d, SIGNATURE)
  bytes.writeUInt32LE(16, SIGNATURE + 4)
  bytes.writeUInt32LE(size, SIGNATURE + 8)
  bytes.writeUInt32LE(48, SIGNATURE + 12)
  return bytes
}

function segment(bytes: Buffer, at: number, { name, from, size }: { name: string; from: number; size: number }): void {
  bytes.writeUInt32LE(0x19, at)
  bytes.writeUInt32LE(72, at + 4)
  bytes.write(name, at + 8, 'latin1')
  bytes.writeBigUInt64LE(BigInt(from), at + 40)
  bytes.writeBigUInt64LE(BigInt(size), at + 48)
}

/** Reads a signature as macOS does: every page of the program has its SHA-256 in the directory. */
function brokenPages(bytes: Buffer): readonly number[] {
  const blob = bytes.subarray(bytes.readUInt32LE(SIGNATURE + 8))
  expect(blob.length).toBe(bytes.readUInt32LE(SIGNATURE + 12))
  expect(blob.readUInt32BE(0)).toBe(0xfade0cc0)
  const directory = blob.subarray(blob.readUInt32BE(16))
  const [hashes, pages, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at)) as [number, number, number]
  expect(limit).toBe(bytes.length - blob.length)
  return Array.from({ length: pages }, (_, page) => page).filter((page) => {
    const seen = createHash('sha256')
      .update(bytes.subarray(page * 4096, Math.min((page + 1) * 4096, limit)))
      .digest()
    return !seen.equals(directory.subarray(hashes + page * 32, hashes + (page + 1) * 32))
  })
}

test.each([12_288, 12_304, 20_480 - 16])(
  'a signature fits every page of a program of %i bytes, and it alone',
  (size) => {
    const signed = signMachO(program(size), 'name')
    expect(brokenPages(signed)).toEqual([])
    expect(Number(signed.readBigUInt64LE(LINK_EDIT + 40) + signed.readBigUInt64LE(LINK_EDIT + 48))).toBe(signed.length)
    signed[9000] = 8
    expect(brokenPages(signed)).toEqual([2])
  },
)

test('a program that was signed is signed to the same bytes again', () => {
  const signed = signMachO(program(12_288), 'name')
  expect(signMachO(signed, 'name').equals(signed)).toBe(true)
})

test('a file that is no such program, or ends in something else, is refused', () => {
  expect(() => signMachO(Buffer.alloc(64), 'name')).toThrow('no 64-bit Mach-O file')
  expect(() => signMachO(Buffer.concat([program(12_288), Buffer.from('more')]), 'name')).toThrow('at its end')
})
