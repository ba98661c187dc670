import { count, onOneLine } from '#base/text.ts'
import type { FailureOf } from '#domain/failure.ts'
import { problemText } from './config-problem.ts'
import { didYouMean, type FailureText, listed, quoted, steps, type TextsFor, words } from './text.ts'

type OrchestrationCode =
  | 'unknown_orchestration'
  | 'unknown_agent'
  | 'orchestration_invalid'
  | 'nothing_planned'
  | 'review_failed'
  | 'undeclared_write'
  | 'agent_output_invalid'
  | 'backend_missing'
  | 'node_input_invalid'
  | 'condition_failed'
  | 'limit_reached'

/** Agents and their graph. */
export const orchestrationTexts: TextsFor<OrchestrationCode> = {
  unknown_orchestration: ({ orchestration, nearest, known }) =>
    words(`unknown orchestration ${quoted(orchestration)}${didYouMean(nearest)}`, {
      detail: [`there are: ${listed(known)}`],
      todo: steps(['all of them', 'orchastration orchestration list']),
    }),
  unknown_agent: ({ agent, nearest, known }) =>
    words(`unknown agent ${quoted(agent)}${didYouMean(nearest)}`, {
      detail: [`there are: ${listed(known)}`],
      todo: steps(['all of them', 'orchastration agent list']),
    }),
  orchestration_invalid: ({ orchestration, faults }) =>
    words(`orchestration ${quoted(orchestration)} cannot run, nothing was run`, { detail: faults.map(faultText) }),
  nothing_planned: nothingPlanned,
  review_failed: ({ verdict, findings }) =>
    words(`the review did not pass: ${onOneLine(verdict)}`, { detail: findings.map((each) => `  ${onOneLine(each)}`) }),
  undeclared_write: ({ agent, keys, declared }) =>
    words(`${onOneLine(agent)} wrote what it does not declare: ${listed(keys)}`, {
      detail: [declared.length === 0 ? 'it declares no writes' : `it declares: ${listed(declared)}`],
      todo: ['declare the keys in its "writes", or do not write them'],
    }),
  agent_output_invalid: () =>
    words('the agent printed something else than one JSON object', {
      detail: ['what it prints is what it writes into the shared context; words for people go to standard error'],
      todo: steps(['what it printed', 'orchastration runs logs <run>']),
    }),
  backend_missing: ({ agent, backend, model }) =>
    words(
      backend === 'command'
        ? `${onOneLine(agent)} has nothing to take its turn: it has no command`
        : `${onOneLine(agent)} has nothing to take its turn: it has no ${onOneLine(backend)} backend`,
      {
        detail: model === undefined ? [] : [`its turns are meant for the model ${onOneLine(model)}`],
        todo: [
          `give it ${backend === 'command' ? 'a "command", or ' : ''}another backend, as with --backend scripted or --backend human`,
        ],
      },
    ),
  node_input_invalid: ({ node, key, value, expected }) =>
    expected === 'written'
      ? words(`${onOneLine(node)} needs ${quoted(`{{${value}}}`)}, and nothing was written there`, {
          todo: [writtenBy(value)],
        })
      : words(`${onOneLine(node)} cannot tell ${quoted(key)}: ${quoted(value)} is no ${expected}`),
  condition_failed: ({ node, condition, reason }) =>
    words(`${onOneLine(node)}: ${quoted(condition)} cannot be decided`, {
      detail: [onOneLine(reason)],
      todo: ['ask with has(…) whether a value was written before it is used'],
    }),
  limit_reached: ({ node, condition, limit }) =>
    words(`${onOneLine(node)} was done ${count(limit, 'time')}, and ${quoted(condition)} still does not hold`),
}

function writtenBy(placeholder: string): string {
  if (placeholder === 'context.goal') return 'give the run a goal with --goal'
  if (placeholder === 'context.task.name') return 'give the run a task with --task'
  return 'let a node before it write the value, or take the placeholder out'
}

function faultText(fault: FailureOf<'orchestration_invalid'>['faults'][number]): string {
  const { key } = fault
  const table = key.slice(0, Math.max(0, key.lastIndexOf('.')))
  return `  ${onOneLine(key)}: ${problemText({ ...fault, table })}`
}

function nothingPlanned({ goal, known }: FailureOf<'nothing_planned'>): FailureText {
  const about =
    goal === undefined || goal.trim() === ''
      ? 'neither a task nor a goal was given'
      : `the goal ${quoted(goal)} speaks of nothing that is configured`
  return words(`nothing to plan: ${about}`, {
    detail: [known.length === 0 ? 'no tasks and no jobs are configured' : `configured: ${listed(known)}`],
    todo: [
      ...(known.length === 0
        ? steps(['make a configuration from what is here', 'orchastration init'])
        : ['name a task with --task, or say the goal in words of their names, descriptions and keywords']),
      'a planner with a model can decompose any goal; this version has none',
    ],
  })
}
