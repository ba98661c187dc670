import type { OrchestrationInput } from '#workflows/orchestration/input.ts'
import type { Checkouts } from './checkouts-port.ts'

/** The directories in which a run may change something and that lie in repositories, each once. */
export function workPlaces({ agents, tasks, jobs }: OrchestrationInput, checkouts: Checkouts): readonly string[] {
  const directories = [
    ...agents.flatMap(({ built_in, backend, directory }) => (built_in && backend === 'command' ? [] : [directory])),
    ...tasks.map(({ task }) => task.working_dir),
    ...jobs.map(({ directory }) => directory),
  ]
  return [...new Set(directories)].filter((directory) => checkouts.isInRepository(directory))
}
