import type { CommandSpec } from '../command-spec.ts'

/** The shells that completions are written for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

/** The command line itself. */
export const programCommands: readonly CommandSpec[] = [
  {
    name: 'completions',
    summary: "print a shell's completion script",
    arguments: [{ name: 'shell', required: true, choices: SHELLS, summary: `one of ${SHELLS.join(', ')}` }],
    options: [],
    examples: ['orchastration completions bash', 'orchastration completions fish'],
  },
  {
    name: 'complete',
    summary: 'print what may come next on a command line',
    arguments: [
      {
        name: 'word',
        required: false,
        variadic: true,
        summary: 'the words so far; the last one is being written, and may be empty',
      },
    ],
    options: [{ flag: 'next', summary: 'all words are whole: what may come behind them' }],
    examples: ['orchastration complete --next -- runs show', 'orchastration complete -- run bui'],
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of a document that --json gives',
    arguments: [
      { name: 'document', required: false, completes: 'document', summary: 'its name; without it, all names' },
    ],
    options: [],
    examples: ['orchastration schema', 'orchastration schema run'],
  },
  {
    name: 'man',
    summary: 'print the manual page',
    arguments: [],
    options: [],
    examples: ['orchastration man'],
  },
  {
    name: 'help',
    summary: 'show help, for a command or for all',
    arguments: [
      { name: 'command', required: false, variadic: true, completes: 'command', summary: 'its one word or two' },
    ],
    options: [],
    examples: ['orchastration help runs list'],
  },
]
