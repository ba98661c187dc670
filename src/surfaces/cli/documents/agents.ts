import * as z from 'zod/mini'
import { NodeState } from '#domain/run/node-state.ts'
import { about, document, failureOrNull, question, runId } from './shapes.ts'

/** `orchestration list`. */
export const orchestrationList = document('orchestration-list', {
  orchestrations: z.array(z.object({ name: z.string(), description: z.optional(z.string()), built_in: z.boolean() })),
})

/** `orchestration explain`. */
export const orchestrationExplain = document('orchestration-explain', {
  name: z.string(),
  description: z.optional(z.string()),
  built_in: z.boolean(),
  tasks: about(z.array(z.string()), 'the tasks that it is for'),
  nodes: about(
    z.array(
      z.object({
        id: z.string(),
        kind: about(z.string(), 'what it is: `agent`'),
        needs: z.array(z.string()),
        with: about(z.record(z.string(), z.unknown()), 'what it does, by its kind'),
      }),
    ),
    'its steps, each after all that it needs',
  ),
})

/** `orchestration run`. */
export const orchestrationRun = document('orchestration-run', {
  run: runId(),
  orchestration: z.string(),
  status: about(z.string(), 'where the run stands'),
  exit: about(z.nullable(z.int()), 'the exit code; null where the command does not stay with the run'),
  agents: about(z.array(NodeState), 'how each round of each node ended, in the order of the graph'),
  context: about(z.record(z.string(), z.unknown()), 'the values of the shared context in the end'),
  failure: failureOrNull,
})

/** `agent list`. */
export const agentList = document('agent-list', {
  agents: z.array(
    z.object({
      name: z.string(),
      capabilities: z.array(z.string()),
      reads: about(z.array(z.string()), 'keys of the shared context'),
      writes: about(z.array(z.string()), 'keys of the shared context'),
      built_in: z.boolean(),
    }),
  ),
})

/** `agent show`. */
export const agentShow = document('agent-show', {
  name: z.string(),
  description: z.optional(z.string()),
  capabilities: z.array(z.string()),
  reads: about(z.array(z.string()), 'keys of the shared context'),
  feedback: about(z.array(z.string()), 'keys that come back to it when its work is rejected'),
  writes: about(z.array(z.string()), 'keys of the shared context'),
  instructions: z.string(),
  backend: about(z.enum(['command', 'human']), 'what takes its turns'),
  command: z.optional(z.array(z.string())),
  built_in: z.boolean(),
})

/** `inbox`. */
export const inbox = document('inbox', { questions: about(z.array(question), 'the open ones, the oldest first') })
