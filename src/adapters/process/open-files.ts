import { closeSync, openSync } from 'node:fs'
import type { ChildSpec } from '#activities/process-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { errorCode } from './error-code.ts'

/** The descriptors that a start needs. */
export interface ChildFiles {
  readonly stdout: number
  readonly stderr: number
  readonly note: number
}

/** Creates or empties the files of a child before it starts: what cannot be kept is better known before it ran. */
export function openFiles(spec: ChildSpec): Result<ChildFiles, Failure> {
  const opened: number[] = []
  let path = ''
  const open = (next: string) => {
    path = next
    const file = openSync(next, 'w', 0o600)
    opened.push(file)
    return file
  }
  try {
    return ok({ stdout: open(spec.stdoutPath), stderr: open(spec.stderrPath), note: open(spec.mark.notePath) })
  } catch (error) {
    for (const file of opened) closeSync(file)
    return err({ code: 'output_lost', path, reason: errorCode(error) })
  }
}
