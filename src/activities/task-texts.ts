import type { TaskStatus } from '#domain/run/task-report.ts'
import type { DocumentInput } from '#workflows/task-activities.ts'
import type { TaskTexts } from './task-pages-port.ts'

const NONE = '(none)'

/** What a repository is told of a task, in Markdown: its own page, and a section of the README between two marks. */
export function taskTexts({ task, about, argv }: DocumentInput, status: TaskStatus): TaskTexts {
  const purpose = about.description === null || about.description.trim() === '' ? NONE : plainText(about.description)
  const command = codeText(argv.join(' '))
  const outputs = (about.outputs ?? []).map(codeText)
  const documents = (about.documents ?? []).map(codeText)
  const begin = `<!-- orchastration task ${task} begins -->`
  const end = `<!-- orchastration task ${task} ends -->`
  const section = [
    begin,
    `## Task Summary: ${task}`,
    '',
    `- Purpose: ${purpose}`,
    `- Command: ${command}`,
    `- Outputs: ${outputs.length === 0 ? NONE : outputs.join(', ')}`,
    `- Status: ${status}`,
    end,
  ]
  const page = [
    [`# Task: ${task}`],
    ['## Purpose', purpose],
    ['## Commands Run', `- ${command}`],
    ['## Outputs Produced', list(outputs)],
    ['## Documents', list(documents)],
    ['## Status', status],
  ]
  return {
    page: { path: ['docs', 'tasks', `${task}.md`], text: `${page.map((block) => block.join('\n\n')).join('\n\n')}\n` },
    section: { begin, end, text: section.join('\n') },
  }
}

function list(items: readonly string[]): string {
  return items.length === 0 ? NONE : items.map((item) => `- ${item}`).join('\n')
}

/** On one line, and without anything that Markdown would take for a comment, a tag or one of our marks. */
function plainText(text: string): string {
  return oneLine(text).replaceAll('<', '&lt;')
}

/** As code, whatever stands in it: the fence is longer than any run of backticks inside. */
function codeText(text: string): string {
  const plain = oneLine(text).replaceAll('<!--', '<!\u200b--')
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = longest > 0 ? ' ' : ''
  return `${fence}${pad}${plain}${pad}${fence}`
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}
