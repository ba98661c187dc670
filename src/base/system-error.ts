/** The code of a system error, such as ENOENT; undefined where it has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Why something of the system failed: its code, or what else is known. */
export function reasonOf(error: unknown): string {
  return systemCode(error) ?? String(error)
}
