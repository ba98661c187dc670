import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bareEnvironment, leftRunning, requireBinary } from './binary.ts'

export interface Given {
  /** The text of the configuration file in its usual place. */
  readonly config?: string
  /** Files of the current directory, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Programs of the current directory, by name. */
  readonly programs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** How a process of the binary ended. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

export interface Event {
  readonly seq: number
  readonly run: string
  readonly type: string
  // Bodies differ by type, and a test knows which it looks at.
  readonly body: Readonly<Record<string, unknown>>
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: 'ignore' | 'pipe'
  /** Words put before the binary, such as `setpriv --reuid=65534`. */
  readonly before?: readonly string[]
}

/** SQLITE_READONLY_ROLLBACK */
const HOT_JOURNAL = 776

let made = 0

/** Waits for a fact, and fails if it does not come. */
export async function until<T>(
  fact: () => T,
  name: string,
  timeoutMs = 15_000,
): Promise<Exclude<T, undefined | null | false>> {
  for (const deadline = performance.now() + timeoutMs; ; await Bun.sleep(5)) {
    const found = fact()
    // The compiler does not follow the three comparisons through a type parameter.
    if (found !== undefined && found !== null && found !== false) return found as Exclude<T, undefined | null | false>
    if (performance.now() > deadline) throw new Error(`waited in vain until ${name}`)
  }
}

/** What differs from run to run, by what it is. */
function tidy(text: string): string {
  return text
    .replaceAll(/\b[0-9a-hjkmnp-tv-z]{26}\b/g, '<run>')
    .replaceAll(/duration_ms=\d+/g, 'duration_ms=<n>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replaceAll(/(· |after |\s)\d+(\.\d+)?(ms|s)\b/g, '$1<t>')
}

/** A machine of its own: an empty home, an empty directory to stand in, and the real binary. */
export class Place {
  readonly root = mkdtempSync(join(tmpdir(), 'orchastration-e2e-'))
  readonly home = join(this.root, 'home')
  readonly directory = join(this.root, 'work')
  readonly configFile = join(this.home, '.config/orchastration/config.toml')
  readonly records = join(this.home, '.cache/orchastration/state')
  readonly logFile = join(this.home, '.cache/orchastration/orchastration.log')
  readonly store = join(this.home, '.local/state/orchastration')
  readonly keys = join(this.home, '.local/share/orchastration')
  readonly mark = `${process.pid}-${++made}`
  readonly #env: Readonly<Record<string, string>>
  readonly #started: Started[] = []

  constructor({ config, files = {}, programs = {}, env = {} }: Given) {
    mkdirSync(this.home)
    mkdirSync(this.directory)
    this.#env = { ...bareEnvironment(this.home, this.mark), ...env }
    if (config !== undefined) this.configure(config)
    for (const [path, text] of Object.entries(files)) this.write(path, text)
    for (const [path, text] of Object.entries(programs)) {
      this.write(path, text)
      chmodSync(this.path(path), 0o755)
    }
  }

  configure(text: string): void {
    mkdirSync(dirname(this.configFile), { recursive: true })
    writeFileSync(this.configFile, text)
  }

  path(name: string): string {
    return join(this.directory, name)
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  has(name: string): boolean {
    return existsSync(this.path(name))
  }

  /** The lines of a file that jobs append to; none where it is not there. */
  lines(name: string): readonly string[] {
    return this.has(name) ? this.read(name).split('\n').slice(0, -1) : []
  }

  /** Runs the binary to its end. */
  async run(args: readonly string[], options: StartOptions = {}): Promise<Ran> {
    return await this.start(args, options).ended
  }

  /** Runs it with `--json`, and gives the one document that it must print. */
  async json(args: readonly string[], options: StartOptions = {}): Promise<{ readonly [key: string]: unknown }> {
    const { stdout } = await this.run([...args, '--json'], options)
    return JSON.parse(stdout)
  }

  /** Starts the binary and stays in touch with it. */
  start(args: readonly string[], options: StartOptions = {}): Started {
    const { env = {}, cwd = this.directory, stdin = 'ignore', before = [] } = options
    const child = Bun.spawn([...before, requireBinary(), ...args], {
      cwd,
      env: { ...this.#env, ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    })
    const started = new Started(child)
    this.#started.push(started)
    return started
  }

  /** A line of shell in which `orchastration` is the binary. */
  async shell(line: string, options: StartOptions = {}): Promise<Ran> {
    const script = `orchastration() { ${quote(requireBinary())} "$@"; }\n${line}`
    const child = Bun.spawn([...(options.before ?? []), '/bin/bash', '-c', script], {
      cwd: options.cwd ?? this.directory,
      env: { ...this.#env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const started = new Started(child)
    this.#started.push(started)
    return await started.ended
  }

  get binary(): string {
    return requireBinary()
  }

  /** The environment that the binary gets. */
  get environment(): Readonly<Record<string, string>> {
    return this.#env
  }

  /** The events of the store, read by other means than those under test; none while there is no store. */
  events(type?: string): readonly Event[] {
    if (!existsSync(join(this.store, 'store.db'))) return []
    const wanted = type === undefined ? '' : `WHERE type = '${type}'`
    return this.query(`SELECT seq, run_id, type, body FROM events ${wanted} ORDER BY seq`).map((row) => ({
      seq: Number(row['seq']),
      run: String(row['run_id']),
      type: String(row['type']),
      body: JSON.parse(String(row['body'])),
    }))
  }

  query(sql: string): readonly Readonly<Record<string, unknown>>[] {
    const database = new DatabaseSync(join(this.store, 'store.db'), { readOnly: true })
    try {
      database.exec('PRAGMA busy_timeout = 5000')
      return database.prepare(sql).all() as Record<string, unknown>[]
    } catch (error) {
      // Being created, or its creator was killed: without its tables, or with a journal that only a writer may undo.
      if (error instanceof Error && (/no such table/.test(error.message) || codeOf(error) === HOT_JOURNAL)) return []
      throw error
    } finally {
      database.close()
    }
  }

  /** Changes the store behind the program's back. */
  tamper(sql: string): void {
    const database = new DatabaseSync(join(this.store, 'store.db'))
    database.exec(sql)
    database.close()
  }

  /** The id of the run that was queued last. */
  lastRun(): string {
    const last = this.events('run.queued').at(-1)
    if (last === undefined) throw new Error('nothing was run yet')
    return last.run
  }

  /** The id of the last run of this name. */
  lastRunOf(name: string): string {
    return (
      this.events('run.queued')
        .filter(({ body }) => body['name'] === name)
        .at(-1)?.run ?? ''
    )
  }

  async untilEvent(type: string, count = 1): Promise<readonly Event[]> {
    return await until(() => {
      const events = this.events(type)
      return events.length >= count && events
    }, `${count} ${type} recorded`)
  }

  /** The status of the last run, from outside. */
  async untilStatus(status: string): Promise<void> {
    await until(
      () => this.query('SELECT status FROM runs ORDER BY id DESC LIMIT 1')[0]?.['status'] === status,
      `the run is ${status}`,
    )
  }

  /** Waits until no run is going on any more. */
  async settled(): Promise<void> {
    const owners = join(this.store, 'owners')
    const isSettled = () =>
      this.query('SELECT count(*) AS open FROM runs WHERE ended_at IS NULL')[0]?.['open'] === 0 &&
      (!existsSync(owners) || readdirSync(owners).length === 0)
    await until(isSettled, 'every run is over, and who executed one has ended')
  }

  /** The names of a job's record files, sorted. */
  recordNames(job: string): readonly string[] {
    const folder = join(this.records, 'runs', job)
    return existsSync(folder) ? readdirSync(folder).sort() : []
  }

  recordText(job: string, name = 'last.json'): string {
    return readFileSync(join(this.records, 'runs', job, name), 'utf8')
  }

  /** Ends all that is left, removes the place, and says what had to be ended. */
  async end(): Promise<readonly string[]> {
    for (const started of this.#started) if (!started.hasEnded) started.signal('SIGKILL')
    const end = performance.now() + 3000
    // Who was told to end may need a moment for it; who was not is still there then.
    while (leftRunning(this.mark).length > 0 && performance.now() < end) await Bun.sleep(10)
    const left = leftRunning(this.mark)
    for (const { pid } of left) process.kill(pid, 'SIGKILL')
    rmSync(this.root, { recursive: true, force: true })
    return left.map(({ pid, command }) => `${pid} ${command}`)
  }

  /** What differs from run to run and from place to place, by what it is. */
  tidy(text: string): string {
    return tidy(text).replaceAll(this.home, '<home>').replaceAll(this.directory, '<work>')
  }
}

/** A process of the binary that goes on. */
export class Started {
  readonly pid: number
  readonly ended: Promise<Ran>
  readonly #child: Bun.Subprocess<'ignore' | 'pipe', 'pipe', 'pipe'>
  #stdout = ''
  #stderr = ''

  constructor(child: Bun.Subprocess<'ignore' | 'pipe', 'pipe', 'pipe'>) {
    this.#child = child
    this.pid = child.pid
    this.ended = this.#end()
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Most memory that it ever held, in bytes; after its end. */
  get peakMemory(): number {
    return this.#child.resourceUsage()?.maxRSS ?? 0
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Dies as in a crash of the machine: at once and without a word. */
  async crash(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#child.exited
  }

  async #end(): Promise<Ran> {
    const { stdout, stderr, exited } = this.#child
    await Promise.all([
      collect(stdout, (text) => {
        this.#stdout += text
      }),
      collect(stderr, (text) => {
        this.#stderr += text
      }),
    ])
    const exit = await exited
    return { stdout: this.#stdout, stderr: this.#stderr, exit }
  }
}

async function collect(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }))
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function codeOf(error: Error): unknown {
  return 'errcode' in error ? error.errcode : undefined
}
