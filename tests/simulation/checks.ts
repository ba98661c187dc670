import type { Json } from '#base/json.ts'
import { CHAIN_START, type ChainHead, chainFault } from '#domain/proof/chain.ts'
import type { RunEvent } from '#domain/run/event.ts'
import { checkJobs } from './check-jobs.ts'
import { checkOrchestration } from './check-orchestration.ts'
import { checkReplay } from './check-replay.ts'
import { checkOrder, checkResumes, checkSignals, checkSilence, checkSteps } from './check-run.ts'
import { checkRetries, checkTimers } from './check-time.ts'
import { text, type World } from './world.ts'

/** All that must be true of the log once a simulation is over. */
export async function checkHistory(world: World): Promise<void> {
  await checkStore(world)
  for (const run of world.runs) {
    // Nothing comes after the end of a run but the fact that it was erased.
    const all = world.measure.runs.get(run.id)?.events ?? []
    const events = all.at(-1)?.type === 'run.erased' ? all.slice(0, -1) : all
    const complain = (message: string) => world.fail(`${run.nick}: ${message}`)
    checkOrder(events, complain)
    // What awaits foreign things may be found out while it lets go.
    if (!run.isForeign) checkSilence(events, complain)
    checkSignals(events, complain)
    checkSteps(events, complain)
    checkTimers(world, events, complain)
    checkRetries(world, events, complain)
    checkResumes(events, complain)
    if (run.queued.workflow === 'job') checkJobs(run, events, complain)
    if (run.queued.workflow === 'orchestration') checkOrchestration(run, events, complain)
    if (!run.isForeign) await checkReplay(run, events, complain)
    const left = world.outside.starts.filter(
      ({ key, state }) => key.startsWith(`${run.id}/`) && (state === 'orphan' || state === 'going'),
    )
    if (left.length > 0) complain(`it is over, and still runs ${text(left)}`)
  }
}

/** The store holds what the measure holds; its chain and its tables are sound. */
async function checkStore(world: World): Promise<void> {
  const stored = await readLog(world)
  const measured = [...world.measure.runs.values()].flatMap(({ events }) => events).sort((a, b) => a.seq - b.seq)
  const expected = measured.map(({ tenant: _, ...event }) => (isGone(world, event) ? { ...event, body: null } : event))
  const wrong = stored.findIndex((event, index) => !Bun.deepEquals(event, expected[index]))
  if (wrong >= 0) world.fail(`the store holds ${text(stored[wrong])}, which should be ${text(expected[wrong])}`)
  if (stored.length !== expected.length) world.fail(`the store holds ${stored.length} events of ${expected.length}`)
  const check = await world.store.log.checkProjections()
  if (!check.ok) return world.fail(`projections: ${text(check)}`)
  using projections = check.value
  const faults = await projections.end()
  if (!faults.ok || faults.value.length > 0) world.fail(`projections: ${text(faults)}`)
  checkTables(world)
  checkSeals(world)
}

function isGone({ measure }: World, { runId, type }: Pick<RunEvent, 'runId' | 'type'>): boolean {
  return type !== 'run.erased' && measure.runs.get(runId)?.erased === 'emptied'
}

/** Every event since the store was empty, along the chain. */
async function readLog(world: World): Promise<readonly Json[]> {
  const { log, emptySeq } = world.store
  let head: ChainHead = CHAIN_START
  const events: Json[] = []
  for await (const page of log.pages({ after: 0, upTo: Number.MAX_SAFE_INTEGER })) {
    if (!page.ok) world.fail(`the log cannot be read: ${text(page.error)}`)
    for (const event of page.ok ? page.value : []) {
      const fault = chainFault(head, event)
      if (fault !== undefined) world.fail(`event ${event.seq}: ${fault}`)
      head = event
      const { seq, runId, runSeq, at, actor, type, epoch, dedupeKey, body } = event
      events.push({ seq, runId, runSeq, at, actor, type, epoch, dedupeKey, body: JSON.parse(body ?? 'null') })
    }
  }
  return events.slice(emptySeq)
}

/** What stands in the log when a run rests is signed. */
function checkSeals(world: World): void {
  const unsigned = world.store.side
    .prepare(
      `SELECT max(seq) AS seq FROM events WHERE type IN ('run.waiting', 'run.paused', 'run.succeeded', 'run.failed',
       'run.cancelled', 'run.timed_out', 'run.erased') HAVING max(seq) > (SELECT coalesce(max(size), 0) FROM checkpoints)`,
    )
    .get()
  if (unsigned !== undefined) world.fail(`event ${unsigned['seq']} is not signed`)
}

/** The tables that others read, against the measure. */
function checkTables(world: World): void {
  const rows = world.store.side.prepare('SELECT id, status, epoch, owner, ready_at FROM runs ORDER BY id').all()
  const runs = [...world.measure.runs]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([id, { status, epoch, owner, readyAt }]) => ({ id, status, epoch, owner, ready_at: readyAt }))
  world.compare('runs', rows.map((row) => ({ ...row })) as unknown, runs as unknown)
  const left = world.store.side
    .prepare('SELECT w.run_id, w.number FROM waits w JOIN runs r ON r.id = w.run_id WHERE r.ended_at IS NOT NULL')
    .all()
  if (left.length > 0) world.fail(`ended runs wait: ${text(left)}`)
}
