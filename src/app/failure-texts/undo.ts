import { count } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'
import { type FailureText, listed, pathText, quoted, shellWord, steps, type TextsFor, words } from './text.ts'

type UndoCode = 'nothing_to_undo' | 'undo_refused'

/** Undoing runs. */
export const undoTexts: TextsFor<UndoCode> = {
  nothing_to_undo: ({ run, node, nodes }) =>
    words(`${node === undefined ? 'the run' : `node ${quoted(node)} of the run`} changed no files by tools of agents`, {
      detail: nodes.length === 0 ? [] : [`nodes that did: ${listed(nodes)}`],
      todo: steps(['what it did', `orchastration runs show ${shellWord(run)}`]),
    }),
  undo_refused: undoRefused,
}

const MOST_FILES = 20

function undoRefused({ files, restored }: FailureOf<'undo_refused'>, home: string | undefined): FailureText {
  const shown = files.slice(0, MOST_FILES).map(({ path, state }) => `${pathText(path, home)}: ${STATES[state]}`)
  const more = files.length > MOST_FILES ? [`and ${count(files.length - MOST_FILES, 'more file')}`] : []
  const isForcible = files.some(({ state }) => state === 'changed')
  return words(`${count(files.length, 'file')} cannot be put back as ${files.length === 1 ? 'it was' : 'they were'}`, {
    detail: [...shown, ...more, ...(restored > 0 ? [`${count(restored, 'other file')} had been put back before`] : [])],
    todo: isForcible ? steps(['overwrite what was changed since', 'orchastration runs undo <run> --force']) : [],
  })
}

const STATES: Readonly<Record<FailureOf<'undo_refused'>['files'][number]['state'], string>> = {
  changed: 'somebody else has changed it since',
  content_gone: 'what it held before is not kept any more',
  not_a_file: 'something else is in its place',
  unreachable: 'it cannot be reached',
}
