import type { Failure } from '#domain/failure.ts'

/** The failure behind an error of the file system at the store; undefined where it is none of the world's doing. */
export function failureOfFile(path: string, error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const reason = error.message
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'store_full', path, reason }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return { code: 'store_read_only', path, reason }
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOENT':
    case 'ENAMETOOLONG':
      return { code: 'store_io', path, reason }
    default:
      return undefined
  }
}
