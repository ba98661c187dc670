import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lives, processesWith } from './binary.ts'
import { type Event, Place, type Started } from './given-place.ts'

/**
 * Kills the real binary with SIGKILL while it runs a graph of jobs, goes on with the run, and again, until it is done;
 * then checks what was promised. `bun tests/support/kill-storm.ts --kills 5000 --seed 7` does it for as long as one likes.
 */
export interface StormOptions {
  readonly kills: number
  readonly seed: number
  /** Goes on with whole runs until this time is up, even before all kills are done. */
  readonly seconds: number
  readonly tell?: (line: string) => void
}

export interface StormReport {
  readonly kills: number
  readonly runs: number
  readonly stores: number
  /** Kills by the gap between two commits that they fell into. */
  readonly gaps: ReadonlyMap<string, number>
  /** Kills of a process that had taken the run over. */
  readonly inResumed: number
  /** Kills that left a job's process behind. */
  readonly orphaned: number
  readonly verified: number
  readonly problems: readonly string[]
}

/** A job that fails once and is tried again, one that is slow once, and what runs before, beside and after them. */
const JOBS: Readonly<Record<string, string>> = {
  a: '',
  b: 'needs = ["a"]',
  c: 'needs = ["a"]\nretry = { attempts = 50, backoff = "8ms" }',
  d: 'needs = ["b"]\nidempotent = true',
  e: 'needs = ["c"]',
  f: 'needs = ["d", "e"]',
}
const NAMES = Object.keys(JOBS)
/** Each end of a try is a completion, and with it begins a new commit. `c` fails once. */
const COMPLETIONS = NAMES.length + 1
const GAPS = ['before anything', ...Array.from({ length: COMPLETIONS }, (_, n) => afterCompletions(n)), 'after the end']
const KILLS_A_RUN = 8
/** So many runs at once on one store, by turns: alone, and among others that are killed, too. */
const LANES = [1, 3]
const HARD_LIMIT_MS = 20_000

export async function killStorm(options: StormOptions): Promise<StormReport> {
  return await new Storm(options).rage()
}

class Storm {
  readonly #options: StormOptions
  readonly #random: () => number
  readonly #gaps = new Map<string, number>(GAPS.map((gap) => [gap, 0]))
  readonly #problems: string[] = []
  #kills = 0
  #runs = 0
  #stores = 0
  #inResumed = 0
  #orphaned = 0
  #verified = 0

  constructor(options: StormOptions) {
    this.#options = options
    this.#random = generator(options.seed)
  }

  async rage(): Promise<StormReport> {
    const end = performance.now() + this.#options.seconds * 1000
    while (
      this.#problems.length === 0 &&
      performance.now() < end &&
      (this.#kills < this.#options.kills || this.#hasEmptyGap())
    ) {
      await this.#oneStore()
      if (this.#stores % 25 === 0) this.#options.tell?.(`${this.#kills} kills, ${this.#runs} runs`)
    }
    return {
      kills: this.#kills,
      runs: this.#runs,
      stores: this.#stores,
      gaps: this.#gaps,
      inResumed: this.#inResumed,
      orphaned: this.#orphaned,
      verified: this.#verified,
      problems: this.#problems,
    }
  }

  #hasEmptyGap(): boolean {
    return [...this.#gaps.values()].includes(0)
  }

  async #oneStore(): Promise<void> {
    const count = LANES[this.#stores++ % LANES.length] ?? 1
    const names = Array.from({ length: count }, (_, index) => String(index))
    const place = new Place({ config: names.map(configuration).join('') })
    try {
      const lanes = names.map((name) => new Lane(place, name))
      await Promise.all(lanes.map(async (lane) => await this.#oneRun(lane)))
      await this.#verify(place, count)
    } catch (error) {
      this.#problem(place, error instanceof Error ? error.message : String(error))
    } finally {
      await place.end()
    }
  }

  async #oneRun(lane: Lane): Promise<void> {
    const ledger = new Ledger(lane)
    for (let kills = 0; kills < KILLS_A_RUN; kills++) {
      if (!(await this.#killOnce(lane, ledger))) break
    }
    await this.#finish(lane)
    for (const problem of [...ledger.atEnd(), ...recordProblems(lane), ...orphanProblems(lane)]) {
      this.#problem(lane.place, problem)
    }
    this.#runs += 1
  }

  /** Starts the program or goes on with the run, and kills it; false where it came to its end before. */
  async #killOnce(lane: Lane, ledger: Ledger): Promise<boolean> {
    const isResumed = lane.run() !== undefined
    const process = lane.place.start(lane.nextCommand())
    await this.#awaitMoment(lane, process)
    if (process.hasEnded) return false
    await process.crash()
    this.#kills += 1
    const gap = gapOf(lane.events().map(({ type }) => type))
    this.#gaps.set(gap, (this.#gaps.get(gap) ?? 0) + 1)
    if (isResumed) this.#inResumed += 1
    if (lane.ledger().some(([, , , pid]) => lives(Number(pid)))) this.#orphaned += 1
    for (const problem of ledger.afterKill()) this.#problem(lane.place, problem)
    return gap !== 'after the end'
  }

  /** Half of the kills come at any time, half at the end of a commit that few of them have met. */
  async #awaitMoment(lane: Lane, process: Started): Promise<void> {
    if (this.#random() < 0.5) {
      const moment = performance.now() + this.#random() * 140
      while (performance.now() < moment && !process.hasEnded) await Bun.sleep(0)
      return
    }
    const target = this.#rarestGap()
    const watch = new GapWatch(lane)
    try {
      const limit = performance.now() + HARD_LIMIT_MS
      while (!process.hasEnded && watch.gap() < target && performance.now() < limit) await Bun.sleep(0)
      const moment = performance.now() + this.#random() ** 2 * 6
      while (performance.now() < moment) {}
    } finally {
      watch.end()
    }
  }

  #rarestGap(): number {
    const rarest = Math.min(...this.#gaps.values())
    const rare = GAPS.flatMap((gap, index) => (this.#gaps.get(gap) === rarest ? [index] : []))
    return rare[Math.floor(this.#random() * rare.length)] ?? 1
  }

  /** Lets the run come to its end. */
  async #finish(lane: Lane): Promise<void> {
    const finishing = lane.place.start(lane.nextCommand())
    const timer = setTimeout(() => finishing.signal('SIGKILL'), HARD_LIMIT_MS)
    const { exit, stderr } = await finishing.ended
    clearTimeout(timer)
    // The last kill may have come after the end, and then there was nothing to go on with.
    const wasOver = exit === 2 && stderr.includes('is over: succeeded')
    if (exit !== 0 && !wasOver) this.#problem(lane.place, `going on ended with ${exit}: ${stderr}`)
  }

  async #verify(place: Place, lanes: number): Promise<void> {
    const verify = await place.run(['verify'])
    if (verify.exit === 0) this.#verified += 1
    else this.#problem(place, `verify ended with ${verify.exit}: ${verify.stdout}${verify.stderr}`)
    const runs = place.query('SELECT id, name, status FROM runs')
    if (runs.length !== lanes || runs.some(({ status }) => status !== 'succeeded')) {
      this.#problem(place, `runs: ${JSON.stringify(runs)}`)
    }
  }

  #problem(place: Place, problem: string): void {
    const ledger = ['0', '1', '2'].flatMap((name) => place.lines(`ledger-${name}`)).join('\n  ')
    const events = place
      .events()
      .map(({ seq, run, type, body }) => `${seq} ${run} ${type} ${body['number'] ?? ''} ${body['name'] ?? ''}`)
    this.#problems.push(
      `seed ${this.#options.seed}, run ${this.#runs}: ${problem}\nledger:\n  ${ledger}\nevents:\n  ${events.join('\n  ')}`,
    )
  }
}

/** One run of a store that others may be in, too, with jobs and a ledger of its own. */
class Lane {
  readonly place: Place
  readonly name: string
  readonly jobs: readonly string[]

  constructor(place: Place, name: string) {
    this.place = place
    this.name = name
    this.jobs = NAMES.map((job) => `${job}${name}`)
  }

  run(): string | undefined {
    return this.place.lastRunOf(`f${this.name}`) || undefined
  }

  events(): readonly Event[] {
    const run = this.run()
    return run === undefined ? [] : this.place.events().filter((event) => event.run === run)
  }

  /** Lines `start|end <job> <key> <pid>`, in words. */
  ledger(): readonly (readonly string[])[] {
    return this.place.lines(`ledger-${this.name}`).map((line) => line.split(' '))
  }

  nextCommand(): readonly string[] {
    const run = this.run()
    return run === undefined ? ['run', `f${this.name}`, '--jobs', '4'] : ['runs', 'resume', run]
  }
}

/** What the jobs themselves wrote down, the truth outside of the program, held against the log. */
class Ledger {
  readonly #lane: Lane
  /** By key of a step whose success was recorded: how long the ledger was when that was first seen. */
  readonly #settled = new Map<string, number>()
  readonly #inFlight = new Map<string, number>()

  constructor(lane: Lane) {
    this.#lane = lane
  }

  /** Looks at the log and the ledger while nobody writes to this run's log. */
  afterKill(): readonly string[] {
    // First the ledger: an orphan may add to it while we look.
    const lines = this.#lane.ledger()
    const events = this.#lane.events()
    for (const key of keysOf(events, 'step.succeeded')) {
      if (!this.#settled.has(key)) this.#settled.set(key, lines.length)
    }
    const started = keysOf(events, 'step.started')
    for (const key of started) {
      if (!this.#settled.has(key)) this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1)
    }
    return lines.flatMap(([, job, key = '']) =>
      started.has(key) ? [] : [`${job} ran as ${key} before its start was recorded`],
    )
  }

  atEnd(): readonly string[] {
    const lines = this.#lane.ledger()
    const ended = keysOf(this.#lane.events(), 'step.succeeded')
    const late = lines.flatMap(([word, job, key = ''], index) => {
      const since = this.#settled.get(key)
      return since === undefined || index < since ? [] : [`${word} of ${job} after its success was recorded`]
    })
    return [...this.#lane.jobs.flatMap((job) => this.#jobProblems(job, lines, ended)), ...late, ...overlaps(lines)]
  }

  #jobProblems(job: string, lines: readonly (readonly string[])[], ended: ReadonlySet<string>): readonly string[] {
    const own = lines.filter(([, name]) => name === job)
    const starts = own.filter(([word]) => word === 'start').length
    const keys = new Set(own.map(([, , key = '']) => key))
    const [key = ''] = keys
    const kills = this.#inFlight.get(key) ?? 0
    // The first start, one for each kill while it was in flight, and the second try of the job that fails once.
    const explained = job.startsWith('c') ? 2 + 2 * kills : 1 + kills
    return [
      ...(keys.size === 1 ? [] : [`${job} has the keys ${[...keys].join(', ')}`]),
      ...(ended.has(key) ? [] : [`${job} ran as ${key}, whose success is not recorded`]),
      ...(own.some(([word]) => word === 'end') ? [] : [`${job} never came to its end`]),
      ...(starts <= explained ? [] : [`${job} was started ${starts} times, ${explained} are explained`]),
    ]
  }
}

/** An orphan that goes on writing after its step was started again was not ended first. */
function overlaps(lines: readonly (readonly string[])[]): readonly string[] {
  const latest = new Map<string, string>()
  return lines.flatMap(([word, job, key = '', pid = '']) => {
    if (word === 'start') latest.set(key, pid)
    return latest.get(key) === pid ? [] : [`${job} wrote as process ${pid} after it was started again`]
  })
}

function keysOf(events: readonly Event[], type: string): ReadonlySet<string> {
  return new Set(events.filter((event) => event.type === type).map(({ run, body }) => `${run}/${body['number']}`))
}

function recordProblems({ place, jobs }: Lane): readonly string[] {
  return jobs.flatMap((job) => {
    const records = place.recordNames(job).filter((name) => /^\d.*\.json$/.test(name))
    const problems = records.length === 1 ? [] : [`${job} has ${records.length} records`]
    for (const name of [...records, 'last.json']) {
      const path = join(place.records, 'runs', job, name)
      const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
      if (!text.includes('"exit_code": 0')) problems.push(`${job}: ${name} is ${JSON.stringify(text)}`)
    }
    return problems
  })
}

function orphanProblems(lane: Lane): readonly string[] {
  const keys = new Set(lane.ledger().map(([, , key = '']) => key))
  return [...keys].flatMap((key) =>
    processesWith('ORCHASTRATION_STEP', key).map(({ pid, command }) => `still running: ${pid} ${command}`),
  )
}

function configuration(lane: string): string {
  return Object.entries(JOBS)
    .map(([job, more]) => {
      const note = (word: string) => `echo ${word} ${job}${lane} $ORCHASTRATION_IDEMPOTENCY_KEY $$ >> ledger-${lane}`
      const once = (act: string) => `[ -e once-${job}${lane} ] || { touch once-${job}${lane}; ${act}; }; `
      // An orphan of the slow one is still at work when the run goes on: it must be ended before.
      const first = job === 'c' ? once('exit 1') : job === 'd' ? once('sleep 0.12') : ''
      const command = `${note('start')}; sleep 0.01; ${first}${note('end')}`
      // Needs are jobs of the same lane.
      const settings = more.replaceAll(/"([a-f])"/g, `"$1${lane}"`)
      return `[jobs.${job}${lane}]\ncommand = ["sh", "-c", "${command}"]\n${settings}\n`
    })
    .join('')
}

function afterCompletions(count: number): string {
  return `after ${count} completions`
}

function gapOf(types: readonly string[]): string {
  if (!types.includes('run.queued')) return 'before anything'
  if (types.includes('run.succeeded')) return 'after the end'
  return afterCompletions(types.filter((type) => /^step\.(succeeded|failed|retried)$/.test(type)).length)
}

/** Looks into the store from outside, as often as it can. */
class GapWatch {
  readonly #path: string
  readonly #name: string
  #database: DatabaseSync | undefined

  constructor({ place, name }: Lane) {
    this.#path = join(place.store, 'store.db')
    this.#name = `f${name}`
  }

  /** The number of the gap that the store stands in. */
  gap(): number {
    if (this.#database === undefined && !existsSync(this.#path)) return 0
    try {
      this.#database ??= new DatabaseSync(this.#path, { readOnly: true })
      const rows = this.#database
        .prepare('SELECT type FROM events WHERE run_id IN (SELECT id FROM runs WHERE name = ?)')
        .all(this.#name)
      return GAPS.indexOf(gapOf(rows.map((row) => String(row['type']))))
    } catch {
      // It is being created.
      return 0
    }
  }

  end(): void {
    this.#database?.close()
  }
}

/** Small, fast and the same for a seed everywhere (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function stormText({ kills, runs, stores, gaps, inResumed, orphaned, verified, problems }: StormReport): string {
  const width = Math.max(...GAPS.map((gap) => gap.length))
  return [
    `${kills} kills in ${runs} runs, ${inResumed} of them of a process that had gone on, ${orphaned} left an orphan; ${verified} of ${stores} stores verified`,
    ...[...gaps].map(([gap, count]) => `  ${gap.padEnd(width)}  ${String(count).padStart(6)}`),
    ...problems,
    '',
  ].join('\n')
}

if (import.meta.main) {
  const option = (name: string, usual: number) => {
    const index = process.argv.indexOf(name)
    return index < 0 ? usual : Number(process.argv[index + 1])
  }
  const report = await killStorm({
    kills: option('--kills', 1000),
    seed: option('--seed', Date.now() % 2 ** 31),
    seconds: option('--seconds', 86_400),
    tell: (line) => process.stdout.write(`${line}\n`),
  })
  process.stdout.write(stormText(report))
  process.exitCode = report.problems.length > 0 || [...report.gaps.values()].includes(0) ? 1 : 0
}
