/** A role that agents take: what it can do, and which keys of the shared context it reads and writes. */
export interface Role {
  /** As files, lists and records have it, such as `PlannerAgent`. */
  readonly name: string
  readonly capabilities: readonly string[]
  readonly reads: readonly string[]
  /** What comes back to it from later steps when its work is rejected; nobody is waited for because of these. */
  readonly feedback: readonly string[]
  readonly writes: readonly string[]
  /** What the role is told to do, where a model or a person takes it. */
  readonly instructions: string
}

/** The roles that are built in, in the order in which the built-in orchestration has them. */
export const BUILT_IN_ROLES: readonly Role[] = [
  {
    name: 'PlannerAgent',
    capabilities: ['turns a goal into tasks', 'writes the plan'],
    reads: ['goal', 'task.name'],
    feedback: [],
    writes: ['plan.goal', 'plan.tasks', 'plan.items'],
    instructions:
      'Turn the goal into the fewest tasks that reach it. Name for each what must be true when it is done, so that it can be checked.',
  },
  {
    name: 'BuilderAgent',
    capabilities: ['does the tasks of the plan', 'names what it made'],
    reads: ['plan.tasks', 'task.name'],
    feedback: ['review.findings'],
    writes: ['build.outputs'],
    instructions:
      'Do the tasks of the plan, one after the other. Where a review has found something, mend that first. Name every file that you made or changed.',
  },
  {
    name: 'ReviewerAgent',
    capabilities: ['checks what was built', 'says why it is or is not done'],
    reads: ['plan.tasks', 'plan.items', 'build.outputs'],
    feedback: [],
    writes: ['review.status', 'review.report', 'review.findings'],
    instructions:
      'Check what was built against the plan. Run the declared checks. Say what is missing or wrong, each with the file and line that show it.',
  },
  {
    name: 'DocAgent',
    capabilities: ['describes the tasks in their repository'],
    reads: ['plan.tasks', 'build.outputs', 'review.report'],
    feedback: [],
    writes: ['doc.paths'],
    instructions: 'Describe what was done where its readers look for it. Change documents only.',
  },
]

/** The role of that name, in full or without `Agent`, in any case of letters. */
export function builtInRole(name: string): Role | undefined {
  const short = name.toLowerCase().replace(/agent$/, '')
  return BUILT_IN_ROLES.find((role) => role.name.toLowerCase().replace(/agent$/, '') === short)
}
