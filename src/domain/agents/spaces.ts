import * as z from 'zod/mini'

/**
 * Where agents work. The workspace is what they change, references are what they only look at, and the domain is what
 * the work is about: often the workspace itself, or a directory around it.
 */
export const Scope = z.enum(['workspace', 'reference', 'domain'])
export type Scope = z.infer<typeof Scope>

/** What agents of a run may touch, as the run pins it. Directories are absolute. */
export type Spaces = {
  readonly workspace: string
  readonly references: readonly string[]
  readonly domain: string
  readonly read_scope: readonly Scope[]
  readonly write_scope: readonly Scope[]
  /** Patterns, relative to the workspace, of what would be refused for its name and is allowed nevertheless. */
  readonly allow: readonly string[]
}

export type Access = 'read' | 'write'

/**
 * Whether a path in these spaces may be used so. What lies in a reference is written only where references may be
 * written, whatever other space it lies in, too.
 */
export function mayUse(scopes: readonly Scope[], access: Access, spaces: Spaces): boolean {
  if (access === 'read') return scopes.some((scope) => spaces.read_scope.includes(scope))
  const isReference = scopes.includes('reference')
  if (isReference && !spaces.write_scope.includes('reference')) return false
  return scopes.some((scope) => spaces.write_scope.includes(scope))
}

/** The directories of spaces with the scope that each gives; the same directory may give several. */
export function rootsOf({ workspace, domain, references }: Spaces): readonly (readonly [Scope, string])[] {
  return [['workspace', workspace], ['domain', domain], ...references.map((each) => ['reference', each] as const)]
}
