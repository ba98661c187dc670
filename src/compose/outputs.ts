import type { OutputPaths } from '#app/services.ts'

/** Where the outputs of steps lie. */
export async function outputPaths(store: string): Promise<OutputPaths> {
  const { artifactFault, artifactPath, latestRunning, sizeOf } = await import('#adapters/files/outputs.ts')
  return {
    artifact: (digest) => artifactPath(store, digest),
    running: (key, stream, attempt) =>
      latestRunning(store, key, attempt === undefined ? stream : `${attempt}.${stream}`),
    size: sizeOf,
    fault: async (digest) => await artifactFault(store, digest),
  }
}

/** What a step of an owner that died has left running. */
export async function findLeftovers(store: string, key: string) {
  const [{ processes }, { notePath }] = await Promise.all([
    import('#adapters/process/processes.ts'),
    import('#adapters/files/outputs.ts'),
  ])
  const port = processes({ platform: process.platform, ownPid: process.pid })
  return await port.findLeftovers({ step: key, notePath: notePath(store, key) })
}
