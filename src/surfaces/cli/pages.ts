import type { MakePage } from './page.ts'

/** The commands that tell about the command line itself, each loaded with its command. */
export const pages = {
  completions: async () => (await import('./pages/completions.ts')).completions,
  complete: async () => (await import('./pages/complete.ts')).complete,
  schema: async () => (await import('./pages/schema.ts')).schema,
  man: async () => (await import('./pages/man.ts')).man,
} as const satisfies Readonly<Record<string, () => Promise<MakePage>>>
