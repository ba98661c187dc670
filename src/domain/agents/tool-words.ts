import type { AnyTool } from './tool-name.ts'

/** What an agent is told of each tool: what it takes, and what it does. */
const WORDS: Readonly<Record<AnyTool, readonly [takes: string, does: string]>> = {
  read: ['{"path", "from"?, "to"?}', 'the text of a file, or its lines from one number to another'],
  list: ['{"path"?, "depth"?}', 'what is in a directory'],
  search: [
    '{"pattern", "regex"?, "case"?, "path"?, "files"?}',
    'the lines that hold a text, or match a regular expression where "regex" is true; "files" is a pattern such as src/**/*.ts',
  ],
  write: ['{"path", "text"}', 'makes or replaces a whole file'],
  edit: [
    '{"path", "edits": [{"old", "new"}]}',
    'replaces texts of a file, each of which must stand in it exactly once',
  ],
  run: ['{"command"}', 'runs a command by its name'],
  note: ['{"text"} or {"key", "value"}', 'leaves a note for those after you'],
  ask: ['{"question", "choices"?}', 'asks a person, and waits for the answer'],
}

/** The tools of an agent, a line each. Commands are those that it may run, by name. */
export function toolLines(tools: readonly AnyTool[], commands: readonly string[]): readonly string[] {
  return tools.map((tool) => {
    const [takes, does] = WORDS[tool]
    const which = commands.length === 0 ? 'there is none' : commands.join(', ')
    return `- ${tool} ${takes}: ${does}${tool === 'run' ? ` (${which})` : ''}`
  })
}
