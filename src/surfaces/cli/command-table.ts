import type { CommandSpec, OptionSpec } from './command-spec.ts'
import { agentCommands } from './commands/agents.ts'
import { configCommands } from './commands/config.ts'
import { fileCommands } from './commands/files.ts'
import { jobCommands } from './commands/jobs.ts'
import { programCommands } from './commands/program.ts'
import { runCommands } from './commands/runs.ts'
import { storeCommands } from './commands/store.ts'
import { taskCommands } from './commands/tasks.ts'

/** What the program can be asked to do, in the order in which help lists it. Data only: help reads it without zod. */
export const commands: readonly CommandSpec[] = [
  ...jobCommands,
  ...taskCommands,
  ...runCommands,
  ...agentCommands,
  ...fileCommands,
  ...storeCommands,
  ...configCommands,
  ...programCommands,
]

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
  { flag: 'config', value: 'PATH', completes: 'file', summary: 'read this configuration file' },
  { flag: 'trust', summary: "let the project's orchastration.toml count this once" },
  { flag: 'state-dir', value: 'PATH', completes: 'directory', summary: 'keep records and store here' },
  { flag: 'json', summary: 'answer in JSON' },
  {
    flag: 'log-format',
    value: 'FORMAT',
    choices: ['json'],
    summary: 'print log lines, then the answer',
  },
  { flag: 'quiet', short: 'q', summary: 'nothing on standard error but failures and questions' },
  {
    flag: 'verbose',
    short: 'v',
    summary: 'say where things lie and how long it took; of a run also each event, and output as it comes',
  },
  { flag: 'no-input', summary: 'never ask here, also on a terminal' },
  { flag: 'color', value: 'WHEN', choices: ['auto', 'always', 'never'], summary: 'auto, always or never' },
  { flag: 'help', short: 'h', summary: 'show help, for a command or for all' },
  { flag: 'version', summary: 'show the version' },
]
