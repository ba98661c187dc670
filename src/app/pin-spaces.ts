import type { OrchestrationInput } from '#workflows/orchestration/input.ts'

/** Where directories really lie, links followed; what is not there yet, by what is there of it. */
export type RealPath = (path: string) => string

/** A run keeps to the directories that were meant when it was asked for, whatever links are made or moved after that. */
export function pinSpaces(tools: OrchestrationInput['tools'], realPath: RealPath): Pick<OrchestrationInput, 'tools'> {
  if (tools === undefined) return {}
  const { workspace, references, domain } = tools.spaces
  const places = { workspace: realPath(workspace), references: references.map(realPath), domain: realPath(domain) }
  return { tools: { ...tools, spaces: { ...tools.spaces, ...places } } }
}
