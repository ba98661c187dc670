/** The agents that every configuration has, by their names in files and records. */
export const BUILT_IN_AGENTS = ['PlannerAgent', 'BuilderAgent', 'ReviewerAgent', 'DocAgent'] as const
