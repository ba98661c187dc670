import { saltedDigest } from '#base/digest.ts'
import { ok } from '#base/result.ts'
import { count, grouped } from '#base/text.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import type { Examination } from '../health-port.ts'
import type { Marks } from '../proof-port.ts'
import type { Services } from '../services.ts'
import type { LogExtent } from '../store-port.ts'
import { otherStores } from '../verify.ts'
import { otherStoresText } from '../verify-report.ts'
import { type Finding, failed, good, note, problem } from './finding.ts'

/** So many of the latest events are read whole; `verify` reads all. */
const READ_EVENTS = 10_000
/** What two machines may be apart without anybody noticing. */
const CLOCK_TOLERANCE_MS = 60_000

const VERIFY = ['all of it:  orchastration verify']

/** The log itself: its file, how far it goes, whether that is far enough, whether it can be read, and its clock. */
export async function checkLog(
  store: Examination,
  services: Services,
  home: string | undefined,
): Promise<readonly Finding[]> {
  const where = store.log.path
  const extent = await store.log.extent()
  if (!extent.ok) return [failed('store', extent.error, home)]
  const { events } = extent.value
  const size = good(
    'store',
    `it opens, and has ${count(events, 'event')} of ${extent.value.store ?? 'no store'}`,
    where,
  )
  const integrity = await store.quickCheck()
  if (!integrity.ok) return [size, failed('integrity', integrity.error, home)]
  const todo = ['keep a copy of it before anything else', ...VERIFY]
  if (integrity.value !== undefined) return [size, problem('integrity', integrity.value, { where, todo })]
  const whole = good('integrity', 'SQLite finds nothing wrong with the file')
  const mark = await checkMark(store, services.marks, extent.value)
  return [size, whole, mark, ...(await checkEvents(store, extent.value, services.clock.now())), checkTables(store)]
}

/** Whether the log reaches what this machine signed of it. */
async function checkMark({ log }: Examination, marks: Marks, extent: LogExtent): Promise<Finding> {
  const check = 'signed so far'
  const { store, events, checkpoints } = extent
  const mark = store === undefined ? ok(undefined) : marks.highest(store)
  if (!mark.ok) return failed(check, mark.error, undefined)
  if (mark.value === undefined && checkpoints === 0) return good(check, 'nothing yet')
  if (mark.value === undefined) {
    return note(check, 'this machine never signed this store, so it cannot know whether something was cut off')
  }
  const { size, hash } = mark.value
  if (size > events) {
    const what = `this machine signed ${count(size, 'event')}, and the log has ${events}: it was cut or restored`
    return problem(check, what, { todo: VERIFY })
  }
  for await (const page of log.pages({ after: size - 1, upTo: size })) {
    if (page.ok && page.value[0]?.hash === hash) return good(check, `up to event ${grouped(size)}, as the log has it`)
  }
  return problem(check, `event ${grouped(size)} is not the one that this machine signed`, {
    todo: VERIFY,
  })
}

async function checkEvents({ log }: Examination, { events }: LogExtent, now: number): Promise<readonly Finding[]> {
  const unreadable: number[] = []
  let latest = 0
  const after = Math.max(0, events - READ_EVENTS)
  for await (const page of log.pages({ after, upTo: events })) {
    if (!page.ok) return [failed('events', page.error, undefined)]
    for (const event of page.value) {
      if (!isReadable(event)) unreadable.push(event.seq)
      latest = Math.max(latest, event.at)
    }
  }
  return [eventsFinding(unreadable, events - after), clockFinding(latest, now)]
}

/** What was erased on purpose is not damaged. */
function isReadable({ body, salt, bodyDigest, version }: StoredEvent): boolean {
  if (body === null || salt === null) return true
  return version === 1 && saltedDigest(salt, body) === bodyDigest
}

function eventsFinding(unreadable: readonly number[], read: number): Finding {
  const check = 'events'
  const [first] = unreadable
  if (first === undefined) return good(check, `the latest ${grouped(read)} can be read`)
  const what = `${count(unreadable.length, 'event')} cannot be read, first event ${grouped(first)}; they are left out everywhere`
  return problem(check, what, { todo: VERIFY })
}

function clockFinding(latest: number, now: number): Finding {
  const check = 'clock'
  const ahead = latest - now
  if (ahead <= CLOCK_TOLERANCE_MS) return good(check, 'no event is from the future')
  const what = `an event is from ${new Date(latest).toISOString()}, and by this machine's clock it is ${new Date(now).toISOString()}`
  return problem(check, what, { todo: ["set the machine's clock: until then, timers and deadlines are wrong"] })
}

function checkTables({ isCurrent }: Examination): Finding {
  const check = 'tables'
  if (isCurrent) return good(check, 'made as this version makes them')
  return note(check, 'made by another version, or in part: the next command makes them anew from the log')
}

/** Where no store is, another one may have been: its mark tells. */
export function checkGoneStores(marks: Marks): readonly Finding[] {
  const gone = otherStores(marks, undefined).map(({ stores }) => note('signed so far', otherStoresText(stores)))
  return [good('store', 'not made yet: nothing was ever run here'), ...gone]
}
