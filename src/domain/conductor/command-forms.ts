import { nearest } from '#base/text.ts'

/** What is wrong with the words of a command. */
export type WordsFault = {
  readonly problem: 'unknown_command' | 'unknown_target' | 'missing' | 'bad_value' | 'unexpected'
  readonly word: string
  /** What would have been right there. */
  readonly expected: string
  readonly nearest?: string
}

interface CommandForm {
  readonly form: string
  readonly means: string
  readonly flags?: readonly string[]
}

/** Each command by its first word: how it is said, and what it does. */
const COMMAND_FORMS = {
  continue: { form: 'continue [STEP]', means: 'let the step begin, or end the pause' },
  skip: { form: 'skip STEP | ROLE', means: 'leave out its next turn; a role: until enabled' },
  drop: { form: 'drop STEP', means: 'do it no more' },
  disable: { form: 'disable ROLE', means: 'skip the turns of a role' },
  enable: { form: 'enable ROLE | STEP', means: 'take back what skips it' },
  patch: {
    form: 'patch STEP | ROLE --append TEXT | --replace TEXT [--once]',
    means: 'change what its agent is told',
    flags: ['append', 'replace', 'once'],
  },
  clear: { form: 'clear STEP | ROLE', means: 'take its patches back' },
  backend: { form: 'backend STEP | ROLE NAME', means: 'let something else take its turns' },
  temperature: { form: 'temperature STEP | ROLE NUMBER', means: 'from 0 to 2, for backends that know it' },
  limit: {
    form: 'limit STEP | ROLE NAME=N …',
    means: 'replies, tool_calls, timeout_seconds and others',
  },
  repeat: { form: 'repeat STEP', means: 'do it once more' },
  set: {
    form: 'set KEY TEXT | set KEY --as-json JSON',
    means: 'write a value of the context, such as notes',
    flags: ['as-json'],
  },
  approve: {
    form: 'approve STEP [--reason TEXT]',
    means: 'let its agent do what it proposes',
    flags: ['reason'],
  },
  reject: { form: 'reject STEP [--reason TEXT]', means: 'do not, and tell it why', flags: ['reason'] },
  snapshot: { form: 'snapshot NAME', means: 'give this point of the run a name in its record' },
  pause: { form: 'pause', means: 'begin nothing further until continue' },
  stop: { form: 'stop [--reason TEXT]', means: 'begin nothing further, and end as cancelled', flags: ['reason'] },
} as const satisfies Readonly<Record<string, CommandForm>>

/** Where it begins to be said what commands do. */
const COLUMN = 24

/** All commands in two columns, as a terminal of 80 has room for them; a long form has a line of its own. */
export function commandsInWords(): string {
  return Object.values(COMMAND_FORMS)
    .map(
      ({ form, means }) =>
        `${form.length < COLUMN - 1 ? form.padEnd(COLUMN) : `${form}\n${' '.repeat(COLUMN)}`}${means}`,
    )
    .join('\n')
}

export type Verb = keyof typeof COMMAND_FORMS

export const VERBS = Object.keys(COMMAND_FORMS) as readonly Verb[]

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(COMMAND_FORMS, word)
}

export function formOf(verb: Verb): string {
  return COMMAND_FORMS[verb].form
}

/** The flags that a command takes, without their dashes. */
export function flagsOf(verb: Verb): readonly string[] {
  const { flags }: CommandForm = COMMAND_FORMS[verb]
  return flags ?? []
}

/** How many names are listed where none of them was said. */
const MOST_NAMES = 20

/** That the word is none of those that are known here. */
export function notAmong(problem: WordsFault['problem'], word: string, known: readonly string[]): WordsFault {
  const suggestion = nearest(word.slice(0, 100), known)
  const some = known.length > MOST_NAMES ? [...known.slice(0, MOST_NAMES), '…'] : known
  const expected = some.length === 0 ? 'nothing of the kind is there' : `one of ${some.join(', ')}`
  return { problem, word, expected, ...(suggestion !== undefined && { nearest: suggestion }) }
}
