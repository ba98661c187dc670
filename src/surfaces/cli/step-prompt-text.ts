import type { AskedQuestion } from '#app/store-port.ts'
import { formatDuration } from '#base/duration.ts'
import { count, cut, onOneLine } from '#base/text.ts'
import { isStepQuestion } from '#domain/conductor/asking.ts'
import type { StepPrompt, StepPrompts } from '#domain/conductor/step-prompt.ts'

const COLUMNS = 72

/** What the Conductor shows at its question about a step; nothing at others. */
export function stepPromptText(prompts: StepPrompts, { asker, choices, askedAt }: AskedQuestion): string {
  const prompt = isStepQuestion(choices) ? prompts.of(asker, askedAt) : undefined
  return prompt === undefined
    ? ''
    : linesOf(prompt)
        .map((line) => `        ${cut(line, COLUMNS)}\n`)
        .join('')
}

function linesOf(prompt: StepPrompt): readonly string[] {
  const { worker, backend, diff, last, spent } = prompt
  const { turns, replies, toolCalls, durationMs } = spent
  return [
    `who    ${onOneLine(worker)}${backend === null ? '' : ` by ${onOneLine(backend)}`}${otherwise(prompt)}`,
    ...(diff.length === 0 ? ['told   as its role says'] : ['told   otherwise:']),
    ...diff.map((line) => `  ${onOneLine(line)}`),
    ...(last === null ? [] : [`last   ${last.node} ${last.status}: ${onOneLine(last.message)}`]),
    ...Object.entries(last?.writes ?? {}).map(([key, value]) => `  ${key} = ${onOneLine(JSON.stringify(value))}`),
    `spent  ${count(turns, 'turn')}, ${replies === 1 ? '1 reply' : `${replies} replies`}, ${count(toolCalls, 'tool call')} in ${formatDuration(durationMs)}; money unknown`,
    'more   ? lists all that the run can be told',
  ]
}

function otherwise({ adjustments: { temperature, limits = {} } }: StepPrompt): string {
  const more = [
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...Object.entries(limits).map(([name, value]) => `${name} ${value}`),
  ]
  return more.map((each) => `, ${each}`).join('')
}
