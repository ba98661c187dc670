import { hasRawBytes, rawBytes } from '#base/raw-text.ts'

/** A path as the system takes it: names that are not UTF-8 stand in our texts by their bytes. */
export function rawPath(path: string): string | Buffer {
  return hasRawBytes(path) ? Buffer.from(rawBytes(path)) : path
}
