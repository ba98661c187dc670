/** What a word names: completions offer what there is of it, and paths are left to the shell. */
export type Named =
  | 'job'
  | 'task'
  | 'orchestration'
  | 'agent'
  | 'run'
  | 'group'
  | 'parameter'
  | 'question'
  | 'choice'
  | 'command'
  | 'document'
  | 'algorithm'
  | 'file'
  | 'directory'

/** A word after the command's name. */
export interface ArgumentSpec {
  readonly name: string
  readonly required: boolean
  /** The last argument only: it takes all that is left. */
  readonly variadic?: boolean
  /** The words there are; others are refused before anything is done. */
  readonly choices?: readonly string[]
  readonly completes?: Named
  readonly summary: string
}

export interface OptionSpec {
  /** Without dashes. */
  readonly flag: string
  readonly short?: string
  /** What the value is called in help; an option without it takes none. */
  readonly value?: string
  /** What a following word must look like to be the value; otherwise the option stands without one. */
  readonly valueWhen?: RegExp
  /** The values there are, or the only kind of them; other values are refused before anything is done. */
  readonly choices?: readonly string[] | 'whole number'
  readonly completes?: Named
  readonly summary: string
  /** May be given more than once; otherwise the last one counts. */
  readonly repeatable?: boolean
}

export interface CommandSpec {
  /** One word, two or three. */
  readonly name: string
  readonly summary: string
  readonly arguments: readonly ArgumentSpec[]
  readonly options: readonly OptionSpec[]
  /** What the words after `--` are, where they are none of the arguments. */
  readonly rest?: string
  /** Whole commands. */
  readonly examples: readonly string[]
}
