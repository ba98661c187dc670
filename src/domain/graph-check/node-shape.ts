import { parseDuration } from '#base/duration.ts'
import { placeholdersIn } from '../context/fill-texts.ts'
import { fitsShell } from '../definition/job.ts'
import { momentOf } from '../definition/node-times.ts'
import type { OrchestrationNode } from '../definition/orchestration-node.ts'
import { type GraphFault, type Path, worded } from './graph-fault.ts'

type Kind = NonNullable<OrchestrationNode['kind']>
type Work = NonNullable<OrchestrationNode['with']>

interface Shape {
  /** One of these must be there. */
  readonly needed: readonly (keyof Work)[]
  readonly others: readonly (keyof Work)[]
}

/** The keys of `with`, by the kind of node. */
const SHAPES: Readonly<Record<Kind, Shape>> = {
  agent: { needed: ['agent'], others: ['backend', 'instructions', 'rounds'] },
  command: { needed: ['command'], others: ['working_dir', 'env', 'shell'] },
  job: { needed: ['job'], others: ['params', 'args'] },
  orchestration: { needed: ['orchestration'], others: ['goal', 'task'] },
  human: { needed: ['text'], others: ['choices', 'addressee', 'deadline', 'key'] },
  wait: { needed: ['for', 'until'], others: [] },
}

/** What is wrong with a node by itself: keys that its kind does not take, and values that nobody can read. */
export function shapeFaults(node: OrchestrationNode, path: Path): readonly GraphFault[] {
  const { kind = 'agent', with: work } = node
  const { needed, others } = SHAPES[kind]
  const allowed: readonly string[] = [...needed, ...others]
  const given = needed.filter((key) => work?.[key] !== undefined)
  const stray = Object.keys(work ?? {}).filter((key) => !allowed.includes(key))
  return [
    ...reservedId(node, path),
    ...stray.map(
      (key): GraphFault => ({
        kind: 'unknown_key',
        path: [...path, 'with', key],
        at: 'key',
        expected: allowed.join(', '),
        meant: { word: key, candidates: allowed },
      }),
    ),
    ...(given.length === 0 ? [missing(needed, [...path, 'with'])] : []),
    ...(given.length > 1 ? [onlyOne(needed, [...path, 'with', given[1] ?? ''])] : []),
    ...(work === undefined ? [] : valueFaults(kind, work, [...path, 'with'])),
  ]
}

/** The other two things that `on_failure` may say are no names of nodes. */
function reservedId({ id }: OrchestrationNode, path: Path): readonly GraphFault[] {
  if (id !== 'stop' && id !== 'continue') return []
  const expected = 'another name than "stop" and "continue", which "on_failure" takes for itself,'
  return [{ kind: 'bad_value', path: [...path, 'id'], at: 'value', found: worded(id), expected }]
}

function missing(needed: readonly string[], path: Path): GraphFault {
  const [first = ''] = needed
  const expected = needed.length > 1 ? `a duration, or "${needed.slice(1).join('", "')}",` : 'what the node is about'
  return { kind: 'missing_key', path: [...path, first], at: 'table', expected }
}

function onlyOne(needed: readonly string[], path: Path): GraphFault {
  const found = 'one of several'
  return { kind: 'bad_value', path, at: 'key', found, expected: `only one of "${needed.join('" and "')}"` }
}

function valueFaults(kind: Kind, work: Work, path: Path): readonly GraphFault[] {
  if (kind === 'command') return commandFaults(work, path)
  if (kind === 'human') return timeFault('deadline', work.deadline, path)
  if (kind !== 'wait') return []
  return [...timeFault('for', work.for, path), ...momentFault(work.until, path)]
}

function commandFaults({ command, shell }: Work, path: Path): readonly GraphFault[] {
  const at = [...path, 'command']
  if (command === undefined) return []
  if (!fitsShell(command, shell)) {
    const [found, expected] =
      typeof command === 'string'
        ? ['one text; for a shell to read it, add "shell = true"', 'a list such as ["npm", "test"]']
        : ['a list', 'one text for the shell that "shell" names']
    return [{ kind: 'bad_value', path: at, at: 'value', found, expected }]
  }
  const index = typeof command === 'string' ? undefined : codeWord(command)
  const code = typeof command === 'string' ? command : command[index ?? command.length]
  const [first] = code === undefined ? [] : placeholdersIn(code)
  if (first === undefined || code === undefined) return []
  const way =
    index === undefined ? 'hand it over in "env"' : 'hand it over in "env", or behind the text as an argument of it'
  const expected = `a text without placeholders, since the shell would read what they stand for as code: ${way}`
  const part = { text: code, from: first.from, to: first.to }
  const place = index === undefined ? at : [...at, index]
  return [{ kind: 'bad_value', path: place, at: 'value', found: worded(`{{${first.name}}}`), expected, part }]
}

const SHELLS = /(?:^|[\\/])(?:(?:ba|da|z|k|mk|fi|a)?sh|cmd|pwsh|powershell)(?:\.exe)?$/i
const READS_CODE = /^(?:-[a-z]*c|\/[ck]|-command)$/i

/** Which word of a command a shell reads as code; undefined where it starts none, or a script in a file. */
function codeWord(command: readonly string[]): number | undefined {
  if (!SHELLS.test(command[0] ?? '')) return undefined
  const at = command.findIndex((word, index) => index > 0 && READS_CODE.test(word))
  return at < 0 ? undefined : at + 1
}

function timeFault(key: string, text: string | undefined, path: Path): readonly GraphFault[] {
  if (text === undefined || placeholdersIn(text).length > 0 || parseDuration(text).ok) return []
  const expected = 'a duration such as "30s" or "1h30m"'
  return [{ kind: 'bad_value', path: [...path, key], at: 'value', found: worded(text), expected }]
}

function momentFault(text: string | undefined, path: Path): readonly GraphFault[] {
  if (text === undefined || placeholdersIn(text).length > 0 || momentOf(text) !== undefined) return []
  const expected = 'a moment with its zone such as "2027-01-31T08:00:00Z"'
  return [{ kind: 'bad_value', path: [...path, 'until'], at: 'value', found: worded(text), expected }]
}
