import { err, ok, type Result } from '#base/result.ts'
import { type Candidate, type Chosen, chooseTasks, withAllNeeds } from './choose-tasks.ts'

/** What an orchestration is asked for. */
export interface Asked {
  readonly goal?: string | undefined
  readonly task?: string | undefined
}

/**
 * What there is to do: the task that was asked for, else those of the orchestration, else the one of its own name,
 * else what the goal speaks of. Fails with the name of a task that is none.
 */
export function choiceFor(
  { name, tasks }: { readonly name: string; readonly tasks: readonly string[] },
  { goal, task }: Asked,
  candidates: readonly Candidate[],
): Result<readonly Chosen[], string> {
  const known = new Set(candidates.flatMap((each) => (each.kind === 'task' ? [each.name] : [])))
  const named = task !== undefined ? [task] : tasks.length > 0 ? tasks : known.has(name) ? [name] : []
  const missing = named.find((each) => !known.has(each))
  if (missing !== undefined) return err(missing)
  if (named.length > 0) return ok(withAllNeeds(named, candidates))
  return ok(goal === undefined ? [] : chooseTasks(goal, candidates))
}
