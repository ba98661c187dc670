import { onOneLine } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'
import { listed, pathText, quoted, steps, type TextsFor, words } from './text.ts'

type TurnCode =
  | 'backend_failed'
  | 'backend_refused'
  | 'agent_file_invalid'
  | 'script_invalid'
  | 'script_missing'
  | 'script_exhausted'
  | 'answer_invalid'
  | 'turn_limit'
  | 'work_not_buildable'

/** What agents say in their turns, and where it comes from. */
export const turnTexts: TextsFor<TurnCode> = {
  backend_failed: ({ agent, backend, fault, detail }) =>
    words(`the ${onOneLine(backend)} backend of ${onOneLine(agent)} did not answer: ${FAULTS[fault]}`, {
      detail: [onOneLine(detail)],
    }),
  backend_refused: ({ agent, backend, fault, detail }) =>
    words(`the ${onOneLine(backend)} backend of ${onOneLine(agent)} refused: ${FAULTS[fault]}`, {
      detail: [onOneLine(detail)],
    }),
  agent_file_invalid: ({ agent, path, problems }, home) =>
    words(`the file of the agent ${quoted(agent)} cannot be used: ${pathText(path, home)}`, {
      detail: problems.map((each) => `  ${onOneLine(each)}`),
    }),
  script_invalid: ({ path, problems }, home) =>
    words(`the script cannot be read: ${pathText(path, home)}`, {
      detail: problems.map((each) => `  ${onOneLine(each)}`),
      todo: ['docs/agents.md has its format'],
    }),
  script_missing: ({ agents }) =>
    words(`no script was given for ${listed(agents)}`, {
      todo: ['give it with --script FILE, or with "script" of the orchestration'],
    }),
  script_exhausted: ({ agent, replies }) =>
    words(
      replies === 0
        ? `the script has no reply for ${onOneLine(agent)}`
        : `the script has no further reply for ${onOneLine(agent)}; it has ${replies}`,
      { todo: [`add replies with "agent": ${quoted(agent)}`] },
    ),
  answer_invalid: ({ agent, problems }) =>
    words(`what ${onOneLine(agent)} handed in cannot be taken`, {
      detail: problems.map((each) => `  ${onOneLine(each)}`),
    }),
  turn_limit: ({ agent, limit, allowed }) =>
    words(`the turn of ${onOneLine(agent)} came to its limit: ${limit} = ${allowed}`, {
      todo: steps([`raise "${limit}" in the "limits" of the agent; what it is`, 'orchastration agent show <agent>']),
    }),
  work_not_buildable: ({ agent, names }) =>
    words(`${onOneLine(agent)} runs tasks and jobs, and none does this work: ${listed(names)}`, {
      todo: ['configure a task for it, or give the builder another backend'],
    }),
}

const FAULTS: Readonly<Record<FailureOf<'backend_failed' | 'backend_refused'>['fault'], string>> = {
  timeout: 'no answer in time',
  rate_limited: 'too many requests',
  overloaded: 'it is overloaded',
  refused: 'it does not do this',
  auth: 'it knows no such key',
}
