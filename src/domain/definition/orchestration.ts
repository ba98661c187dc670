import * as z from 'zod/mini'
import { Name } from './name.ts'
import { PathText } from './text.ts'

const AgentName = z.string().check(z.minLength(1), z.maxLength(64))

/** A named graph of agents' turns in its short form: one after the other, or groups that run together. */
export const Orchestration = z.strictObject({
  /** What the orchestration is for. */
  description: z.optional(z.string()),
  /** Each agent is a step of its own. Needed unless there are `steps`. */
  agents: z.optional(z.array(AgentName)),
  /** Each inner list is a group that runs together; none may be empty. Counts before `agents`. */
  steps: z.optional(z.array(z.array(AgentName))),
  /** The tasks that it is for. Without any, a task of its own name, else what the goal speaks of. */
  tasks: z.optional(z.array(Name)),
  /** The file of replies for its agents with the scripted backend; relative paths count from the project, else from where orchastration was started. */
  script: z.optional(PathText),
})
export type Orchestration = z.infer<typeof Orchestration>
