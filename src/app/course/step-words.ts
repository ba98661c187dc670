import type { Json } from '#base/json.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { EventOf } from '#domain/run/event.ts'
import type { Moment } from '#domain/run/moment.ts'
import { describeFailure } from '../failure-text.ts'

type StepStarted = EventOf<'step.started'>['body']
type StepEnded = EventOf<'step.succeeded'>['body'] | EventOf<'step.failed'>['body']
type Fields = Readonly<Record<string, unknown>>

/** Longer commands are told by their beginning. */
const COMMAND_COLUMNS = 60
/** Of what an agent says, the beginning. */
const SAID_COLUMNS = 120

/** Activities that run a command which says best what is done, and what they are called here. */
const RUNS: Readonly<Record<string, string>> = { command: 'job', check: 'check', agent: 'run' }

/** What a step does, for people: `write src/a.ts`, `check npm test`, `build site`. */
export function actionWords({ name, activity, input }: StepStarted, node: string | null): string {
  const isOfNode = node !== null && isNamedAfter(name, node)
  const detail = isOfNode && name.includes(':') ? name.slice(name.indexOf(':') + 1) : ''
  // Tool calls are named by what they do; all else by its activity.
  if (activity === 'tool') return onOneLine(detail === '' ? activity : detail)
  if (activity === 'reply') return onOneLine(`${String(fieldsOf(input)['backend'] ?? '')} reply`.trim())
  const word = RUNS[activity] ?? activity
  // The command of a node has the node's name; that of a job the job's.
  if (activity === 'command' && isOfNode) return onOneLine(`run ${commandOf(input)}`)
  const about = activity === 'command' ? name : activity in RUNS ? commandOf(input) : detail
  return onOneLine(about === '' ? word : `${word} ${about}`)
}

function isNamedAfter(step: string, node: string): boolean {
  return step === node || step.startsWith(`${node}:`) || step.startsWith(`${node}[`)
}

/** How a step ended, for people: what it left behind, or why it did not succeed. */
export function outcomeWords(ended: StepEnded): Pick<Moment, 'status' | 'note'> {
  if ('failure' in ended) return { status: 'failed', note: failureWords(ended.failure) }
  const tries = ended.attempt > 1 ? `at try ${ended.attempt}` : ''
  const said = saidBy(ended.activity, fieldsOf(ended.output))
  return { ...said, note: [said.note, tries].filter((part) => part !== '').join(', ') }
}

export function failureWords(failure: Failure): string {
  return onOneLine(describeFailure(failure).headline)
}

function saidBy(activity: string, output: Fields): Pick<Moment, 'status' | 'note'> {
  if (activity === 'tool') return toolWords(output)
  return { status: 'success', note: activity === 'reply' ? cut(replyWords(output), SAID_COLUMNS) : '' }
}

/** What an agent says, or what it hands in without a word. */
function replyWords({ text, broken, output }: Fields): string {
  if (typeof broken === 'string' && broken !== '') return broken
  if (typeof text === 'string' && text.trim() !== '') return text.trim()
  if (output === null || output === undefined) return ''
  const { verdict } = fieldsOf(output as Json)
  return typeof verdict === 'string' ? `says: ${verdict}` : 'hands in its work'
}

/** Tools answer with what they did, or why they did not. */
function toolWords(answer: Fields): Pick<Moment, 'status' | 'note'> {
  const { ok, message, error } = answer
  if (ok === false) return { status: 'refused', note: onOneLine(String(message ?? error ?? '')) }
  return { status: 'success', note: answerWords(answer) }
}

function answerWords({ entries, matches, exit, signal, before, bytes, lines }: Fields): string {
  if (Array.isArray(entries)) return count(entries.length, 'entry').replace(/entrys$/, 'entries')
  if (Array.isArray(matches)) return count(matches.length, 'match').replace(/matchs$/, 'matches')
  if (typeof signal === 'string') return `killed by ${onOneLine(signal)}`
  if (typeof exit === 'number') return `exit ${exit}`
  if (typeof lines === 'number') return count(lines, 'line')
  if (bytes === null) return 'removed'
  if (typeof bytes === 'number') return `${before === null ? 'made, ' : ''}${count(bytes, 'byte')}`
  return ''
}

function commandOf(input: Json): string {
  const { argv } = fieldsOf(input)
  return Array.isArray(argv) ? cut(argv.map(String).join(' '), COMMAND_COLUMNS) : ''
}

function fieldsOf(value: Json): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}
