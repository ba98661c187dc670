/** What Orket calls a tool, and what it is called here. Our own names may stand in its files, too. */
const TOOLS: Readonly<Record<string, string>> = {
  read_file: 'read',
  write_file: 'write',
  list_dir: 'list',
  read: 'read',
  write: 'write',
  list: 'list',
  search: 'search',
  edit: 'edit',
  note: 'note',
  ask: 'ask',
}

/** Tools of a later Orket that have no counterpart here. */
const ABSENT: ReadonlySet<string> = new Set([
  'document_inspect',
  'image_analyze',
  'image_generate',
  'create_card',
  'update_card_status',
  'request_excuse',
  'archive_eval',
  'promote_prompt',
  'generate_reforge_report',
])

export const TOOL_NAMES: readonly string[] = Object.keys(TOOLS)

/** Our name of a tool; undefined where there is no such tool here. */
export function ownTool(name: string): string | undefined {
  return Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined
}

/** Whether a later Orket has it, and we do not. */
export function isAbsentTool(name: string): boolean {
  return ABSENT.has(name)
}

const THEIRS: Readonly<Record<string, string>> = { read: 'read_file', write: 'write_file', list: 'list_dir' }

/** What Orket calls a tool of ours. */
export function theirTool(name: string): string {
  return Object.hasOwn(THEIRS, name) ? (THEIRS[name] ?? name) : name
}
