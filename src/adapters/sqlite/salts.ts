const SALT_BYTES = 16
const POOL_BYTES = 4096

/** Random salts, 32 hexadecimal digits each. */
export interface Salts {
  next(): string
}

/** Salts from the system's randomness, fetched many at a time. */
export function salts(): Salts {
  const pool = Buffer.alloc(POOL_BYTES)
  let used = POOL_BYTES
  return {
    next: () => {
      if (used === POOL_BYTES) {
        crypto.getRandomValues(pool)
        used = 0
      }
      used += SALT_BYTES
      return pool.toString('hex', used - SALT_BYTES, used)
    },
  }
}
