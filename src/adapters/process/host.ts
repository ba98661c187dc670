import type { Platform } from './platform.ts'

/** Where children live, and who we are there. */
export interface Host {
  readonly platform: Platform
  /** Our own pid: never ended, whatever mark it carries. */
  readonly ownPid: number
}

/** Loads what belongs to one operating system, and nothing of the others. */
export async function platformOf(name: NodeJS.Platform): Promise<Platform> {
  if (name === 'darwin') return (await import('./macos.ts')).macos
  if (name === 'win32') return (await import('./windows.ts')).windows
  return (await import('./linux.ts')).linux
}
