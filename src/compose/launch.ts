import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ComposeOptions } from './options.ts'

/** This program once more, in a session of its own, so that it outlives the terminal. */
export async function launch(args: readonly string[], currentDirectory: string): Promise<Result<void, Failure>> {
  const { spawn } = await import('node:child_process')
  // Run from source or from the npm package, the program is Bun, and the script comes first.
  const script = process.argv.slice(1, 2).filter((path) => /\.[jt]s$/.test(path))
  try {
    const child = spawn(process.execPath, [...script, ...args], {
      cwd: currentDirectory,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    })
    child.unref()
    return await new Promise((resolve) => {
      child.once('spawn', () => resolve(ok()))
      child.once('error', (error) => resolve(notStarted(error)))
    })
  } catch (error) {
    return notStarted(error)
  }
}

function notStarted(error: unknown): Result<never, Failure> {
  return err({ code: 'spawn_failed', program: process.execPath, reason: String(error) })
}

/** What was said of where things lie holds for that one, too. */

export function globalArguments({ config, stateDir }: ComposeOptions): readonly string[] {
  return [
    ...(config === undefined ? [] : [`--config=${config}`]),
    ...(stateDir === undefined ? [] : [`--state-dir=${stateDir}`]),
  ]
}
