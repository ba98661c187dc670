import type { ArgumentSpec, CommandSpec } from '../command-spec.ts'

const task: ArgumentSpec = {
  name: 'task',
  required: true,
  completes: 'task',
  summary: 'a task of the configuration',
}

/** Tasks: work in repositories, from its plan to its documents. */
export const taskCommands: readonly CommandSpec[] = [
  {
    name: 'plan list',
    summary: 'list the tasks of the configuration and where they stand',
    arguments: [],
    options: [],
    examples: ['orchastration plan list'],
  },
  {
    name: 'plan create',
    summary: 'take a task up; what was built stays',
    arguments: [task],
    options: [],
    examples: ['orchastration plan create sample_task'],
  },
  {
    name: 'plan status',
    summary: 'show where a task stands',
    arguments: [task],
    options: [],
    examples: ['orchastration plan status sample_task'],
  },
  {
    name: 'build run',
    summary: 'run the command of a task, and check its outputs',
    arguments: [task],
    options: [],
    examples: ['orchastration build run sample_task'],
  },
  {
    name: 'review run',
    summary: 'run the checks of a task, and look for its outputs',
    arguments: [task],
    options: [],
    examples: ['orchastration review run sample_task'],
  },
  {
    name: 'doc generate',
    summary: "write a task's page and its section of the README",
    arguments: [task],
    options: [],
    examples: ['orchastration doc generate sample_task'],
  },
  {
    name: 'git issue create',
    summary: 'open an issue for a task, with gh',
    arguments: [task],
    options: [],
    examples: ['orchastration git issue create sample_task'],
  },
  {
    name: 'git branch create',
    summary: 'make a branch for a task, and change to it',
    arguments: [task],
    options: [],
    examples: ['orchastration git branch create sample_task'],
  },
]
