import { systemCode } from '#base/system-error.ts'
/** The code of a system error. The message is left alone: it may hold arguments and values of the environment. */
export function errorCode(error: unknown): string {
  const code = systemCode(error)
  return typeof code === 'string' ? code : 'unknown error'
}
