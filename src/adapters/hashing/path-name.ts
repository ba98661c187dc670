import { hasRawBytes, rawBytes } from '#base/raw-text.ts'

/** A path as the file system takes it: a text, or its bytes where they are no UTF-8. */
export function pathName(path: string): string | Buffer {
  return hasRawBytes(path) ? Buffer.from(rawBytes(path)) : path
}
