import * as z from 'zod/mini'
import { parseDuration } from '#base/duration.ts'
import { err, ok, type Result } from '#base/result.ts'
import { formatSize, parseSize } from '#base/size.ts'
import { count } from '#base/text.ts'
import type { Failure, FailureOf } from '#domain/failure.ts'
import { actorOf } from '#domain/people/principal.ts'
import type { ErasureReason } from '#domain/run/erasure.ts'
import { chooseByRules, freedBytes, type RetentionRules } from '#domain/run/retention.ts'
import { isEnded, type RunId } from '#domain/run/run.ts'
import { type Erased, erase } from '../erase.ts'
import type { Call, Operation } from '../operation.ts'
import type { Erasing, Executing } from '../services.ts'
import type { StoreReader } from '../store-port.ts'
import { type Survey, type SurveyedRun, survey } from '../survey.ts'

const Input = z.object({
  run: z.optional(z.array(z.string())),
  older_than: z.optional(z.string()),
  keep: z.optional(z.string()),
  max_size: z.optional(z.string()),
  job: z.optional(z.string()),
  dry_run: z.optional(z.boolean()),
  yes: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

/** A run that goes, or went, and why; `bytes` are those that come free with it. */
export interface PrunedRun extends Pick<SurveyedRun, 'id' | 'name' | 'status' | 'endedAt' | 'events' | 'bytes'> {
  readonly reason: ErasureReason
}

export interface Pruned {
  readonly runs: readonly PrunedRun[]
  /** Runs that the rules would take, were they not the last of a job. */
  readonly spared: number
  /** Runs that are not over. */
  readonly open: number
  /** Runs whose erasing had begun before, and whether the end of one was never told. */
  readonly unfinished: number
  /** What was done; null where it was only asked what would be. */
  readonly erased: Erased | null
}

/** Erases what runs did, by name or by rules of retention. What is erased is gone; that it was erased stays. */
export const pruneRuns: Operation<Input, Pruned> = {
  name: 'runs prune',
  effect: 'destructive',
  // An agent never destroys what it did.
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const rules = await rulesOf(input, call)
    if (!rules.ok) return rules
    const reading = await call.services.reading()
    const isMissing = !reading.ok && reading.error.code === 'store_missing' && input.run === undefined
    if (isMissing) return rules.value === 'none' ? err(NO_RULES) : ok(NOTHING)
    if (!reading.ok) return reading
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    const erasing = await executing.value.erasing()
    const planned = await plan({ erasing, executing: executing.value, input, rules: rules.value, call })
    if (!planned.ok) return planned
    // Without any rule there is at most something to bring to its end.
    if (rules.value === 'none' && planned.value.unfinished === 0) return err(NO_RULES)
    if (input.dry_run === true) return planned
    if (planned.value.runs.length + planned.value.unfinished === 0) return planned
    const allowed = await confirmed(planned.value, input, call)
    return allowed.ok ? await carryOut(erasing, executing.value, { call, planned: planned.value }) : allowed
  },
}

const NOTHING: Pruned = { runs: [], spared: 0, open: 0, unfinished: 0, erased: null }

const NO_RULES: FailureOf<'usage'> = {
  code: 'usage',
  problem: 'missing_argument',
  word: 'run',
  command: 'runs prune',
  expected: 'a run, --older-than, --keep or --max-size, or [retention] in the configuration',
}

/** What was given on the command line, or else by the configuration. */
async function rulesOf(input: Input, call: Call): Promise<Result<RetentionRules | 'names' | 'none', Failure>> {
  const given = ['older_than', 'keep', 'max_size'] as const
  const rule = given.find((name) => input[name] !== undefined)
  if (input.run !== undefined) {
    const other = rule ?? (input.job === undefined ? undefined : 'job')
    return other === undefined ? ok('names') : err(badValue(`--${flagOf(other)}`, 'runs by name or rules, not both'))
  }
  if (rule !== undefined) return readRules(input)
  const config = await call.services.config()
  if (!config.ok) return config
  const { older_than, keep, max_size } = config.value.config.retention ?? {}
  if (older_than === undefined && keep === undefined && max_size === undefined) return ok('none')
  return readRules({ older_than, keep: keep?.toString(), max_size })
}

function readRules({
  older_than,
  keep,
  max_size,
}: Partial<Record<'older_than' | 'keep' | 'max_size', string | undefined>>): Result<RetentionRules, Failure> {
  const age = older_than === undefined ? undefined : parseDuration(older_than)
  if (age?.ok === false) return err(badValue(older_than, 'a duration such as 30d for --older-than'))
  if (keep !== undefined && !/^[0-9]{1,9}$/.test(keep)) return err(badValue(keep, 'a whole number for --keep'))
  const size = max_size === undefined ? undefined : parseSize(max_size)
  if (size?.ok === false) return err(badValue(max_size, 'a size such as 500MB or 1G for --max-size'))
  return ok({
    ...(age !== undefined && { olderThanMs: age.value }),
    ...(keep !== undefined && { keep: Number(keep) }),
    ...(size !== undefined && { maxBytes: size.value }),
  })
}

function flagOf(name: string): string {
  return name.replaceAll('_', '-')
}

function badValue(word: string | undefined, expected: string): FailureOf<'usage'> {
  return { code: 'usage', problem: 'bad_value', word: word ?? '', command: 'runs prune', expected }
}

interface Planning {
  readonly erasing: Erasing
  readonly executing: Executing
  readonly input: Input
  readonly rules: RetentionRules | 'names' | 'none'
  readonly call: Call
}

async function plan({ erasing, executing, input, rules, call }: Planning): Promise<Result<Pruned, Failure>> {
  const begun = await erasing.eraser.begun()
  if (!begun.ok) return begun
  const surveyed = await survey(erasing, executing.reader)
  if (!surveyed.ok) return surveyed
  // Where only its end was never told, there is still a file to rewrite.
  const unfinished = Math.max(begun.value.length, erasing.files.isBegun() ? 1 : 0)
  const { open, holdings } = surveyed.value
  if (rules === 'names') {
    const named = await namedRuns(executing.reader, surveyed.value, input.run ?? [])
    if (!named.ok) return named
    const runs = prunedRuns(
      named.value.map((run) => ({ run, reason: { kind: 'named' } })),
      surveyed.value,
    )
    return ok({ runs, spared: 0, open: 0, unfinished, erased: null })
  }
  const scope = await scopeOf(executing.reader, input.job)
  if (!scope.ok) return scope
  const inScope = surveyed.value.runs.filter(({ id }) => scope.value?.has(id) !== false)
  const { chosen, spared } = chooseByRules(inScope, rules === 'none' ? {} : rules, {
    now: call.services.clock.now(),
    holdings,
  })
  const openInScope = open.filter(({ id }) => scope.value?.has(id) !== false).length
  const runs = prunedRuns(chosen, surveyed.value)
  return ok({ runs, spared: spared.length, open: openInScope, unfinished, erased: null })
}

function prunedRuns(
  chosen: readonly { readonly run: SurveyedRun; readonly reason: ErasureReason }[],
  { holdings }: Survey,
): readonly PrunedRun[] {
  const freed = freedBytes(holdings)
  return chosen.map(({ run, reason }) => {
    const { id, name, status, endedAt, events } = run
    return { id, name, status, endedAt, events, bytes: freed(run), reason }
  })
}

/** The runs that were named, each once; one that was erased before is none any more, and one that goes on is refused. */
async function namedRuns(
  reader: StoreReader,
  { runs }: Survey,
  names: readonly string[],
): Promise<Result<readonly SurveyedRun[], Failure>> {
  const wanted = new Set<RunId>()
  for (const name of names) {
    const run = await reader.findRun(name)
    if (!run.ok) return run
    const { id, status } = run.value
    if (!isEnded(status)) return err({ code: 'run_open', run: id, status })
    wanted.add(id)
  }
  return ok(runs.filter(({ id }) => wanted.has(id)))
}

/** The runs of one job; undefined for all runs. */
async function scopeOf(
  reader: StoreReader,
  job: string | undefined,
): Promise<Result<ReadonlySet<RunId> | undefined, Failure>> {
  if (job === undefined) return ok(undefined)
  const runs = await reader.listRuns({ name: job, limit: EVERY })
  return runs.ok ? ok(new Set(runs.value.map(({ id }) => id))) : runs
}

const EVERY = 1_000_000_000

async function confirmed(planned: Pruned, { yes }: Input, call: Call): Promise<Result<void, Failure>> {
  if (yes === true) return ok()
  const refused = { code: 'not_confirmed', operation: 'runs prune', asked: call.attended } as const
  if (!call.attended) return err(refused)
  for (const line of linesOf(planned)) call.report({ kind: 'note', text: line })
  return (await call.confirm('Erase this for good?')) ? ok() : err(refused)
}

/** What is asked about: each run, up to a number that one can look through. */
function linesOf({ runs, unfinished }: Pruned): readonly string[] {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0)
  const events = runs.reduce((sum, run) => sum + run.events, 0)
  const sum = `${count(runs.length, 'run')}, ${count(events, 'event')}, ${formatSize(bytes)}`
  const rest = unfinished === 0 ? [] : ['an earlier prune was interrupted; it is ended, too']
  const shown = runs.slice(0, SHOWN_RUNS).map(({ id, name, status }) => `  ${id}  ${status.padEnd(9)}  ${name}`)
  const more = runs.length > SHOWN_RUNS ? [`  and ${count(runs.length - SHOWN_RUNS, 'more run')}`] : []
  return [...shown, ...more, ...rest, sum]
}

const SHOWN_RUNS = 20

async function carryOut(
  { eraser, files }: Erasing,
  { reader, records }: Executing,
  { call, planned }: { readonly call: Call; readonly planned: Pruned },
): Promise<Result<Pruned, Failure>> {
  const actor = actorOf(call.services.principal)
  const wanted = planned.runs.map(({ id: runId, reason }) => ({ runId, reason }))
  const erased = await erase({ eraser, files, reader, records, actor }, wanted)
  return erased.ok ? ok({ ...planned, erased: erased.value }) : erased
}
