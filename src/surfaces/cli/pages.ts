import type { MakePage } from './page.ts'

/** The commands that tell about the command line itself, each loaded with its command. */
export const pages = {
  completions: async () => (await import('./pages/completions.ts')).completions,
  complete: async () => (await import('./pages/complete.ts')).complete,
  schema: async () => (await import('./pages/schema.ts')).schema,
  'config schema': async () => (await import('./pages/config-schema.ts')).configSchema,
  'config example': async () => (await import('./pages/config-example.ts')).configExample,
  man: async () => (await import('./pages/man.ts')).man,
} as const satisfies Readonly<Record<string, () => Promise<MakePage>>>
