import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'

/**
 * The name of the user that the operating system runs this process for. The runtime takes it from the environment,
 * where anybody may write anything, so the system's own list is asked first.
 */
export function osUser(): string {
  const uid = process.getuid?.()
  return (uid === undefined ? undefined : listedName(uid)) ?? reportedName() ?? `uid-${uid ?? 'unknown'}`
}

/** A container may run under a user id that no one has named; macOS lists its users elsewhere. */
function listedName(uid: number): string | undefined {
  try {
    const users = readFileSync('/etc/passwd', 'utf8').split('\n')
    return users.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0]
  } catch {
    return undefined
  }
}

function reportedName(): string | undefined {
  try {
    const { username } = userInfo()
    return username === 'unknown' ? undefined : username
  } catch {
    return undefined
  }
}
