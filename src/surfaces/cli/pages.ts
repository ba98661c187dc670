import type { MakePage } from './page.ts'

/** The commands that tell about the command line itself, each loaded with its command. */
export const pages: Readonly<Record<string, () => Promise<MakePage>>> = {
  completions: async () => (await import('./pages/completions.ts')).completions,
  complete: async () => (await import('./pages/complete.ts')).complete,
  man: async () => (await import('./pages/man.ts')).man,
}
