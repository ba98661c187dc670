import { describeFailure } from '#app/failure-text.ts'
import type { CheckedFile, HashedFile } from '#app/hash-report.ts'
import type { Progress } from '#app/progress.ts'
import { rawBytes, wellFormed } from '#base/raw-text.ts'
import { printable } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { algorithmOf } from '#domain/hashing/algorithm.ts'
import { escapeName, printEntry } from '#domain/hashing/manifest-line.ts'
import type { MountContext } from './mount.ts'

type Hashed = Extract<Progress, { readonly kind: 'hashed' }>

/** The ancestor's lines, or those of a manifest, whose names may hold any bytes. */
export function hashLines({ files, algorithm }: Hashed, { options }: MountContext): Uint8Array {
  if (options['manifest'] === undefined)
    return Buffer.from(files.map((file) => `${hashLine(file, algorithm)}\n`).join(''))
  const known = algorithmOf(algorithm)
  if (options['manifest'] !== '-' || known === undefined) return Buffer.alloc(0)
  const tagged = options['tag'] === true
  return rawBytes(files.map(({ name, hash }) => `${printEntry({ name, algorithm: known, hash }, tagged)}\n`).join(''))
}

/** These three keys in this order, and no other. */
function hashLine({ path, hash }: HashedFile, algorithm: string): string {
  return JSON.stringify({ file: wellFormed(path), algorithm, hash })
}

/** As `sha256sum --check` has them, with what happened where a file could not be read. */
export function checkLine({ name, found }: CheckedFile): string {
  const shown = printable(escapeName(name))
  const line = `${shown === name ? '' : '\\'}${shown}`
  if (found.state === 'failed') return `${line}: FAILED (${faultWord(found.failure)})`
  return found.state === 'ok' ? `${line}: OK` : `${line}: FAILED`
}

function faultWord({ code }: Failure): string {
  switch (code) {
    case 'file_missing':
      return 'missing'
    case 'link_broken':
      return 'broken link'
    case 'link_loop':
      return 'links in a circle'
    case 'file_special':
      return 'not a regular file'
    case 'file_changed':
      return 'changed while it was read'
    default:
      return 'unreadable'
  }
}

/** What is wrong with a file, on one line. */
export function faultLine(failure: Failure, home: string | undefined): string {
  const { headline, detail } = describeFailure(failure, home)
  return detail.length === 0 ? headline : `${headline} (${detail.join('; ')})`
}
