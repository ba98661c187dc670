import { uuid } from '#base/id.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import type { Failure } from '#domain/failure.ts'
import type { DrawKind, EventDraft } from '#domain/run/event.ts'
import type { RecordedFact, RecordedType } from '#domain/run/recorded-fact.ts'
import type { EndedFact } from './ended-fact.ts'
import type { Command } from './host-port.ts'
import type { StepCommand } from './open-commands.ts'
import { inputDigest } from './replay.ts'

export type GivenDraft = Extract<EventDraft, { type: 'step.started' | 'timer.started' | 'wait.opened' }>
export type RecordedDraft = Extract<EventDraft, { type: RecordedType }>
export type EndedDraft = Extract<EventDraft, { readonly type: EndedFact['type'] }>

/** The fact that a command was given. */
export function givenDraft(command: Command, now: number): GivenDraft {
  const { number } = command
  switch (command.kind) {
    case 'step': {
      const { activity, input, options } = command
      const digest = inputDigest(input)
      const body = { number, name: nameOf(command), activity, input, input_digest: digest }
      return { type: 'step.started', body: { ...body, idempotent: options.idempotent ?? false } }
    }
    case 'timer': {
      const { durationMs } = command
      return { type: 'timer.started', body: { number, duration_ms: durationMs, due_at: now + durationMs } }
    }
    case 'signal':
      return { type: 'wait.opened', body: { number, signal: command.signal, question: command.question } }
  }
}

export function succeededDraft(command: StepCommand, attempt: number, output: Json): EndedDraft {
  return { type: 'step.succeeded', body: { ...endOf(command, attempt), output: asReplayed(output) } }
}

export function failedDraft(command: StepCommand, attempt: number, failure: Failure): EndedDraft {
  // A failure is data of our own, so what comes back from JSON is one, too.
  return { type: 'step.failed', body: { ...endOf(command, attempt), failure: asReplayed(failure) as Failure } }
}

export function drawnValue(
  kind: DrawKind,
  sources: { readonly now: number; readonly random: () => number },
): string | number {
  switch (kind) {
    case 'now':
      return sources.now
    case 'random':
      return sources.random()
    case 'uuid':
      return uuid(sources.random)
  }
}

/** The fact as it is journalled. */
export function recordedDraft(number: number, { type, body }: RecordedFact): RecordedDraft {
  // The pair was made from one type of fact; with its number it is the event of that type.
  return { type, body: { ...body, number } } as RecordedDraft
}

/** What people call the step. */
export function nameOf({ activity, options }: StepCommand): string {
  return options.name ?? activity
}

function endOf(command: StepCommand, attempt: number) {
  return { number: command.number, name: nameOf(command), activity: command.activity, attempt }
}

/** The value as a replay will read it: keys sorted, what JSON does not know left out. */
function asReplayed(value: Json): Json {
  return JSON.parse(canonicalJson(value))
}
