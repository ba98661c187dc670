import * as z from 'zod/mini'
import { failureCatalogue } from '#domain/failure.ts'
import { RUN_STATUSES } from '#domain/run/run.ts'

/** A document of this name in its first version. Fields may be added to it; what is there keeps its meaning. */
export function document<Shape extends Record<string, z.ZodMiniType>>(name: string, shape: Shape) {
  return z.object({ schema: z.literal(`orchastration.${name}/1`), ...shape })
}

/** With what is to be said of it in docs/json.md and in the JSON Schema. */
export function about<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  z.globalRegistry.add(schema, { description })
  return schema
}

export const runId = () => about(z.string(), "a run's id")
export const time = (description: string) => about(z.int(), `${description}, milliseconds since the epoch`)
const timeOrNull = (description: string) =>
  about(z.nullable(z.int()), `${description}, milliseconds since the epoch; null where that is not so`)
export const status = () => about(z.enum(RUN_STATUSES), 'where the run stands')
export const exitCode = (description: string) => about(z.int(), description)

/** Any failure of docs/failures.md: its code, and its data beside it. */
export const failure = about(
  z.union(Object.entries(failureCatalogue).map(([code, { data }]) => z.extend(data, { code: z.literal(code) }))),
  'why not: a code of docs/failures.md with its data',
)

export const failureOrNull = about(
  z.nullable(failure),
  'why not: a code of docs/failures.md with its data; null if all is well',
)

export const question = z.object({
  number: about(z.int(), 'how people name it: orchastration answer <number>'),
  id: about(z.string(), 'its UUID'),
  run: runId(),
  wait: about(z.nullable(z.int()), 'the wait that the answer ends; null where the whole run waits'),
  text: z.string(),
  choices: z.array(z.string()),
  asker: about(z.string(), 'what asks, such as a job'),
  asked_at: time('when it was asked'),
  deadline: timeOrNull('until when it can be answered'),
  state: z.enum(['open', 'answered', 'expired', 'withdrawn', 'run_ended']),
  choice: about(z.nullable(z.string()), 'the answer'),
  closed_by: about(z.nullable(z.string()), 'who answered, or what closed it'),
})

/** A run as lists have it. */
export const runShape = {
  run: runId(),
  workflow: z.string(),
  name: about(z.string(), 'what people call it: the jobs that were asked for'),
  status: status(),
  interrupted: about(z.boolean(), 'its status is running, and the process that ran it is gone'),
  ready_at: timeOrNull('when its next wait is due'),
  queued_at: time('when it was asked for'),
  started_at: timeOrNull('when it began'),
  ended_at: timeOrNull('when it ended'),
  erased_at: timeOrNull('when what it did was erased'),
  scripted: about(z.boolean(), 'turns of its agents came from a script'),
}

/** Why a run was erased. */
export const erasureReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('named') }),
  z.object({ kind: z.literal('older_than'), older_than_ms: z.int() }),
  z.object({ kind: z.literal('keep'), keep: z.int() }),
  z.object({ kind: z.literal('max_bytes'), max_bytes: z.int() }),
])
