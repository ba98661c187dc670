/** The keys that a run may begin with. */
export const START_KEYS = ['goal', 'task.name'] as const
