import { callOperation } from '#app/call-operation.ts'
import type { Asking, Call } from '#app/operation.ts'
import { type OperationName, operations } from '#app/operations.ts'
import type { Services } from '#app/services.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { type Request, readArguments } from './argv.ts'
import { type BugCatcher, catchBugs } from './bugs.ts'
import { answerColumns, type Io, type Loudness, processIo, whenReaderIsGone, whyAnswerIsLost, writeText } from './io.ts'
import type { Mount } from './mount.ts'
import type { MakePage, Places, Release } from './page.ts'
import { pages } from './pages.ts'
import { stopOnSignals } from './stop-on-signals.ts'

export interface CliParts {
  readonly environment: () => Promise<Readonly<Record<string, string | undefined>>>
  readonly version: string
  readonly release: Release
  readonly compose: (options: Places & Partial<Composing>) => Promise<Result<Services, Failure>>
}

interface Composing {
  /** Whether somebody asks what is wrong: then a configuration that cannot be read stops nothing. */
  readonly examining: boolean
  /** Where log lines go beside the log file. */
  readonly logs: { readonly toStdout: boolean; readonly write: (text: string) => void }
}

type RequestOf<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>
type Command = RequestOf<'command'>

/** The command line: reads what is asked for, calls the operation, prints its answer. Resolves to the exit code. */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<number> {
  const bug = catchBugs()
  try {
    return await Promise.race([runRequest(argv, parts, bug), bug.caught])
  } catch (error) {
    return await bug.report(error)
  }
}

async function runRequest(argv: readonly string[], parts: CliParts, bug: BugCatcher): Promise<number> {
  const request = await readArguments(argv)
  if (!request.ok)
    return await fail(request.error, await plainIo(), {
      json: argv.includes('--json') || / --log-format[= ]json /.test(` ${argv.join(' ')} `),
      home: undefined,
    })
  if (request.value.kind === 'version') return await print(versionAnswer(request.value, parts))
  if (request.value.kind === 'help') return await print(await helpAnswer(request.value))
  const { name } = request.value
  return isPage(name)
    ? await showPage(request.value, parts, await pages[name]())
    : await runCommand(request.value, parts, bug)
}

function isPage(name: string): name is keyof typeof pages {
  return Object.hasOwn(pages, name)
}

async function showPage(command: Command, parts: CliParts, make: MakePage): Promise<number> {
  const services = async (places: Places) => {
    const composed = await parts.compose(places)
    return composed.ok ? composed.value : undefined
  }
  const json = command.options['json'] === true || command.options['log-format'] === 'json'
  const page = await make({ command, release: parts.release, services })
  if (!page.ok) return await fail(page.error, await plainIo(), { json, home: undefined })
  const { text, document } = page.value
  const code = await print(json ? jsonLine(command.name, document) : text)
  if (loudnessOf(command.options) === 'verbose') (await import('./verbose.ts')).sayEnd(await plainIo(), code)
  return code
}

function versionAnswer({ json }: RequestOf<'version'>, { version, release }: CliParts): string {
  if (json !== true) return `${version}\n`
  return jsonLine('version', { version: release.number, commit: release.commit, built: release.time })
}

async function helpAnswer({ command, json }: RequestOf<'help'>): Promise<string> {
  if (json === true) return jsonLine('help', (await import('./pages/help.ts')).helpDocument(command))
  return (await import('./help.ts')).helpText(command, await answerColumns())
}

function jsonLine(name: string, document: object): string {
  return `${JSON.stringify({ schema: `orchastration.${name.replaceAll(' ', '-')}/1`, ...document })}\n`
}

async function plainIo(): Promise<Io> {
  return await processIo({ color: 'never', environment: {} })
}

async function runCommand(command: Command, parts: CliParts, bug: BugCatcher): Promise<number> {
  const { options } = command
  const environment = await parts.environment()
  const io = await processIo({
    color: textOf(options['color']),
    environment,
    loudness: loudnessOf(options),
    noInput: options['no-input'] === true,
  })
  const onlyJson = options['log-format'] === 'json'
  // Who asks for log lines on standard output reads it line by line as JSON: the answer is one of them.
  const json = options['json'] === true || onlyJson
  const failed = { json, home: environment['HOME'] ?? environment['USERPROFILE'] }
  const services = await parts.compose({
    config: textOf(options['config']),
    stateDir: textOf(options['state-dir']),
    examining: command.name === 'doctor',
    trust: options['trust'] === true,
    logs: { toStdout: onlyJson, write: (line) => writeText(1, line) },
  })
  if (!services.ok) return await fail(services.error, io, failed)
  bug.logTo(services.value.log)
  if (io.loudness === 'verbose') {
    const { sayPlaces } = await import('./verbose.ts')
    sayPlaces(io, services.value.directories, textOf(options['config']))
  }
  const code = await runOperation(command, io, { services: services.value, json, failed })
  if (io.loudness === 'verbose') (await import('./verbose.ts')).sayEnd(io, code)
  return code
}

interface Running {
  readonly services: Services
  readonly json: boolean
  readonly failed: { readonly json: boolean; readonly home: string | undefined }
}

async function runOperation(command: Command, streams: Io, { services, json, failed }: Running): Promise<number> {
  const attended = streams.isAttended && !json
  const io = attended && EXECUTE.has(command.name) ? await withTerminal(streams, services) : streams
  const { options } = command
  const mount = await mountOf(command.name)
  const speaksLater = LATER.has(command.name)
  const warn = async () => await warnOfProject(command.name, services, { io, home: failed.home })
  if (!speaksLater) await warn()
  const shown = mount({ io, json, services, home: failed.home, options })
  const input = inputOf(command)
  const stop = stopOnSignals(shown.stopping)
  if (PRINT_ONLY.has(command.name)) whenReaderIsGone(() => stopForLackOfReader(command.name, stop.request))
  try {
    const called = await call(command.name as OperationName, input, {
      services,
      attended,
      stop,
      ask: async (question, asking) => await askInTurn(services, question, asking),
      confirm: async (question) => await (await import('./ask.ts')).confirm(question),
      report: shown.report,
    })
    shown.end()
    // Where log lines go to standard output, too, the answer is the last one.
    await services.log.flush()
    if (speaksLater && (called.ok || called.error.code !== 'project_untrusted')) await warn()
    if (!called.ok) return await fail(called.error, io, failed)
    const code = await shown.answer(called.value)
    const reason = whyAnswerIsLost()
    if (reason === undefined || code !== 0) return code
    return await fail({ code: 'file_unwritable', path: 'standard output', reason }, io, failed)
  } catch (error) {
    if (error instanceof ReaderGone) return 0
    throw error
  } finally {
    stop.end()
    await services.end()
  }
}

/** Commands of which nothing is left but what they print: they end with their reader, and that is no failure. */
const PRINT_ONLY: ReadonlySet<string> = new Set(['hash', 'runs logs', 'runs events', 'runs export'])

class ReaderGone extends Error {}

/** Hashing goes on in other threads, and is told to stop; all else is left where it stands. */
function stopForLackOfReader(command: string, request: (signal: string) => void): void {
  if (command !== 'hash') throw new ReaderGone()
  request('SIGPIPE')
}

/** Commands that run jobs, which may want the terminal. */
const EXECUTE: ReadonlySet<string> = new Set(['run', 'runs retry', 'runs resume', 'work'])

/** Commands that have their own words for a project that is not trusted. */
const SPEAK_OF_TRUST: ReadonlySet<string> = new Set(['trust', 'config path', 'config validate', 'init'])

/** Commands that may fail because of it, and then say so once. */
const LATER: ReadonlySet<string> = new Set([
  ...['run', 'runs retry', 'show'],
  ...['plan create', 'build run', 'review run', 'doc generate', 'git issue create', 'git branch create'],
])

/** A project file that does not count is told of, in one line, and keeps nobody from anything else. */
async function warnOfProject(
  command: string,
  services: Services,
  { io, home }: { readonly io: Io; readonly home: string | undefined },
): Promise<void> {
  const untrusted = SPEAK_OF_TRUST.has(command) ? undefined : services.untrusted()
  if (untrusted === undefined) return
  const { untrustedLine } = await import('#app/failure-texts/project.ts')
  io.note(`${untrustedLine(untrusted, home)}\n`)
}

/** Jobs that want a terminal may have this one. */
async function withTerminal(io: Io, services: Services): Promise<Io> {
  const [terminal, { onScreen }] = [await services.terminal(), await import('./screen.ts')]
  terminal.offer()
  return onScreen(io, terminal)
}

/** A prompt waits for a job that has the terminal, and a job for a prompt. */
async function askInTurn(services: Services, question: AskedQuestion, asking: Asking): Promise<void> {
  const letGo = await (await services.terminal()).hold(asking.closed)
  try {
    if (!asking.closed.aborted) await (await import('./ask.ts')).ask(question, asking)
  } finally {
    letGo()
  }
}

/** The answer's type is the operation's; its mount, found under the same name, knows it. */
async function call(name: OperationName, input: unknown, call: Call): Promise<Result<unknown, Failure>> {
  const operation = await operations[name]()
  return await callOperation(operation as Parameters<typeof callOperation>[0], input, call)
}

async function mountOf(name: string): Promise<Mount> {
  const { mounts } = await import('./mounts.ts')
  return await mounts[name as OperationName]()
}

/** Arguments and options under the names of the operation's input. */
function inputOf({ arguments: words, options, rest }: Command): Record<string, unknown> {
  const entries = Object.entries({ ...words, ...options, ...(rest !== undefined && { rest }) })
  return Object.fromEntries(entries.map(([name, value]) => [name.replaceAll('-', '_'), value]))
}

async function fail(
  failure: Failure,
  io: Io,
  how: { readonly json: boolean; readonly home: string | undefined },
): Promise<number> {
  const { describeFailure } = await import('#app/failure-text.ts')
  const { headline, detail, todo } = describeFailure(failure, how.home)
  if (how.json) {
    const text = [headline, ...detail, ...todo].join('\n')
    io.out(`${JSON.stringify({ schema: 'orchastration.failure/1', failure, text })}\n`)
  } else io.alert.note([headline, ...detail, ...todo].map((line) => `${line}\n`).join(''))
  return (await import('./exit-code.ts')).exitCodeOf(failure)
}

/** The answer, of which nobody may believe that it is whole when it is not. */
async function print(text: string): Promise<number> {
  writeText(1, text)
  const reason = whyAnswerIsLost()
  if (reason === undefined) return 0
  return await fail({ code: 'file_unwritable', path: 'standard output', reason }, await plainIo(), NO_JSON)
}

const NO_JSON = { json: false, home: undefined }

/** Who wants to hear nothing is heard first. */
function loudnessOf({ quiet, verbose }: Command['options']): Loudness {
  if (quiet === true) return 'quiet'
  return verbose === true ? 'verbose' : 'usual'
}

function textOf(value: string | true | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
