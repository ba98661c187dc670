const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A ULID in lower case: 10 digits of milliseconds since the epoch, 16 of randomness, in Crockford's base 32. Ids sort
 * by the time they were made. Time and randomness come from the caller.
 */
export function ulid(nowMs: number, random: () => number): string {
  let id = ''
  for (let rest = Math.max(0, Math.floor(nowMs)), digit = 0; digit < 10; digit++) {
    id = ALPHABET.charAt(rest % 32) + id
    rest = Math.floor(rest / 32)
  }
  for (let digit = 0; digit < 16; digit++) id += ALPHABET.charAt(Math.floor(random() * 32))
  return id
}

/** A version 4 UUID (RFC 9562) from the caller's randomness. */
export function uuid(random: () => number): string {
  const hex = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(Math.floor(random() * 4))}${hex(3)}-${hex(12)}`
}
