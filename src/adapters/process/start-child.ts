import { closeSync } from 'node:fs'
import type { Child, ChildSpec } from '#activities/process-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { watchChild } from './child.ts'
import type { Host } from './host.ts'
import type { MaskedOutput } from './masked-output.ts'
import { type ChildFiles, openFiles } from './open-files.ts'
import { MARK_VARIABLE, type ProcessIdentity } from './platform.ts'
import { removeNote, writeNote } from './write-note.ts'

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
  const output = spec.mask && (await import('./masked-output.ts')).maskedOutput(spec, spec.mask)
  let process: Bun.Subprocess
  try {
    process = spawn(program.value, spec, output ?? files)
    output?.begin(process)
  } catch (error) {
    output?.abandon()
    const { explainSpawnError } = await import('./explain-spawn-error.ts')
    return notStarted(spec, explainSpawnError(error, spec, program.value))
  }
  return ok(watchChild(process, note(process.pid, files, { spec, host }), { spec, host, output }))
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

/** Nothing may await between the start and this: until it is awaited, the pid cannot be reaped and used again. */
function note(pid: number, file: { readonly note: number }, of: { spec: ChildSpec; host: Host }): ProcessIdentity {
  const { platform } = of.host
  const started = platform.startOf(pid) ?? 0
  writeNote(file.note, { pid, started, boot: platform.bootId(), argv0: of.spec.argv[0] })
  return { pid, started }
}
