declare const digestBrand: unique symbol

/** A SHA-256 digest, 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly [digestBrand]: 'sha256' }

/** SHA-256 of the UTF-8 text or the bytes. Bun's own hasher: importing node:crypto costs 2 ms at every start. */
export function sha256(data: string | Uint8Array): Digest {
  return Bun.CryptoHasher.hash('sha256', data, 'hex') as Digest
}

/** The salted commitment to a text: it proves the text to whoever has it, and betrays nothing once the salt is erased. */
export function saltedDigest(saltHex: string, text: string): Digest {
  return sha256(saltHex + text)
}
