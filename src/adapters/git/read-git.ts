import { rawText } from '#base/raw-text.ts'
import { err, ok, type Result } from '#base/result.ts'
import { reasonOf } from '#base/system-error.ts'
import { undirected } from './undirected.ts'

/** Whoever says more than that is ended. */
const MOST_BYTES = 64 * 1024 * 1024
export interface GitCall {
  readonly directory: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Asks git in one directory. */
export type AskGit = (args: readonly string[]) => Promise<Result<string, string>>

/**
 * What git answers, as text that keeps bytes which are no UTF-8; or in a line why it does not. It takes no lock, starts
 * no hook and no watcher of files, fetches nothing, and asks nobody anything.
 */
export async function readGit({ directory, args, environment, signal }: GitCall): Promise<Result<string, string>> {
  let child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>
  try {
    child = Bun.spawn(['git', ...NEUTRAL, ...args], {
      cwd: directory,
      env: { ...undirected(environment), ...ALONE },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
  } catch (error) {
    return err(reasonOf(error) === 'ENOENT' ? 'git is not installed' : `git cannot be started: ${reasonOf(error)}`)
  }
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const [output, complaint] = await Promise.all([readAll(child.stdout, stop), readAll(child.stderr, stop)])
  const exit = await child.exited
  signal.removeEventListener('abort', stop)
  if (output === undefined || complaint === undefined) return err(`git says more than ${MOST_BYTES} bytes`)
  if (exit === 0) return ok(rawText(output))
  const [line = ''] = rawText(complaint).trim().split('\n')
  return err(line === '' ? `git ended with exit code ${exit}` : line)
}

/** Without the last, files that an agent wrote would be taken for a repository with settings of their own. */
const NEUTRAL = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'gc.auto=0',
  'safe.bareRepository=explicit',
].flatMap((setting) => ['-c', setting])

/** What is missing of a repository is not fetched: its configuration says by which program that would be done. */
const ALONE = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: '',
  LC_ALL: 'C',
}

async function readAll(stream: ReadableStream<Uint8Array>, stop: () => void): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of stream) {
    bytes += part.length
    if (bytes > MOST_BYTES) {
      stop()
      return undefined
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}
