import { join } from 'node:path'
import type { CommandParts } from '#activities/command.ts'
import type { RestoreParts } from '#activities/restore.ts'
import type { ToolParts } from '#activities/tools/tool-parts.ts'
import type { OwnPlaces } from '#adapters/workspace/locate.ts'
import type { ChangedFiles } from '#app/changed-files-port.ts'
import type { Directories } from '#app/config-port.ts'
import type { Activity } from '#engine/activities.ts'

interface AgentToolParts {
  readonly directories: Directories
  readonly command: CommandParts
}

/** What lies in the directory of records: also of a workspace that was put there, none of it is an agent's. */
const EXPORTS = ['runs', 'tasks', 'orchestrations', 'transcripts']

/** What we write ourselves, wherever people put it. */
export function ownFiles({ store, keys, cache, records, logFile }: Directories): readonly string[] {
  return [store, keys, cache, logFile, ...exportsIn(records)]
}

function exportsIn(records: string): readonly string[] {
  return EXPORTS.map((name) => join(records, name))
}

/** What no agent touches, whatever it may: what is ours, and what is no files but the system. */
function ownPlaces({ store, keys, cache, records, configFile, logFile }: Directories): OwnPlaces {
  const system = process.platform === 'win32' ? [] : ['/proc', '/sys', '/dev']
  const exports = exportsIn(records)
  return { refused: [store, keys, configFile, logFile, ...exports, ...system], refusedBeside: [cache, records] }
}

/** Files that agents may change, with what they held before. */
export async function changeableFiles(directories: Directories): Promise<RestoreParts> {
  const { store } = directories
  const [{ workspace }, { keptContent }, { changeNotePath }] = await Promise.all([
    import('#adapters/workspace/workspace.ts'),
    import('#adapters/files/kept-content.ts'),
    import('#adapters/files/outputs.ts'),
  ])
  const kept = keptContent(store)
  const notePath = (key: string) => changeNotePath(store, key)
  return { workspace: workspace({ own: ownPlaces(directories), kept, notePath, platform: process.platform }), kept }
}

export async function changedFiles(directories: Directories): Promise<ChangedFiles> {
  const [{ fileStates }, parts] = await Promise.all([import('#activities/restore.ts'), changeableFiles(directories)])
  return { states: (files) => fileStates(parts, files) }
}

/** What the tools of agents are made of. */
export async function agentTools({ directories, command }: AgentToolParts): Promise<ToolParts> {
  const [{ workspace }, { keptOutput }, { commandActivity }] = await Promise.all([
    changeableFiles(directories),
    import('#adapters/files/expected-files.ts'),
    import('#activities/command.ts'),
  ])
  return {
    workspace,
    kept: keptOutput(directories.store),
    surroundings: command.surroundings,
    command: commandsOfAgents(commandActivity, command),
  }
}

/** What runs commands for agents: with the usual variables and those that are named, and with no others. */
export function commandsOfAgents(
  make: (parts: CommandParts) => Activity,
  parts: CommandParts,
): (names: readonly string[]) => Activity {
  return (names) => make({ ...parts, environment: usual(parts.environment, names) })
}

/** Variables that programs need, and none that is likely to hold a key. */
const USUAL =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TERM|TMPDIR|TEMP|TMP|PWD|CI|XDG_.*|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES.*|PROGRAMDATA|NUMBER_OF_PROCESSORS|PROCESSOR_.*)$/i

function usual(environment: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => USUAL.test(name) || names.includes(name)))
}
