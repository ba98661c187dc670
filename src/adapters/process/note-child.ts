import type { ChildSpec } from '#activities/process-port.ts'
import type { Host } from './host.ts'
import type { ProcessIdentity } from './platform.ts'
import { writeNote } from './write-note.ts'

/** Nothing may await between the start and this: until it is awaited, the pid cannot be reaped and used again. */
export function noteChild(
  pid: number,
  file: { readonly note: number },
  of: { spec: ChildSpec; host: Host },
): ProcessIdentity {
  const { platform } = of.host
  const started = platform.startOf(pid) ?? 0
  writeNote(file.note, { pid, started, boot: platform.bootId(), argv0: of.spec.argv[0] })
  return { pid, started }
}
