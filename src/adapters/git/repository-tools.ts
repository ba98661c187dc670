import { statSync } from 'node:fs'
import { execa } from 'execa'
import type { RepositoryTools } from '#activities/repository-tools-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { undirected } from './undirected.ts'

/** Nobody is there to answer: a program that wants to ask is to fail. */
const ASKS_NOBODY = { GIT_TERMINAL_PROMPT: '0', GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1' }
/** On Windows a program of the repository would else be taken for the one on the path. */
const NOT_FROM_HERE = { NoDefaultCurrentDirectoryInExePath: '1' }
/** Whoever says more than that is ended; of what was said, the end is kept. */
const MOST_BYTES = 16 * 1024 * 1024
const KEPT_CHARACTERS = 8000
const GRACE_MS = 2000

/** git and gh, as they lie on the path. */
export function repositoryTools(environment: Readonly<Record<string, string>>): RepositoryTools {
  const call = async (one: Omit<ToolCall, 'environment'>) => await callTool({ ...one, environment })
  return {
    createIssue: async ({ directory, title, body }, signal) => {
      const argv = ['issue', 'create', '--title', title, '--body', body]
      return await call({ tool: 'gh', argv, directory, signal, neededFor: 'issues on GitHub' })
    },
    createBranch: async ({ directory, branch }, signal) => {
      const argv = ['-C', directory, 'checkout', '-b', branch]
      return await call({ tool: 'git', argv, directory, signal, neededFor: 'branches' })
    },
  }
}

interface ToolCall {
  readonly tool: string
  readonly argv: readonly string[]
  readonly directory: string
  readonly signal: AbortSignal
  readonly neededFor: string
  readonly environment: Readonly<Record<string, string>>
}

async function callTool({
  tool,
  argv,
  directory,
  signal,
  neededFor,
  environment,
}: ToolCall): Promise<Result<string, Failure>> {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return err({ code: 'working_dir_missing', directory })
  }
  const child = execa(tool, [...argv], {
    cwd: directory,
    env: { ...undirected(environment), ...ASKS_NOBODY, ...NOT_FROM_HERE },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    // A group of its own, so that hooks of the repository end with it.
    detached: process.platform !== 'win32',
    maxBuffer: MOST_BYTES,
  })
  const stop = () => endTree(child.pid)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const ended = await child
  signal.removeEventListener('abort', stop)
  // The signal's reason is a failure by the contract of attempts.
  if (signal.aborted) return err(signal.reason as Failure)
  if (ended.code === 'ENOENT') return err({ code: 'tool_missing', tool, needed_for: neededFor })
  // In an order that is always the same: what it tells of itself, then its answer.
  const output = [ended.stderr.trim(), ended.stdout.trim()]
    .filter((text) => text !== '')
    .join('\n')
    .slice(-KEPT_CHARACTERS)
  if (!ended.failed) return ok(output)
  const words = output === '' ? (ended.shortMessage ?? '') : output
  return err({
    code: 'tool_failed',
    tool,
    argv: [tool, ...argv],
    directory,
    exit: ended.isMaxBuffer ? null : (ended.exitCode ?? null),
    output: words,
  })
}

/** TERM to the whole group, and KILL to what is left of it after the grace. */
function endTree(pid: number | undefined): void {
  if (pid === undefined) return
  kill(pid, 'SIGTERM')
  setTimeout(() => kill(pid, 'SIGKILL'), GRACE_MS).unref()
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // It has ended by itself.
  }
}
