import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { requireBinary } from './binary.ts'
import { type Place, until } from './given-place.ts'

/** A shell on a terminal, with our completions loaded, in which keys are typed. */
export interface InteractiveShell {
  /** Types this, and gives the line as it stands then. */
  lineAfter(keys: string): Promise<string>
  /** Types this and waits for that. */
  shows(keys: string, expected: string): Promise<void>
  end(): void
}

interface ShellFacts {
  readonly argv: readonly string[]
  /** Loads the completions, and lets Ctrl-G print the line between angle brackets. */
  readonly setUp: string
}

const SHELLS: Readonly<Record<'bash' | 'zsh', ShellFacts>> = {
  bash: {
    argv: ['bash', '--norc', '--noprofile', '-i'],
    setUp:
      'source <(orchastration completions bash); bind "set bell-style none"; bind "set show-all-if-ambiguous on"; shown() { printf "\\n<%s>\\n" "$READLINE_LINE"; READLINE_LINE=; }; bind -x \'"\\C-g": shown\'',
  },
  zsh: {
    argv: ['zsh', '-f', '-i'],
    setUp:
      'autoload -Uz compinit; compinit -u -D; source <(orchastration completions zsh); shown() { print -r -- $\'\\n\'"<$BUFFER>"; BUFFER=; }; zle -N shown; bindkey "^G" shown; unsetopt beep',
  },
}

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

export async function interactive(place: Place, name: keyof typeof SHELLS): Promise<InteractiveShell> {
  const { argv, setUp } = SHELLS[name]
  const decoder = new TextDecoder()
  let text = ''
  const child = Bun.spawn([...argv], {
    cwd: place.directory,
    env: {
      ...place.environment,
      PATH: `${dirname(requireBinary())}:${place.environment['PATH']}`,
      TERM: 'dumb',
      PS1: '> ',
      LANG: 'C.UTF-8',
    },
    terminal: {
      cols: 200,
      rows: 50,
      data: (_terminal, data) => {
        text += decoder.decode(data, { stream: true })
      },
    },
  })
  const shows = async (keys: string, expected: string | RegExp) => {
    const from = text.length
    child.terminal?.write(keys)
    return await until(
      () => text.slice(from).match(expected),
      `${name} shows ${expected}, it shows ${text.slice(from)}`,
    )
  }
  await shows(`${setUp}; echo rea''dy\r`, 'ready')
  return {
    lineAfter: async (keys) => (await shows(`${keys}\u0007`, /<(.*)>\r?\n/))[1] ?? '',
    shows: async (keys, expected) => void (await shows(keys, expected)),
    end: () => child.kill('SIGKILL'),
  }
}
