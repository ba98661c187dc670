import type { LeftoverMark, ProcessPort } from '#activities/process-port.ts'
import { type Host, platformOf } from './host.ts'
import { startChild } from './start-child.ts'

export interface ProcessDependencies {
  readonly platform: NodeJS.Platform
  readonly ownPid: number
}

/**
 * Children on the machine itself, and their trees.
 *
 * What starts belongs to a tree as long as it is a descendant, is in a session or group that the tree opened, or
 * carries the mark. A process that clears its environment, opens a session of its own and outlives its parent, all
 * before anyone looks, is found by none of these. What a normally ended child leaves in the background is left alone.
 */
export function processes(dependencies: ProcessDependencies): ProcessPort {
  let loaded: Promise<Host> | undefined
  const load = async () => ({ platform: await platformOf(dependencies.platform), ownPid: dependencies.ownPid })
  const host = () => {
    loaded ??= load()
    return loaded
  }
  // Loaded when asked for: most runs start children and find nothing left of earlier ones.
  const leftovers = () => import('./leftovers.ts')
  return {
    start: async (spec) => startChild(spec, await host()),
    capture: async (spec) => (await import('./capture.ts')).captureCommand(spec, await host()),
    findLeftovers: async (mark: LeftoverMark) => (await leftovers()).findLeftovers(mark, await host()),
    endLeftovers: async (mark: LeftoverMark) => (await leftovers()).endLeftovers(mark, await host()),
  }
}
