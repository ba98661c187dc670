import type { Child, ChildEnd, ChildSpec } from '#activities/process-port.ts'
import type { Ending } from './end-tree.ts'
import type { Host } from './host.ts'
import type { MaskedOutput } from './masked-output.ts'
import type { ProcessIdentity } from './platform.ts'
import { removeNote } from './write-note.ts'

/** A started child as the port shows it. Its note goes once it ended by itself, or nothing of its tree lives. */
export function watchChild(
  process: Bun.Subprocess,
  leader: ProcessIdentity,
  of: { readonly spec: ChildSpec; readonly host: Host; readonly output?: Pick<MaskedOutput, 'finish'> | undefined },
): Child {
  const { mark } = of.spec
  let ending: Promise<Ending> | undefined
  let asked = false
  const ended = process.exited.then(async () => {
    const lost = await of.output?.finish()
    if (!asked) removeNote(mark.notePath)
    const hasLeft = of.output === undefined && !asked && of.host.platform.isGroupAlive(process.pid)
    return { ...childEndOf(process), ...(lost !== undefined && { lost }), ...(hasLeft && { hasLeft }) }
  })
  const beginEnd = async (graceMs: number) => {
    const { endTree } = await import('./end-tree.ts')
    return endTree(of.host, { step: mark.step, leader }, graceMs)
  }
  const end = async (graceMs: number) => {
    asked = true
    ending ??= beginEnd(graceMs)
    const joined = ending
    const current = await joined
    current.hasten(graceMs)
    const gone = await current.done
    // Whoever asks from now on begins anew.
    if (ending === joined) ending = undefined
    if (!gone) return
    await ended
    removeNote(mark.notePath)
  }
  return { pid: process.pid, ended, end }
}

/** How it ended, once it has. */
export function childEndOf(process: Bun.Subprocess): ChildEnd {
  // Typed as a name; a signal without one, such as a real-time signal, comes as its number.
  const signal: string | number | null = process.signalCode
  // Of an end that cannot be told, nobody says that it was a success.
  if (signal === null) return { kind: 'exited', exit: process.exitCode ?? 1 }
  return { kind: 'signalled', signal: typeof signal === 'number' ? `SIG${signal}` : signal }
}
