import * as z from 'zod/mini'
import { Scope } from '../agents/spaces.ts'
import { Name } from './name.ts'
import { OrchestrationNode } from './orchestration-node.ts'
import { PathText, PatternText, VariableName } from './text.ts'

const AgentName = z.string().check(z.minLength(1), z.maxLength(64))

/** A named graph: of agents one after the other, of groups that run together, or of nodes of any kind. */
export const Orchestration = z.strictObject({
  /** What the orchestration is for. */
  description: z.optional(z.string()),
  /** Each agent is a step of its own. Needed unless there are `steps` or `nodes`. */
  agents: z.optional(z.array(AgentName)),
  /** Each inner list is a group that runs together; none may be empty. Counts before `agents`. */
  steps: z.optional(z.array(z.array(AgentName))),
  /** The graph itself, node by node, in the place of `agents` and `steps`. */
  nodes: z.optional(z.array(OrchestrationNode).check(z.minLength(1), z.maxLength(1000))),
  /** The tasks that it is for. Without any, a task of its own name, else what the goal speaks of. */
  tasks: z.optional(z.array(Name)),
  /** The file of replies for its agents with the scripted backend; relative paths count from the project, else from where orchastration was started. */
  script: z.optional(PathText),
  /** Where its agents work, and what they may write. Default: the project's directory, else where orchestration was started. */
  workspace: z.optional(PathText),
  /** Directories that its agents only look at. */
  references: z.optional(z.array(PathText)),
  /** What the work is about, where that is more than the workspace. Default: the workspace. */
  domain: z.optional(PathText),
  /** Where its agents may read. Default: everywhere of these. */
  read_scope: z.optional(z.array(Scope)),
  /** Where its agents may write. Default: in the workspace. */
  write_scope: z.optional(z.array(Scope)),
  /** Patterns, relative to the workspace, of files that agents may touch although they are refused for their names. */
  allow: z.optional(z.array(PatternText)),
  /** Jobs whose commands its agents may run, by name and as they are. Default: none. */
  commands: z.optional(z.array(Name)),
  /** Variables that those commands inherit beside the usual ones, such as `PATH` and `HOME`. */
  variables: z.optional(z.array(VariableName)),
})
export type Orchestration = z.infer<typeof Orchestration>
