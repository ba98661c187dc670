import * as z from 'zod/mini'
import { OUTPUTS } from '#domain/agents/role.ts'
import { NodeState } from '#domain/run/node-state.ts'
import { about, document, failureOrNull, question, runId } from './shapes.ts'

/** `orchestration list`. */
export const orchestrationList = document('orchestration-list', {
  orchestrations: z.array(z.object({ name: z.string(), description: z.optional(z.string()), built_in: z.boolean() })),
})

const Scopes = z.array(z.enum(['workspace', 'reference', 'domain']))

const Flow = z.object({
  path: about(z.string(), 'the file that was named or found'),
  task: z.nullable(z.string()),
  script: about(z.nullable(z.string()), 'the replies that go with the task, for the scripted backend'),
  parts: about(
    z.array(
      z.object({
        flow: z.string(),
        band: z.string(),
        score: z.nullable(z.string()),
        venue: z.nullable(z.string()),
      }),
    ),
    'what it is made of, by the names in its files',
  ),
  roles: z.array(
    z.object({
      name: z.string(),
      instructions: z.string(),
      tools: about(z.array(z.string()), 'by our names'),
      requires: about(
        z.object({ read: z.boolean(), write: z.boolean(), tools: z.array(z.string()) }),
        'what each of its turns must do',
      ),
      model: z.nullable(
        z.object({ model: z.string(), temperature: z.optional(z.number()), seed: z.optional(z.int()) }),
      ),
      timeout_seconds: z.nullable(z.int()),
    }),
  ),
  spaces: z.object({
    workspace: z.string(),
    references: z.array(z.string()),
    domain: z.string(),
    read_scope: Scopes,
    write_scope: Scopes,
  }),
  files: about(z.array(z.object({ path: z.string(), digest: z.string() })), 'all that were read, by SHA-256'),
  not_honoured: about(
    z.array(
      z.object({
        setting: z.string(),
        why: z.enum(['no_effect', 'no_such_tool', 'kept_for_model', 'one_workspace']),
      }),
    ),
    'what the files say and nothing here follows',
  ),
})

/** `orchestration show`. */
export const orchestrationShow = document('orchestration-show', {
  name: z.string(),
  description: z.optional(z.string()),
  built_in: z.boolean(),
  tasks: about(z.array(z.string()), 'the tasks that it is for'),
  agents: about(
    z.array(z.object({ node: z.string(), agent: z.string(), backend: z.string() })),
    'who takes the turns of its nodes, and by what',
  ),
  others: about(z.array(z.object({ node: z.string(), kind: z.string() })), 'the nodes that no agent takes'),
  spaces: about(
    z.object({
      workspace: z.string(),
      references: z.array(z.string()),
      domain: z.string(),
      read_scope: Scopes,
      write_scope: Scopes,
      allow: z.array(z.string()),
    }),
    'where its agents work; the directories are absolute',
  ),
  commands: about(z.array(z.string()), 'the jobs whose commands its agents may run'),
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
        kind: about(z.enum(['agent', 'command', 'job', 'orchestration', 'human', 'wait']), 'what it is'),
        needs: z.array(z.string()),
        with: about(z.record(z.string(), z.unknown()), 'what it does, by its kind'),
        when: about(z.optional(z.string()), 'the condition without which it is left out'),
        foreach: about(z.optional(z.union([z.string(), z.array(z.unknown())])), 'the list that it is done for'),
        until: z.optional(z.object({ condition: z.string(), limit: z.int() })),
        retry: about(z.optional(z.record(z.string(), z.unknown())), 'as it is configured'),
        timeout_ms: about(z.optional(z.int()), 'how long one try may take'),
        on_failure: about(z.optional(z.string()), '`stop`, `continue`, or the node that takes its place'),
        rework: about(
          z.optional(z.object({ nodes: z.array(z.string()), rounds: z.int() })),
          'which nodes its rejection sends work back to, and how often at most',
        ),
      }),
    ),
    'its steps, each after all that it needs',
  ),
  tools: about(
    z.object({
      workspace: z.optional(z.string()),
      references: z.optional(z.array(z.string())),
      domain: z.optional(z.string()),
      read_scope: z.optional(z.array(z.string())),
      write_scope: z.optional(z.array(z.string())),
      allow: z.optional(z.array(z.string())),
      commands: z.optional(z.array(z.string())),
      variables: z.optional(z.array(z.string())),
    }),
    'where its agents work and what they may, as it is configured',
  ),
  flow: about(z.optional(Flow), 'what the files of a flow say beside the graph'),
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
      description: z.nullable(z.string()),
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
  tools: about(z.array(z.string()), 'what it may ask for in its turn'),
  output: about(z.enum(OUTPUTS), 'what it hands in at the end of its turn'),
  prompt: about(z.string(), 'all that it is told for the whole of a turn, without the commands of an orchestration'),
  version: about(z.int(), 'counts the changes of the instructions of a built-in role; 0 for your own'),
  backend: about(
    z.nullable(z.enum(['command', 'human', 'scripted'])),
    'what takes its turns; null where one must be named for the run',
  ),
  limits: about(z.optional(z.record(z.string(), z.number())), 'what one turn may take'),
  command: z.optional(z.array(z.string())),
  built_in: z.boolean(),
})

/** `inbox`. */
export const inbox = document('inbox', { questions: about(z.array(question), 'the open ones, the oldest first') })
