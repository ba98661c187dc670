import * as z from 'zod/mini'
import { Reference } from './words.ts'

const Scope = z.array(z.enum(['workspace', 'reference', 'domain']))

/** Where agents may read and write. */
export const Permissions = z.strictObject({
  spaces: z.optional(
    z.strictObject({
      work_domain: z.optional(Reference),
      workspaces: z.optional(z.array(Reference)),
      reference_spaces: z.optional(z.array(Reference)),
    }),
  ),
  policy: z.optional(z.strictObject({ read_scope: z.optional(Scope), write_scope: z.optional(Scope) })),
})
export type Permissions = z.infer<typeof Permissions>

/** The first Orket's word for where agents may write. */
export const WritePolicy = z.strictObject({
  write_policy: z.enum(['workspace-only', 'workspace-first', 'domain-only', 'disabled']),
})
export type WritePolicy = z.infer<typeof WritePolicy>

const WRITE_SCOPES = {
  'workspace-only': ['workspace'],
  'workspace-first': ['workspace', 'domain'],
  'domain-only': ['domain'],
  disabled: [],
} as const

export function writeScopeOf({ write_policy }: WritePolicy): readonly ('workspace' | 'domain')[] {
  return WRITE_SCOPES[write_policy]
}
