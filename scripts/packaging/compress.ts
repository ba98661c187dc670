// libdeflate, level 9: 2 s for a binary, and 52.6 MB of 113. zlib's best takes 3.7 s for 52.9 MB, levels 10 to 12 take
// 6 to 10 s for 51.6 MB, and xz, 40 MB, takes 47 s and a program that not every platform has.
const HOW = { library: 'libdeflate', level: 9 } as const

/** A gzip file without name and time in its header. */
export function gzip(bytes: Uint8Array): Uint8Array {
  return Bun.gzipSync(new Uint8Array(bytes), HOW)
}

export function deflate(bytes: Uint8Array): Uint8Array {
  return Bun.deflateSync(new Uint8Array(bytes), HOW)
}
