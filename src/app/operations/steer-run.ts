import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Operation } from '../operation.ts'
import { steerRun as steer } from '../steer-run.ts'

const Input = z.object({
  run: z.string(),
  command: z.array(z.string()),
  append: z.optional(z.string()),
  replace: z.optional(z.string()),
  reason: z.optional(z.string()),
  once: z.optional(z.boolean()),
  as_json: z.optional(z.boolean()),
})

export interface SteeredRun {
  readonly runId: RunId
  readonly command: SteeringCommand
  /** False where no process executes the run yet: it obeys when it goes on. */
  readonly obeyed: boolean
  /** Whether the run goes on in the background because of it. */
  readonly launched: boolean
}

/** Tells the run of an orchestration what to do between its steps. */
export const steerRun: Operation<z.infer<typeof Input>, SteeredRun> = {
  name: 'runs steer',
  effect: 'write',
  // An agent decides neither for a person nor for the agents beside it.
  callers: ['person'],
  input: Input,
  run: async ({ run, command, ...flags }, call) => {
    const executing = await call.services.executing()
    if (!executing.ok) return executing
    const given = Object.entries(flags).flatMap(([name, value]) => flagWords(name.replaceAll('_', '-'), value))
    const steered = await steer(executing.value, call, { run, words: [...given, '--', ...command] })
    return steered.ok ? ok(steered.value) : steered
  },
}

function flagWords(flag: string, value: string | boolean | undefined): readonly string[] {
  if (typeof value === 'string') return [`--${flag}=${value}`]
  return value === true ? [`--${flag}`] : []
}
