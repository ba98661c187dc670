import type { AnyTool } from './tool-name.ts'

/**
 * What a role hands in at the end of its turn. A plan and a verdict have forms of their own, which are checked. Of files
 * nobody needs to tell: what was written is known. A text becomes the value of one key; a context is an object with
 * values by their keys.
 */
export const OUTPUTS = ['plan', 'verdict', 'files', 'text', 'context'] as const
export type OutputKind = (typeof OUTPUTS)[number]

/** A role that agents take: what it can do, and which keys of the shared context it reads and writes. */
export interface Role {
  /** As files, lists and records have it, such as `PlannerAgent`. */
  readonly name: string
  readonly capabilities: readonly string[]
  readonly reads: readonly string[]
  /** What comes back to it from later steps when its work is rejected; nobody is waited for because of these. */
  readonly feedback: readonly string[]
  /** Files and texts are written to the first of them. */
  readonly writes: readonly string[]
  /** What it may ask for in its turn, where a model takes it. */
  readonly tools: readonly AnyTool[]
  readonly output: OutputKind
  /** What the role is told to do, where a model or a person takes it. */
  readonly instructions: string
  /** Counts the changes of the instructions; 0 for those of a user's own, which nobody counts. */
  readonly version: number
}

const LOOK: readonly AnyTool[] = ['read', 'list', 'search']
const MAKE: readonly AnyTool[] = [...LOOK, 'write', 'edit']
const PLANNED: readonly string[] = ['goal', 'task.name', 'plan.tasks', 'plan.items']

/** The roles that are built in; the first four are those of the built-in orchestration, in its order. */
export const BUILT_IN_ROLES: readonly Role[] = [
  {
    name: 'PlannerAgent',
    capabilities: ['turns a goal into tasks', 'writes the plan'],
    reads: ['goal', 'task.name', 'research.notes'],
    feedback: [],
    writes: ['plan.goal', 'plan.tasks', 'plan.items'],
    tools: [...LOOK, 'note', 'ask'],
    output: 'plan',
    instructions:
      'Turn the goal into the fewest tasks that reach it. Take the tasks that are configured where they fit. Name for each what must be true when it is done, so that it can be checked.',
    version: 2,
  },
  {
    name: 'BuilderAgent',
    capabilities: ['does the tasks of the plan', 'names what it made'],
    reads: [...PLANNED, 'design.notes'],
    feedback: ['review.findings'],
    writes: ['build.outputs'],
    tools: [...MAKE, 'run', 'note', 'ask'],
    output: 'files',
    instructions:
      'Do the tasks of the plan, one after the other. Where a review has found something, mend that first. Change nothing that the plan does not ask for. Say at the end what you did.',
    version: 2,
  },
  {
    name: 'ReviewerAgent',
    capabilities: ['checks what was built', 'says why it is or is not done'],
    reads: [...PLANNED, 'build.outputs'],
    feedback: [],
    writes: ['review.status', 'review.report', 'review.findings'],
    tools: [...LOOK, 'note', 'ask'],
    output: 'verdict',
    instructions:
      'Check what was built against the plan. Read what was changed; believe no summary of it. Say what is missing or wrong, each with the file, the line and the text that show it. Reject only what you can show.',
    version: 2,
  },
  {
    name: 'DocAgent',
    capabilities: ['describes the tasks in their repository'],
    reads: ['goal', 'plan.tasks', 'build.outputs', 'review.report'],
    feedback: [],
    writes: ['doc.paths'],
    tools: [...MAKE, 'note', 'ask'],
    output: 'files',
    instructions: 'Describe what was done where its readers look for it. Change documents only.',
    version: 1,
  },
  {
    name: 'ArchitectAgent',
    capabilities: ['decides how the work is to be done', 'writes it down for those who do it'],
    reads: [...PLANNED, 'research.notes'],
    feedback: [],
    writes: ['design.notes'],
    tools: [...LOOK, 'note', 'ask'],
    output: 'text',
    instructions:
      'Decide how the goal is to be reached in this repository: which files, which names, which order. Say what you decided against, and why. Write no code.',
    version: 1,
  },
  {
    name: 'CoderAgent',
    capabilities: ['writes code after a design', 'names what it made'],
    reads: [...PLANNED, 'design.notes', 'research.notes'],
    feedback: ['review.findings'],
    writes: ['build.outputs'],
    tools: [...MAKE, 'run', 'note', 'ask'],
    output: 'files',
    instructions:
      'Write the code that the design asks for, in the manner of the code around it, with its tests. Where a review has found something, mend that first.',
    version: 1,
  },
  {
    name: 'ResearcherAgent',
    capabilities: ['finds out what is there', 'says where it found it'],
    reads: ['goal', 'task.name'],
    feedback: [],
    writes: ['research.notes'],
    tools: [...LOOK, 'note', 'ask'],
    output: 'text',
    instructions:
      'Find out what those who plan and build need to know of this repository and its references. Say where each thing stands. Keep what you saw apart from what you suppose.',
    version: 1,
  },
]

/** The roles of the built-in orchestration, in its order. */
export const DEFAULT_ROLES: readonly string[] = BUILT_IN_ROLES.slice(0, 4).map(({ name }) => name)

/** The role of that name, in full or without `Agent`, in any case of letters. */
export function builtInRole(name: string): Role | undefined {
  return BUILT_IN_ROLES.find((role) => shortName(role.name) === shortName(name))
}

/** What all names of one role have in common: no `Agent` at the end, and no capital letters. */
export function shortName(name: string): string {
  return name.toLowerCase().replace(/agent$/, '')
}
