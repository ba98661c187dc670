import type { OfferedJob } from './offered-job.ts'

/** What a repository offers to check or make of itself, as a task that a goal finds. */
export interface OfferedTask {
  readonly description: string
  readonly keywords: readonly string[]
  readonly command: OfferedJob['argv']
}

interface Kind extends Omit<OfferedTask, 'command'> {
  /** A name with one of these words is of the kind. */
  readonly words: readonly string[]
}

const KINDS: readonly Kind[] = [
  {
    words: ['lint', 'linter', 'eslint', 'clippy', 'vet', 'style', 'stylelint'],
    description: 'Look for mistakes and bad style',
    keywords: ['linter', 'style'],
  },
  {
    words: ['typecheck', 'types', 'typing', 'tsc', 'mypy'],
    description: 'Check the types',
    keywords: ['typecheck', 'types'],
  },
  {
    words: ['test', 'tests', 'unit', 'e2e', 'integration', 'spec', 'specs', 'pytest', 'coverage'],
    description: 'Run the tests',
    keywords: ['tests', 'suite', 'specs'],
  },
  {
    words: ['build', 'compile', 'bundle', 'dist', 'all'],
    description: 'Build it',
    keywords: ['compile', 'bundle', 'built'],
  },
  {
    words: ['doc', 'docs', 'documentation'],
    description: 'Make the documentation',
    keywords: ['docs', 'documentation', 'documents'],
  },
  {
    words: ['check', 'checks', 'ci', 'verify', 'validate'],
    description: 'Check everything',
    keywords: ['verify', 'validate', 'ci'],
  },
]

/** What does not end by itself, or does more than look and make. */
const OTHERS = /^(?:watch|dev|serve|server|start|debug|ui|open|fix|clean|update|publish|deploy|release|upload)$/

/** The task that agents may be given where a job is of a kind that ends by itself and asks for nothing. */
export function offeredTask(
  { name, argv, description, confirm, params }: OfferedJob,
  file: string,
): OfferedTask | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  const mustBeGiven = params.some((param) => param.default === undefined)
  if (confirm !== undefined || mustBeGiven || words.some((word) => OTHERS.test(word))) return undefined
  const kind = KINDS.find((each) => each.words.some((word) => words.includes(word)))
  if (kind === undefined) return undefined
  // Of a script the file says no more than the command.
  const isSaid = description !== undefined && file !== 'package.json'
  const isOne = words.length === 1
  return {
    description: isSaid ? description : isOne ? kind.description : `${kind.description}: ${name}`,
    // Of several of a kind, a word for the kind means the plain one.
    keywords: isOne ? kind.keywords : [],
    command: filled(argv, params),
  }
}

/** The words of a job's command with what its parameters are where nobody says otherwise. */
function filled(argv: OfferedJob['argv'], params: OfferedJob['params']): OfferedJob['argv'] {
  const fill = (word: string) => {
    const param = params.find((each) => word === `{{${each.name}}}`)
    return param?.default ?? word
  }
  const [program, ...rest] = argv
  return [program, ...rest.map(fill)]
}
