import type { CommandParts } from '#activities/command.ts'
import type { ToolParts } from '#activities/tools/tool-parts.ts'
import type { OwnPlaces } from '#adapters/workspace/locate.ts'
import type { Directories } from '#app/config-port.ts'

interface AgentToolParts {
  readonly directories: Directories
  readonly command: CommandParts
}

/** What no agent touches, whatever it may: what is ours, and what is no files but the system. */
function ownPlaces({ store, keys, cache, records, configFile, logFile }: Directories): OwnPlaces {
  const system = process.platform === 'win32' ? [] : ['/proc', '/sys', '/dev']
  return { refused: [store, keys, configFile, logFile, ...system], refusedBeside: [cache, records] }
}

/** What the tools of agents are made of. */
export async function agentTools({ directories, command }: AgentToolParts): Promise<ToolParts> {
  const { store } = directories
  const [{ workspace }, { keptContent }, { changeNotePath }, { keptOutput }, { commandActivity }] = await Promise.all([
    import('#adapters/workspace/workspace.ts'),
    import('#adapters/files/kept-content.ts'),
    import('#adapters/files/outputs.ts'),
    import('#adapters/files/expected-files.ts'),
    import('#activities/command.ts'),
  ])
  const files = workspace({
    own: ownPlaces(directories),
    kept: keptContent(store),
    notePath: (key) => changeNotePath(store, key),
    platform: process.platform,
  })
  return {
    workspace: files,
    kept: keptOutput(store),
    surroundings: command.surroundings,
    command: (names) => commandActivity({ ...command, environment: usual(command.environment, names) }),
  }
}

/** Variables that programs need, and none that is likely to hold a key. */
const USUAL =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TERM|TMPDIR|TEMP|TMP|PWD|CI|XDG_.*|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES.*|PROGRAMDATA|NUMBER_OF_PROCESSORS|PROCESSOR_.*)$/i

function usual(environment: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => USUAL.test(name) || names.includes(name)))
}
