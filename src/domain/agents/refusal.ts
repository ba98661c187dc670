import { formatSize } from '#base/size.ts'
import type { ToolError, ToolRefusal } from '../run/tool-answer.ts'
import type { Spaces } from './spaces.ts'

/** What keeps a tool from a file: see #activities/workspace-port.ts. */
interface FileFault {
  readonly kind: ToolError
  readonly detail: string
}

export function refusal(error: ToolError, message: string): ToolRefusal {
  return { ok: false, error, message }
}

/** What an agent is told where a file cannot be used: what, why, and what would do. */
export function fileRefusal(path: string, { kind, detail }: FileFault, spaces: Spaces): ToolRefusal {
  const words = WORDS[kind]
  return refusal(kind, `${quoted(path)} ${words === undefined ? `cannot be used: ${detail}` : words(detail, spaces)}`)
}

type Words = (detail: string, spaces: Spaces) => string

const WORDS: Readonly<Partial<Record<ToolError, Words>>> = {
  unusable_path: (detail) => `is no path that can be used${PATHS[detail] ?? ''}`,
  outside: () => 'lies outside of what you may touch; name files by paths below the workspace',
  not_in_scope: (detail, { write_scope }) => {
    return `lies in ${detail}, which you may not use so; you may write in: ${write_scope.join(', ') || 'nothing'}`
  },
  protected: (detail) => `is refused: ${PROTECTED[detail] ?? 'it is protected'}; go on without it`,
  missing: () => 'is not there',
  not_a_file: (detail) => (detail === 'directory' ? 'is a directory, no file' : 'is no regular file'),
  not_a_directory: () => 'is no directory, or has a file for one on its way',
  too_large: (detail) => `is too large: ${/^\d+$/.test(detail) ? formatSize(Number(detail)) : detail}`,
  read_only: () => 'is write-protected',
  changed_meanwhile: (detail) => {
    return detail === 'link'
      ? 'was changed into a link, or has one on its way now; it is not followed'
      : 'was changed by somebody else in the meantime; read it again'
  },
}

const PATHS: Readonly<Record<string, string>> = {
  control_character: ': it holds a control character',
  backslash: ': write / between names',
  too_long: ': it is too long',
  name: ': it holds a name that no file can have here',
}

const PROTECTED: Readonly<Record<string, string>> = {
  history: 'it belongs to a version control system',
  variables: 'files of variables hold secrets',
  key: 'it is a key, by its name',
  credentials: 'it holds credentials, by its name',
  state: 'it belongs to orchastration or to the system',
  project: 'what runs, and what agents may, is not changed by agents',
  draft: 'it is a draft of orchastration',
  other_name: 'it is one of several names (hard links) of a file, others of which may lie elsewhere',
}

function quoted(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path)
}
