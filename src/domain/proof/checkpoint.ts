import { err, ok, type Result } from '#base/result.ts'

/**
 * A checkpoint says, signed: the store's log has `size` events and its last one has this hash, at this time. Its text
 * is a signed note (C2SP signed-note): the lines below, a blank line, and a signature line
 * `— <key name> <base64 of 4 bytes of key hash and the 64 bytes of an ed25519 signature over the text>`.
 */
export interface Checkpoint {
  readonly store: string
  readonly size: number
  readonly hash: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

const ORIGIN = 'orchastration'

/** The key's name in a signed note, part of its key hash. */
export const KEY_NAME = 'orchastration'

/** The text under the signature, its last line feed included. */
export function checkpointText(checkpoint: Checkpoint): string {
  const head = Buffer.from(checkpoint.hash, 'hex').toString('base64')
  return `${ORIGIN}/${checkpoint.store}\n${checkpoint.size}\n${head}\n${new Date(checkpoint.at).toISOString()}\n`
}

export interface SignedNote {
  readonly checkpoint: Checkpoint
  readonly text: string
  /** 8 hexadecimal digits, the key's fingerprint within the note. */
  readonly keyHash: string
  readonly signature: Uint8Array
}

/** The key of a signature, as a note names it. */
export interface NoteKey {
  readonly keyName: string
  readonly keyHash: string
}

export function formatNote(text: string, { keyName, keyHash }: NoteKey, signature: Uint8Array): string {
  const proof = Buffer.concat([Buffer.from(keyHash, 'hex'), signature]).toString('base64')
  return `${text}\n— ${keyName} ${proof}\n`
}

/** Reads a signed note; the error says what of it is not as it should be. The signature is not checked here. */
export function parseNote(note: string): Result<SignedNote, string> {
  const match =
    /^(orchastration\/([0-9a-z]{26})\n([1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n([0-9TZ:.-]{24})\n)\n— \S+ ([A-Za-z0-9+/]{91}=)\n$/.exec(
      note,
    )
  if (match === null) return err('it is not a signed note of a checkpoint')
  const [, text = '', store = '', size = '', hash = '', time = '', proof = ''] = match
  const bytes = Buffer.from(proof, 'base64')
  const at = Date.parse(time)
  if (bytes.length !== 68 || Number.isNaN(at)) return err('its signature or time is malformed')
  const checkpoint = { store, size: Number(size), hash: Buffer.from(hash, 'base64').toString('hex'), at }
  const keyHash = bytes.subarray(0, 4).toString('hex')
  const signature = bytes.subarray(4)
  // One statement has one spelling: base64 and numbers would allow more, and the key's name is not under the signature.
  const again = formatNote(checkpointText(checkpoint), { keyName: KEY_NAME, keyHash }, signature)
  return again === note
    ? ok({ checkpoint, text, keyHash, signature })
    : err('it is not written as this program writes it')
}
