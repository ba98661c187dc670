import { count, onOneLine } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'
import { problemLines } from './config-problem.ts'
import {
  didYouMean,
  type FailureText,
  listed,
  pathText,
  quoted,
  shellWord,
  steps,
  type TextsFor,
  words,
} from './text.ts'

/** Flows that stand in files of their own. */
export const flowTexts: TextsFor<'unknown_flow' | 'flow_invalid' | 'flow_beyond' | 'no_orket_events'> = {
  unknown_flow: ({ flow, nearest, known }) =>
    words(`there is no flow ${quoted(flow)}${didYouMean(nearest)}`, {
      detail: [`there are: ${listed(known)}`],
      todo: steps(['look at one', 'orchastration orchestration explain --flow standard']),
    }),
  flow_invalid: flowInvalid,
  flow_beyond: ({ flow, directory, current }, home) =>
    words(`flow ${quoted(flow)} would let its agents write in ${pathText(directory, home)}; nothing was run`, {
      detail: [`that is beyond ${pathText(current, home)}, and files that come with a flow do not decide it`],
      todo: steps(
        ['where they write', 'orchastration orchestration run --flow <flow> --workspace <directory>'],
        ['or start it there', `cd ${shellWord(directory)}`],
      ),
    }),
  no_orket_events: ({ run, name }) =>
    words(`${onOneLine(name)} is no orchestration, so its run has no events in Orket's form`, {
      todo: steps(['all its events', `orchastration runs events ${shellWord(run)}`]),
    }),
}

function flowInvalid({ flow, files }: FailureOf<'flow_invalid'>, home: string | undefined): FailureText {
  const problems = files.reduce((sum, { problems: listed, more = 0 }) => sum + listed.length + more, 0)
  const detail = files.flatMap(({ path, problems: listed, more = 0 }) => [
    ...listed.flatMap((problem) => ['', ...problemLines(problem, pathText(path, home))]),
    ...(more === 0 ? [] : ['', `  and ${count(more, 'problem')} more in ${pathText(path, home)}`]),
  ])
  const where = files.length > 1 ? ` in ${count(files.length, 'file')}` : ''
  return words(`flow ${quoted(flow)}: ${count(problems, 'problem')}${where}, nothing was run`, { detail })
}
