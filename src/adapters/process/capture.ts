import type { Captured, CaptureFault, CaptureSpec } from '#activities/process-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { childEndOf } from './child.ts'
import { endTree } from './end-tree.ts'
import { errorCode } from './error-code.ts'
import type { Host } from './host.ts'
import { MARK_VARIABLE } from './platform.ts'

/** Who is told to end may take so long. */
const GRACE_MS = 1000
/** What is still on its way when the command has ended comes within this; who keeps its output open is not waited for. */
const REST_MS = 1000

type Fault = 'slow' | 'large' | 'killed'

/** Runs a command and holds its standard output in memory; no file and no failure ever has any of it. */
export async function captureCommand(spec: CaptureSpec, host: Host): Promise<Result<Captured, CaptureFault>> {
  const program = host.platform.findProgram(spec)
  if (!program.ok) return err({ kind: 'not_started', reason: reasonOf(program.error.code) })
  let child: Bun.Subprocess<'ignore', 'pipe', 'ignore'>
  try {
    child = Bun.spawn([program.value, ...spec.argv.slice(1)], {
      argv0: spec.argv[0],
      cwd: spec.directory,
      env: { ...host.platform.environment(spec.environment), [MARK_VARIABLE]: spec.step },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
      windowsHide: true,
    })
  } catch (error) {
    return err({ kind: 'not_started', reason: errorCode(error) })
  }
  return await watch(child, spec, host)
}

function reasonOf(code: string): string {
  return code === 'program_missing' ? 'ENOENT' : code === 'program_not_executable' ? 'EACCES' : code
}

async function watch(
  child: Bun.Subprocess<'ignore', 'pipe', 'ignore'>,
  spec: CaptureSpec,
  host: Host,
): Promise<Result<Captured, CaptureFault>> {
  const stopped = Promise.withResolvers<Fault>()
  const timer = setTimeout(() => stopped.resolve('slow'), spec.timeoutMs)
  const abort = () => stopped.resolve('killed')
  spec.signal.addEventListener('abort', abort, { once: true })
  if (spec.signal.aborted) abort()
  try {
    const read = readAll(child.stdout, spec.mostBytes, child.exited).then((output) => {
      if (output === undefined) stopped.resolve('large')
      return output ?? new Uint8Array()
    })
    const ended = Promise.all([read, child.exited]).then(([output]) => output)
    const first = await Promise.race([stopped.promise, ended])
    if (typeof first !== 'string') return ok({ end: childEndOf(child), output: first })
    const leader = { pid: child.pid, started: host.platform.startOf(child.pid) ?? 0 }
    await endTree(host, { step: spec.step, leader }, GRACE_MS).done
    return err({ kind: first })
  } finally {
    clearTimeout(timer)
    spec.signal.removeEventListener('abort', abort)
  }
}

/** Undefined as soon as it is too much. */
async function readAll(
  stream: ReadableStream<Uint8Array>,
  mostBytes: number,
  exited: Promise<unknown>,
): Promise<Uint8Array | undefined> {
  const reader = stream.getReader()
  const pieces: Uint8Array[] = []
  const rest = exited.then(() => Bun.sleep(REST_MS)).then(() => undefined)
  for (let length = 0; ; ) {
    const piece = await Promise.race([reader.read(), rest])
    if (piece === undefined || piece.done) break
    length += piece.value.length
    // A line break at its end may come on top.
    if (length > mostBytes + 2) return undefined
    pieces.push(piece.value)
  }
  await reader.cancel()
  return Buffer.concat(pieces)
}
