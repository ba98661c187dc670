/** What an agent may ask for in its turn. The first six act on files and commands, the last two on the run. */
export const TOOL_NAMES = ['read', 'list', 'search', 'write', 'edit', 'run', 'note', 'ask'] as const
export type AnyTool = (typeof TOOL_NAMES)[number]

/** What other programs call our tools. */
const ELSEWHERE: Readonly<Record<string, AnyTool>> = {
  read_file: 'read',
  write_file: 'write',
  list_dir: 'list',
  edit_file: 'edit',
  run_command: 'run',
}

/** The tool that is meant by a name of ours or of another program's; undefined where it is none. */
export function toolOf(name: string): AnyTool | undefined {
  const known = TOOL_NAMES.find((tool) => tool === name)
  return known ?? (Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined)
}
