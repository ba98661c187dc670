import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { BACKENDS } from '../agents/backend.ts'
import { isList } from '../context/orch-context.ts'
import { SteeringCommand, type Target, type TurnLimits } from './command.ts'
import { type FlaggedWords, readFlags } from './command-flags.ts'
import { flagsOf, formOf, isVerb, notAmong, VERBS, type Verb, type WordsFault } from './command-forms.ts'
import { roleNamed, rolesOf, type SteeredGraph } from './steered-graph.ts'

export interface Said {
  readonly words: readonly string[]
  /** The step that a command is about which names none. */
  readonly subject?: string | undefined
}

type Read = Result<SteeringCommand, WordsFault>

/** The command that these words say about this graph. */
export function readCommand({ words, subject }: Said, graph: SteeredGraph): Read {
  const flagged = readFlags(words)
  if (!flagged.ok) return flagged
  const [first, ...rest] = flagged.value.words
  if (first === undefined) return err({ problem: 'missing', word: '', expected: `one of ${VERBS.join(', ')}` })
  const verb = first.toLowerCase()
  if (!isVerb(verb)) return err(notAmong('unknown_command', first, VERBS))
  const { values, set } = flagged.value
  const stray = [...values.keys(), ...set].find((flag) => !flagsOf(verb).includes(flag))
  if (stray !== undefined) return err({ problem: 'unexpected', word: `--${stray}`, expected: formOf(verb) })
  return new Reader({ verb, flagged: { ...flagged.value, words: rest }, graph, subject }).read()
}

interface ReaderParts {
  readonly verb: Verb
  /** Those behind the verb. */
  readonly flagged: FlaggedWords
  readonly graph: SteeredGraph
  readonly subject: string | undefined
}

/** Takes one word after the other. */
class Reader {
  readonly #parts: ReaderParts
  #left: readonly string[]

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.#left = parts.flagged.words
  }

  read(): Read {
    const command = this.#command(this.#parts.verb)
    const [extra] = this.#left
    if (!command.ok || extra === undefined) return command
    return err({ problem: 'unexpected', word: extra, expected: formOf(this.#parts.verb) })
  }

  #command(verb: Verb): Read {
    switch (verb) {
      case 'pause':
        return ok({ do: verb })
      case 'stop':
        return ok({ do: verb, ...this.#reason() })
      case 'continue':
        return this.#continue()
      case 'drop':
      case 'repeat':
        return this.#node((node) => ({ do: verb, node }))
      case 'approve':
      case 'reject':
        return this.#node((node) => ({ do: verb, node, ...this.#reason() }))
      case 'set':
        return this.#set()
      case 'disable':
        return this.#disable()
      case 'snapshot':
        return this.#snapshot()
      default:
        return this.#aboutTarget(verb)
    }
  }

  #aboutTarget(verb: 'skip' | 'enable' | 'clear' | 'patch' | 'backend' | 'temperature' | 'limit'): Read {
    const target = this.#target()
    if (!target.ok) return target
    if (verb !== 'skip' && verb !== 'enable' && this.#isWithoutAgent(target.value))
      return bad(this.#parts.flagged.words[0] ?? verb, 'a step that an agent takes')
    switch (verb) {
      case 'skip':
        return ok(skipping(target.value))
      case 'enable':
      case 'clear':
        return ok({ do: verb, target: target.value })
      case 'patch':
        return this.#patch(target.value)
      case 'backend':
        return this.#backend(target.value)
      case 'temperature':
        return this.#temperature(target.value)
      case 'limit':
        return this.#limit(target.value)
    }
  }

  /** What agents are told, and by what they work, means nothing to commands, jobs and people. */
  #isWithoutAgent(target: Target): boolean {
    const node = 'node' in target ? this.#parts.graph.nodes.find(({ id }) => id === target.node) : undefined
    return node !== undefined && node.role === undefined
  }

  #backend(target: Target): Read {
    const backend = this.#take()
    if (backend === undefined) return this.#missing()
    return BACKENDS.includes(backend)
      ? ok({ do: 'backend', target, backend })
      : err(notAmong('bad_value', backend, BACKENDS))
  }

  #continue(): Read {
    const { subject } = this.#parts
    if (this.#left.length === 0) return ok({ do: 'continue', node: subject ?? null })
    return this.#node((node) => ({ do: 'continue', node }))
  }

  #disable(): Read {
    const name = this.#take()
    if (name === undefined) return this.#missing()
    const { graph } = this.#parts
    const roles = rolesOf(graph)
    const role = roleNamed(name, roles) ?? (graph.isOpen === true ? name : undefined)
    return role === undefined ? err(notAmong('unknown_target', name, roles)) : ok({ do: 'disable', role })
  }

  #snapshot(): Read {
    const name = this.#take()
    if (name === undefined) return this.#missing()
    if (!/^\w[\w.-]{0,63}$/.test(name)) return bad(name, 'a name of letters, digits, ".", "_" and "-"')
    return ok({ do: 'snapshot', name })
  }

  #set(): Read {
    const key = this.#take()
    if (key === undefined || this.#left.length === 0) return this.#missing()
    const text = this.#left.join(' ')
    this.#left = []
    if (!/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/.test(key))
      return bad(key, 'a key of the shared context, such as notes.style')
    const isJson = this.#parts.flagged.set.has('as-json')
    const said = isJson ? parsed(text) : text
    if (said === undefined) return bad(text, 'JSON')
    // One text is a list of one, where a list stands.
    const value = isList(key) && !isJson ? [said] : said
    if (isList(key) && !Array.isArray(value)) return bad(text, `a list, as ${key} holds`)
    return ok({ do: 'set', key, value })
  }

  #patch(target: Target): Read {
    const { values, set } = this.#parts.flagged
    const [append, replace] = [values.get('append'), values.get('replace')]
    if ((append === undefined) === (replace === undefined)) return this.#missing()
    const how = append === undefined ? 'replace' : 'append'
    return ok({ do: 'patch', target, how, text: append ?? replace ?? '', once: set.has('once') })
  }

  #temperature(target: Target): Read {
    const text = this.#take()
    if (text === undefined) return this.#missing()
    const temperature = Number(text)
    const isRight = /^\d+(\.\d+)?$/.test(text) && temperature <= 2
    return isRight ? ok({ do: 'temperature', target, temperature }) : bad(text, 'a number from 0 to 2')
  }

  #limit(target: Target): Read {
    if (this.#left.length === 0) return this.#missing()
    const limits: Record<string, number> = {}
    for (let word = this.#take(); word !== undefined; word = this.#take()) {
      const [, name, number] = /^(replies|tool_calls|timeout_seconds|max_reply_bytes)=(\d{1,9})$/.exec(word) ?? []
      if (name === undefined) return bad(word, 'replies=N, tool_calls=N, timeout_seconds=N or max_reply_bytes=N')
      limits[name] = Number(number)
    }
    const read = SteeringCommand.safeParse({ do: 'limit', target, limits: limits satisfies TurnLimits })
    return read.success ? ok(read.data) : bad(this.#parts.flagged.words.join(' '), 'numbers from 1')
  }

  #reason(): { readonly reason?: string } {
    const reason = this.#parts.flagged.values.get('reason')
    return reason === undefined ? {} : { reason }
  }

  /** What the next word names; a step counts before a role of its name. */
  #target(): Result<Target, WordsFault> {
    const { graph, subject } = this.#parts
    const [name] = this.#left
    if (name === undefined || (subject !== undefined && this.#isValue(name)))
      return subject === undefined ? this.#missing() : ok({ node: subject })
    const roles = rolesOf(graph)
    const node = graph.nodes.find(({ id }) => id === name)?.id
    const role = roleNamed(name, roles)
    if (node === undefined && role === undefined && graph.isOpen !== true)
      return err(notAmong('unknown_target', name, [...graph.nodes.map(({ id }) => id), ...roles]))
    this.#take()
    return ok(node === undefined && role !== undefined ? { role } : { node: name })
  }

  /** Whether the step is left out before a value. */
  #isValue(word: string): boolean {
    const { verb } = this.#parts
    if (verb === 'limit') return word.includes('=')
    return (verb === 'backend' || verb === 'temperature') && this.#left.length === 1
  }

  #node(make: (node: string) => SteeringCommand): Read {
    const name = this.#take() ?? this.#parts.subject
    const node = name === undefined ? this.#missing() : this.#nodeNamed(name)
    return node.ok ? ok(make(node.value)) : node
  }

  #nodeNamed(name: string): Result<string, WordsFault> {
    const { graph, subject } = this.#parts
    const ids = graph.nodes.map(({ id }) => id)
    return name === subject || graph.isOpen === true || ids.includes(name)
      ? ok(name)
      : err(notAmong('unknown_target', name, ids))
  }

  #take(): string | undefined {
    const [word, ...left] = this.#left
    this.#left = left
    return word
  }

  #missing(): Result<never, WordsFault> {
    const { verb } = this.#parts
    return err({ problem: 'missing', word: verb, expected: formOf(verb) })
  }
}

/** Of a role, all turns are skipped until it is enabled again. */
function skipping(target: Target): SteeringCommand {
  return 'node' in target ? { do: 'skip', node: target.node } : { do: 'disable', role: target.role }
}

function bad(word: string, expected: string): Result<never, WordsFault> {
  return err({ problem: 'bad_value', word, expected })
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
