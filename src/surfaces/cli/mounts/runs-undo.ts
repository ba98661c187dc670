import type { UndoneRun } from '#app/operations/undo-run.ts'
import { count, onOneLine } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { FileChange } from '#domain/run/file-change.ts'
import { exitCodeOfRun } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { sayWhereItStands } from '../where-it-stands.ts'

/** `runs undo`: each file as it is put back, or as it would be. */
export const runsUndo = mount<UndoneRun>(({ io, json }) => {
  const changed = new Map<string, FileChange>()
  return {
    report: (progress) => {
      if (progress.kind === 'note' && !json) io.note(`${onOneLine(progress.text)}\n`)
      if (progress.kind !== 'event' || progress.event.type !== 'step.succeeded') return
      const change = FileChange.safeParse(progress.event.body.output)
      if (change.success) changed.set(pathOf(change.data), change.data)
    },
    answer: async (undone) => {
      const { started } = undone
      const files = undone.files.map((file, index) => outcomeOf(undone, { index, change: changed.get(pathOf(file)) }))
      const exit = started === undefined ? dryExit(undone) : started.attended && exitCodeOfRun(started.attended)
      if (json) printJson(io, 'runs undo', documentOf(undone, files, exit ?? 0))
      else await tell(io, undone, files)
      return exit ?? 0
    },
  }
})

interface Outcome {
  readonly path: string
  readonly outcome: 'restored' | 'removed' | 'untouched' | 'refused' | 'would_restore' | 'would_remove'
  readonly reason: string | null
}

/** What became of a file, or would. */
function outcomeOf(
  { files, states, started }: UndoneRun,
  { index, change }: { readonly index: number; readonly change: FileChange | undefined },
): Outcome {
  const file = files[index]
  const state = states[index] ?? 'unreachable'
  const path = file === undefined ? '' : pathOf(file)
  if (change !== undefined) return { path, outcome: change.sha256 === null ? 'removed' : 'restored', reason: null }
  const late = refusalOf(started?.attended?.failure, path)
  if (late !== undefined) return { path, outcome: 'refused', reason: late }
  if (state === 'restored') return { path, outcome: 'untouched', reason: null }
  if (state !== 'ready') return { path, outcome: 'refused', reason: state }
  if (started !== undefined) return { path, outcome: 'untouched', reason: null }
  return { path, outcome: file?.found === null ? 'would_remove' : 'would_restore', reason: null }
}

/** What the run found out when it came to the file. */
function refusalOf(failure: Failure | undefined, path: string): string | undefined {
  return failure?.code === 'undo_refused' ? failure.files.find((file) => file.path === path)?.state : undefined
}

/** Whether it would be refused. */
function dryExit({ states }: UndoneRun): number {
  return states.every((state) => state === 'ready' || state === 'restored') ? 0 : 1
}

async function tell(io: Io, { of, others, started }: UndoneRun, files: readonly Outcome[]): Promise<void> {
  for (const { path, outcome, reason } of files) {
    const why = reason === null ? '' : `  (${WORDS[reason] ?? reason})`
    io.out(`${WORDS[outcome]?.padEnd(14) ?? outcome}${onOneLine(path)}${why}\n`)
  }
  if (others > 0) io.note(`what ${count(others, 'command')} of ${of.id} may have changed is not undone\n`)
  if (started?.attended === undefined) return
  const { failure, run } = started.attended
  if (failure !== undefined) {
    const { describeFailure } = await import('#app/failure-text.ts')
    const { headline, detail, todo } = describeFailure(failure, io.home)
    io.alert.note([headline, ...detail, ...todo].map((line) => `${line}\n`).join(''))
  }
  sayWhereItStands(io, started.attended)
  const hasChanged = files.some(({ outcome }) => outcome === 'restored' || outcome === 'removed')
  if (run.status === 'succeeded' && hasChanged) io.note(`to take that back: orchastration runs undo ${run.id}\n`)
}

const WORDS: Readonly<Record<string, string>> = {
  restored: 'restored',
  removed: 'removed',
  untouched: 'as it was',
  refused: 'refused',
  would_restore: 'would restore',
  would_remove: 'would remove',
  changed: 'somebody else has changed it since; --force overwrites that',
  content_gone: 'what it held before is not kept any more',
  not_a_file: 'something else is in its place',
  unreachable: 'it cannot be reached',
}

function documentOf({ of, others, started }: UndoneRun, files: readonly Outcome[], exit: number): object {
  return {
    run: started?.runId ?? null,
    of: of.id,
    name: of.name,
    status: started?.attended?.run.status ?? null,
    exit,
    files,
    others,
    failure: started?.attended?.failure ?? null,
  }
}

function pathOf({ root, path }: { readonly root: string; readonly path: string }): string {
  return `${root}/${path}`
}
