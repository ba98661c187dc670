import { cut, onOneLine } from '#base/text.ts'
import { didYouMean, listed, pathText, quoted, shellWord, steps, type TextsFor, words } from './text.ts'

type TaskCode =
  | 'unknown_task'
  | 'task_not_initialized'
  | 'outputs_not_made'
  | 'review_not_passed'
  | 'tool_missing'
  | 'tool_failed'

const MOST_LINES = 20
const LINE_COLUMNS = 200

/** Tasks, and the programs that work on their repositories. */
export const taskTexts: TextsFor<TaskCode> = {
  unknown_task: ({ task, nearest, known }) =>
    words(`unknown task: ${onOneLine(cut(task, 80))}${didYouMean(nearest)}`, {
      detail: known.length === 0 ? ['no tasks are configured'] : [`configured: ${listed(known)}`],
      todo: steps(['all tasks', 'orchastration plan list']),
    }),
  task_not_initialized: ({ task }) =>
    words(`task not initialized: ${onOneLine(task)}`, {
      todo: steps(['take it up', `orchastration plan create ${shellWord(task)}`]),
    }),
  outputs_not_made: ({ missing, untouched }, home) =>
    words('the command succeeded, but did not make all that is expected of it', {
      detail: [
        ...missing.map((path) => `not there: ${pathText(path, home)}`),
        ...untouched.map((path) => `as it was before: ${pathText(path, home)}`),
      ],
      todo: [
        'correct the command or "outputs" in the configuration; what lies there from before counts only if it is written anew',
      ],
    }),
  review_not_passed: ({ verdict, summary, findings }) =>
    words(`review ${verdict}: ${onOneLine(summary)}`, {
      detail: findings.filter((finding) => finding !== summary).flatMap(linesOf),
    }),
  tool_missing: ({ tool, needed_for }) =>
    words(`program not found: ${quoted(tool)}, which is needed for ${onOneLine(needed_for)}`, {
      todo: ['install it, or extend PATH'],
    }),
  tool_failed: ({ tool, directory, exit, output }, home) =>
    words(`${onOneLine(tool)} ${exit === null ? 'did not run to its end' : `ended with exit code ${exit}`}`, {
      detail: [...linesOf(output), `in: ${pathText(directory, home)}`],
      todo: [`put right what ${onOneLine(tool)} says, then try again`],
    }),
}

/** What others said, as far as a person reads it. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(0, MOST_LINES).map((line) => `  ${cut(onOneLine(line), LINE_COLUMNS)}`)
}
