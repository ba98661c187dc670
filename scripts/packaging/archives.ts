import { readFileSync } from 'node:fs'
import { gzip } from './compress.ts'
import { documents } from './documents.ts'
import { type PackedFile, tar } from './tar.ts'
import type { Target } from './targets.ts'
import { buildSeconds, version } from './version.ts'
import { zip } from './zip.ts'

/** The archive of a target: one folder named after it, with the binary and the documents. */
export function archive(target: Target, binary: string): { readonly name: string; readonly bytes: Uint8Array } {
  const top = `orchastration-${version}-${target.name}`
  const program: PackedFile = { path: target.program, bytes: readFileSync(binary), executable: true }
  const files = [program, ...documents()].map((file) => ({ ...file, path: `${top}/${file.path}` }))
  return target.os === 'windows'
    ? { name: `${top}.zip`, bytes: zip(files, buildSeconds()) }
    : { name: `${top}.tar.gz`, bytes: gzip(tar(files, buildSeconds())) }
}
