import { closeSync } from 'node:fs'
import type { Child, ChildSpec } from '#activities/process-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { watchChild } from './child.ts'
import type { Host } from './host.ts'
import type { MaskedOutput } from './masked-output.ts'
import { noteChild } from './note-child.ts'
import { type ChildFiles, openFiles } from './open-files.ts'
import { MARK_VARIABLE } from './platform.ts'
import { removeNote } from './write-note.ts'

/** Starts a child and notes it; the files are there afterwards even if it did not start. */
export async function startChild(spec: ChildSpec, host: Host): Promise<Result<Child, Failure>> {
  const files = openFiles(spec)
  if (!files.ok) return files
  try {
    return await startWith(files.value, spec, host)
  } finally {
    for (const file of Object.values(files.value)) closeSync(file)
  }
}

async function startWith(files: ChildFiles, spec: ChildSpec, host: Host): Promise<Result<Child, Failure>> {
  const program = host.platform.findProgram(spec)
  if (!program.ok) return notStarted(spec, program.error)
  const environment = host.platform.environment(spec.environment)
  const start = { program: program.value, spec: { ...spec, environment }, files, host }
  try {
    if (spec.terminal === undefined) return ok(await startOnFiles(start))
    const { startOnTerminal } = await import('./start-on-terminal.ts')
    const child = startOnTerminal({ ...start, terminal: spec.terminal })
    return child.ok ? child : notStarted(spec, child.error)
  } catch (error) {
    const { explainSpawnError } = await import('./explain-spawn-error.ts')
    return notStarted(spec, explainSpawnError(error, spec, program.value))
  }
}

interface Start {
  readonly program: string
  readonly spec: ChildSpec
  readonly files: ChildFiles
  readonly host: Host
}

async function startOnFiles({ program, spec, files, host }: Start): Promise<Child> {
  const output = spec.mask && (await import('./masked-output.ts')).maskedOutput(spec, spec.mask)
  try {
    const process = spawn(program, spec, output ?? files)
    output?.begin(process)
    return watchChild(process, noteChild(process.pid, files, { spec, host }), { spec, host, output })
  } catch (error) {
    output?.abandon()
    throw error
  }
}

function notStarted(spec: ChildSpec, failure: Failure): Result<never, Failure> {
  removeNote(spec.mark.notePath)
  return err(failure)
}

function spawn(
  program: string,
  spec: ChildSpec,
  output: Pick<ChildFiles | MaskedOutput, 'stdout' | 'stderr'>,
): Bun.Subprocess {
  return Bun.spawn([program, ...spec.argv.slice(1)], {
    // The program is looked up by us; the child still sees the word that was written.
    argv0: spec.argv[0],
    cwd: spec.directory,
    env: { ...spec.environment, [MARK_VARIABLE]: spec.mark.step },
    stdio: ['ignore', output.stdout, output.stderr],
    // A session and group of its own: Ctrl-C of our terminal does not reach it, and it can be ended as one.
    detached: true,
    windowsHide: true,
  })
}
