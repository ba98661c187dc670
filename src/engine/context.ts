import type { Json } from '#base/json.ts'
import type { Question } from '#domain/people/question.ts'
import type { DrawKind } from '#domain/run/event.ts'
import type { RecordedFact } from '#domain/run/recorded-fact.ts'
import type { Command } from './host-port.ts'
import type { ActivityContract, Pending, StepOptions, Winner, WorkflowContext } from './workflow.ts'

/** A command before it has its number. */
export type Request = Command extends infer One ? (One extends Command ? Omit<One, 'number'> : never) : never

/** Who numbers commands and settles their promises. */
export interface Commands {
  request<T>(request: Request): Pending<T>
  draw(kind: DrawKind): string | number
  record(fact: RecordedFact): void
}

/** The context of one run: every method is a command to its commands. */
export function createContext(commands: Commands): WorkflowContext {
  const waits = new Map<string, Pending<Json>>()
  return {
    run: <Input extends Json, Output extends Json>(
      contract: ActivityContract<Input, Output>,
      input: Input,
      options: StepOptions = {},
    ) => commands.request<Output>({ kind: 'step', activity: contract.name, input, options }),
    sleep: (durationMs) => commands.request<void>({ kind: 'timer', durationMs: Math.max(0, Math.round(durationMs)) }),
    signal: <Payload extends Json>(name: string, question?: Question) => {
      const wait = waits.get(name) ?? openWait(commands, waits, { name, question: question ?? null })
      // The sender's payload is what the asker's contract says; the operation that takes signals checks it.
      return wait as Pending<Payload>
    },
    race: (contestants) => race(contestants),
    record: (fact) => commands.record(fact),
    now: () => Number(commands.draw('now')),
    random: () => Number(commands.draw('random')),
    uuid: () => String(commands.draw('uuid')),
  }
}

function openWait(
  commands: Commands,
  waits: Map<string, Pending<Json>>,
  wait: { readonly name: string; readonly question: Question | null },
): Pending<Json> {
  const pending = commands.request<Json>({ kind: 'signal', signal: wait.name, question: wait.question })
  waits.set(wait.name, pending)
  void pending.then(() => waits.delete(wait.name))
  return pending
}

/** One promise settles per turn, so the first one to run its callback is the first in the journal, too. */
async function race<Contestants extends Readonly<Record<string, Pending<unknown>>>>(
  contestants: Contestants,
): Promise<Winner<Contestants>> {
  const first = await Promise.race(
    Object.entries(contestants).map(async ([winner, pending]) => ({ winner, result: await pending })),
  )
  for (const [name, loser] of Object.entries(contestants)) {
    if (name !== first.winner && loser.kind !== 'signal') loser.cancel()
  }
  // The pair was made from one entry of the contestants, which is what the type says.
  return first as Winner<Contestants>
}
