import type { Json } from '#base/json.ts'
import { unreachable } from '#base/unreachable.ts'
import type { SteeringCommand, Target } from './command.ts'
import { quotedWord as word } from './split-words.ts'

/** The words that people would say the command in; read again, they give the command. */
export function wordsOf(command: SteeringCommand): string {
  return [command.do, ...restOf(command)].join(' ')
}

function restOf(command: SteeringCommand): readonly string[] {
  switch (command.do) {
    case 'continue':
      return command.node === null ? [] : [word(command.node)]
    case 'pause':
      return []
    case 'stop':
      return reasonWords(command.reason)
    case 'skip':
    case 'drop':
    case 'repeat':
      return [word(command.node)]
    case 'disable':
      return [word(command.role)]
    case 'enable':
    case 'clear':
      return [named(command.target)]
    case 'patch':
      return [named(command.target), `--${command.how}`, word(command.text), ...(command.once ? ['--once'] : [])]
    case 'backend':
      return [named(command.target), word(command.backend)]
    case 'temperature':
      return [named(command.target), String(command.temperature)]
    case 'limit':
      return [named(command.target), ...Object.entries(command.limits).map(([name, value]) => `${name}=${value}`)]
    case 'set':
      return [word(command.key), ...valueWords(command.value)]
    case 'approve':
    case 'reject':
      return [word(command.node), ...reasonWords(command.reason)]
    case 'snapshot':
      return [word(command.name)]
    default:
      return unreachable(command)
  }
}

function named(target: Target): string {
  return word('node' in target ? target.node : target.role)
}

function reasonWords(reason: string | undefined): readonly string[] {
  return reason === undefined ? [] : ['--reason', word(reason)]
}

function valueWords(value: Json): readonly string[] {
  if (typeof value !== 'string') return ['--as-json', word(JSON.stringify(value))]
  return value.startsWith('--') ? ['--', word(value)] : [word(value)]
}
