import * as z from 'zod/mini'
import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Candidate, Chosen } from './choose-tasks.ts'
import { shapeProblems } from './shape-problems.ts'

const Filled = z.string().check(z.minLength(1), z.maxLength(2000))
const ItemName = z.string().check(z.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/))

/** The plan that a planner hands in. */
const PlanAnswer = z.strictObject({
  tasks: z.array(
    z.strictObject({
      /** Of a task or job that is configured, or of a new piece of work. */
      name: ItemName,
      /** What is configured says itself what it is. */
      kind: z.optional(z.enum(['task', 'job', 'work'])),
      why: z.optional(Filled),
      /** What must be true when it is done. */
      criteria: z.array(Filled).check(z.minLength(1), z.maxLength(50)),
      /** Other tasks of the plan that come first. */
      needs: z.optional(z.array(z.string())),
    }),
  ),
})
type PlanAnswer = z.infer<typeof PlanAnswer>
type AnsweredTask = PlanAnswer['tasks'][number]

/** One task of a plan, with what must be true when it is done. */
export type PlanItem = Omit<Chosen, 'kind'> & {
  /** `work` is what nothing is configured for: whoever builds reads what it is. */
  readonly kind: 'task' | 'job' | 'work'
  readonly why: string
  readonly criteria: readonly string[]
  readonly needs: readonly string[]
}

const MOST_TASKS = 100

/**
 * The tasks of a plan, each after what it needs, and with what configured ones need by their configuration. Fails with
 * everything that is wrong with it, as the planner is told it.
 */
export function checkPlan(
  answer: Json,
  candidates: readonly Candidate[],
): Result<readonly PlanItem[], readonly string[]> {
  const parsed = PlanAnswer.safeParse(answer)
  if (!parsed.success) return err(shapeProblems(parsed.error.issues, 'the plan'))
  const { tasks } = parsed.data
  const known = new Map(candidates.map((each) => [each.name, each]))
  const problems = [
    ...(tasks.length === 0 ? ['the plan has no tasks'] : []),
    ...(tasks.length > MOST_TASKS ? [`the plan has ${tasks.length} tasks; ${MOST_TASKS} at most are taken`] : []),
    ...twice(tasks),
    ...tasks.flatMap((task) => [...unknownName(task, known), ...unknownNeeds(task, tasks, known)]),
  ]
  if (problems.length > 0) return err(problems)
  const items = completed(tasks, known)
  const circle = circleIn(items)
  if (circle.length > 0) return err([`these tasks need each other in a circle: ${circle.join(', ')}`])
  return ok(inOrder(items))
}

/** A plan as people write it: a line for each task, `name: what must be true`. */
export function planInLines(text: string, candidates: readonly Candidate[]): Json {
  const known = new Set(candidates.map(({ name }) => name))
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const tasks = lines.map((line) => {
    const [name = '', ...rest] = line.split(':')
    const criterion = rest.join(':').trim()
    const criteria = criterion === '' ? [] : [criterion]
    return { name: name.trim(), criteria, ...(!known.has(name.trim()) && { kind: 'work' }) }
  })
  return { tasks }
}

function twice(tasks: readonly AnsweredTask[]): readonly string[] {
  const seen = new Set<string>()
  return tasks.flatMap(({ name }) => {
    if (!seen.has(name.toLowerCase())) {
      seen.add(name.toLowerCase())
      return []
    }
    return [`the plan names ${JSON.stringify(name)} twice`]
  })
}

function unknownName({ name, kind }: AnsweredTask, known: ReadonlyMap<string, Candidate>): readonly string[] {
  const found = known.get(name)
  if (found !== undefined && kind !== undefined && kind !== found.kind)
    return [`${JSON.stringify(name)} is a ${found.kind}, not a ${kind}`]
  if (found !== undefined || kind === 'work') return []
  const meant = nearest(name, known.keys())
  const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`
  return [`no task and no job is called ${JSON.stringify(name)}${hint} New work has "kind": "work"`]
}

function unknownNeeds(
  { name, needs = [] }: AnsweredTask,
  tasks: readonly AnsweredTask[],
  known: ReadonlyMap<string, Candidate>,
): readonly string[] {
  const names = new Set([...tasks.map((task) => task.name), ...known.keys()])
  return needs.flatMap((need) => {
    if (names.has(need)) return []
    return [`${JSON.stringify(name)} needs ${JSON.stringify(need)}, which is neither in the plan nor configured`]
  })
}

/** The tasks of the plan, and behind them what they need and the plan does not name. */
function completed(tasks: readonly AnsweredTask[], known: ReadonlyMap<string, Candidate>): readonly PlanItem[] {
  const items = new Map<string, PlanItem>()
  for (const { name, why = '', criteria, needs = [] } of tasks) {
    const found = known.get(name)
    const all = [...new Set([...needs, ...(found?.needs ?? [])])]
    items.set(name, { name, kind: found?.kind ?? 'work', words: [], needed_by: '', why, criteria, needs: all })
  }
  for (const item of items.values()) {
    for (const need of item.needs) {
      const found = known.get(need)
      if (found === undefined || items.has(need)) continue
      const { name, kind, needs } = found
      items.set(need, { name, kind, words: [], needed_by: item.name, why: '', criteria: [], needs: [...needs] })
    }
  }
  return [...items.values()]
}

/** What is left once everything is taken away whose needs can be met, again and again. */
function circleIn(items: readonly PlanItem[]): readonly string[] {
  let left = items
  for (;;) {
    const names = new Set(left.map(({ name }) => name))
    const next = left.filter(({ needs }) => needs.some((need) => names.has(need)))
    if (next.length === left.length) return left.map(({ name }) => name)
    left = next
  }
}

function inOrder(items: readonly PlanItem[]): readonly PlanItem[] {
  const ordered: PlanItem[] = []
  const done = new Set<string>()
  const byName = new Map(items.map((item) => [item.name, item]))
  const add = (item: PlanItem): void => {
    if (done.has(item.name)) return
    done.add(item.name)
    for (const need of item.needs) {
      const before = byName.get(need)
      if (before !== undefined) add(before)
    }
    ordered.push(item)
  }
  for (const item of items) add(item)
  return ordered
}
