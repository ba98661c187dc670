import type { CommandSpec } from '../command-spec.ts'

/** Configuration files, and the trust in those of projects. */
export const configCommands: readonly CommandSpec[] = [
  {
    name: 'trust',
    summary: "let a project's orchastration.toml count",
    arguments: [
      {
        name: 'directory',
        required: false,
        completes: 'directory',
        summary: 'a directory of the project; without it, the current one',
      },
    ],
    options: [
      { flag: 'yes', summary: 'do not ask' },
      { flag: 'list', summary: 'list the projects that are trusted' },
      { flag: 'revoke', summary: 'trust the project no more' },
    ],
    examples: ['orchastration trust', 'orchastration trust --list', 'orchastration trust app --revoke'],
  },
  {
    name: 'config path',
    summary: 'show which configuration files count here',
    arguments: [],
    options: [],
    examples: ['orchastration config path'],
  },
  {
    name: 'config show',
    summary: 'show the configuration that counts here',
    arguments: [],
    options: [{ flag: 'origin', summary: 'with the file and line of each key' }],
    examples: ['orchastration config show', 'orchastration config show --origin'],
  },
  {
    name: 'config validate',
    summary: 'check configuration files',
    arguments: [
      {
        name: 'file',
        required: false,
        variadic: true,
        completes: 'file',
        summary: 'a configuration file; without it, those that count here',
      },
    ],
    options: [],
    examples: ['orchastration config validate', 'orchastration config validate orchastration.toml'],
  },
  {
    name: 'config schema',
    summary: 'print the JSON Schema of configuration files',
    arguments: [],
    options: [],
    examples: ['orchastration config schema'],
  },
  {
    name: 'config example',
    summary: 'print an example of a configuration file',
    arguments: [],
    options: [],
    examples: ['orchastration config example'],
  },
]
