import * as z from 'zod/mini'
import { ALGORITHMS } from '#domain/hashing/algorithm.ts'
import { about, document, exitCode, failure } from './shapes.ts'

const whole = z.int()
const file = about(z.string(), 'its absolute path')
const fileBytes = about(z.optional(z.string()), 'the bytes of its path in base64, where they are no UTF-8')
const digest = about(z.string(), 'hexadecimal, in lower case')
const words = about(z.string(), 'the same in words')

const hashed = z.object({
  file,
  file_base64: fileBytes,
  algorithm: about(z.string(), 'as it was written'),
  hash: digest,
  bytes: whole,
})

const listed = {
  file,
  file_base64: fileBytes,
  line: about(whole, 'the line of the manifest, from 1'),
  algorithm: z.enum(ALGORITHMS),
  expected: about(z.string(), 'what the manifest says'),
}

const checked = z.discriminatedUnion('state', [
  z.object({ ...listed, state: z.enum(['ok', 'differs']), hash: digest, bytes: whole }),
  z.object({ ...listed, state: z.literal('failed'), failure, text: words }),
])

/** `hash`, and `hash --check`, which has the fields from `checked` on. */
export const hash = document('hash', {
  exit: exitCode('the exit code of the command'),
  algorithm: about(z.optional(z.string()), 'as it was written'),
  files: about(z.optional(z.array(hashed)), 'what was hashed, in order'),
  failures: about(z.optional(z.array(z.object({ failure, text: words }))), 'what could not be hashed'),
  not_entered: about(z.optional(z.array(z.string())), 'links to directories within directories'),
  manifest: about(z.optional(z.string()), 'the manifest that was written or checked'),
  checked: about(z.optional(z.array(checked)), 'what the manifest names, in its order'),
  malformed: about(
    z.optional(z.array(z.object({ line: whole, text: z.string(), reason: z.string() }))),
    'lines of the manifest that were not understood',
  ),
  passed_over: about(z.optional(whole), 'files of the manifest that are not there, with --ignore-missing'),
  stopped: about(z.optional(z.string()), 'the signal that ended it early'),
})
