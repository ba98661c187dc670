import type { CommandSpec } from '../command-spec.ts'
import { detach, parallel } from './common.ts'

const orchestration = {
  name: 'orchestration',
  required: false,
  completes: 'orchestration',
  summary: 'an orchestration of the configuration; without it the built-in one',
} as const

const flowOptions = [
  { flag: 'flow', value: 'FLOW', summary: "a flow in Orket's files, by its name or path; standard is built in" },
  { flag: 'workspace', value: 'DIR', completes: 'directory', summary: 'where the agents of the flow write' },
] as const

/** Agents that share a context, and the graphs they work in. */
export const agentCommands: readonly CommandSpec[] = [
  {
    name: 'orchestration run',
    summary: 'let agents plan, build, review and document',
    arguments: [{ ...orchestration, name: 'name' }],
    options: [
      { flag: 'goal', value: 'TEXT', summary: 'what is to be reached' },
      {
        flag: 'task',
        value: 'NAME',
        completes: 'task',
        summary: 'the one task that it is about; with --flow also a file, or - for standard input',
      },
      ...flowOptions,
      { flag: 'backend', value: 'NAME', summary: 'what takes the turns of all agents, such as scripted or human' },
      { flag: 'script', value: 'FILE', completes: 'file', summary: 'what agents with the scripted backend say' },
      { ...parallel, summary: 'how many agents may work at the same time' },
      { flag: 'conductor', value: 'FILE', completes: 'file', summary: 'rules for what is done between the steps' },
      { flag: 'interactive-conductor', summary: 'ask before each step what is to be done' },
      detach,
    ],
    examples: [
      'orchastration orchestration run --goal lint',
      'orchastration orchestration run hello_multi_agent --task sample_task',
      'orchastration orchestration run --flow standard --task task.json',
    ],
  },
  {
    name: 'orchestration list',
    summary: 'list the orchestrations',
    arguments: [],
    options: [],
    examples: ['orchastration orchestration list'],
  },
  {
    name: 'orchestration show',
    summary: 'show who takes part in an orchestration, and where',
    arguments: [{ ...orchestration, name: 'name' }],
    options: [],
    examples: ['orchastration orchestration show', 'orchastration orchestration show parallel_example'],
  },
  {
    name: 'orchestration explain',
    summary: 'show the graph that an orchestration is short for',
    arguments: [{ ...orchestration, name: 'name' }],
    options: [{ flag: 'mermaid', summary: 'as a diagram in Mermaid' }, ...flowOptions],
    examples: [
      'orchastration orchestration explain parallel_example',
      'orchastration orchestration explain --mermaid',
      'orchastration orchestration explain --flow standard',
    ],
  },
  {
    name: 'agent list',
    summary: 'list the agents that an orchestration can be made of',
    arguments: [],
    options: [],
    examples: ['orchastration agent list'],
  },
  {
    name: 'agent show',
    summary: 'show an agent, and what of the shared context it reads and writes',
    arguments: [{ name: 'agent', required: true, completes: 'agent', summary: 'an agent, built in or of your own' }],
    options: [{ flag: 'prompt', summary: 'all that it is told for the whole of a turn, as it is sent' }],
    examples: ['orchastration agent show ReviewerAgent', 'orchastration agent show ReviewerAgent --prompt'],
  },
]
