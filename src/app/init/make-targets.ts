import type { OfferedJob } from './offered-job.ts'

/** A rule's first line: names, a colon that begins no assignment, and perhaps a `## comment` for people. */
const RULE = /^([A-Za-z0-9_](?:[^:=#\t]*[^:=#\s])?)\s*::?(?!=)[^=#]*(?:##\s*(.*))?$/
const PHONY = /^\.PHONY\s*:(.*)$/

/**
 * The targets of a Makefile that people ask for: those that are declared phony, or where nothing is, those that look
 * like no file. Read as text: make itself would run what the file says in `$(shell …)`.
 */
export function makeTargets(text: string): readonly OfferedJob[] {
  const lines = joined(text)
  const phony = new Set(lines.flatMap((line) => words(PHONY.exec(line)?.[1] ?? '')))
  const found = new Map<string, OfferedJob>()
  for (const [index, line] of lines.entries()) {
    const rule = RULE.exec(line)
    if (rule === null) continue
    const comment = rule[2] ?? /^#+\s?(.*)$/.exec(lines[index - 1] ?? '')?.[1]
    for (const name of words(rule[1] ?? '')) {
      if (!isAsked(name, phony) || found.has(name)) continue
      found.set(name, { name, argv: ['make', name], params: [], ...describe(comment) })
    }
  }
  return [...found.values()]
}

function isAsked(name: string, phony: ReadonlySet<string>): boolean {
  if (/[%$()/]/.test(name)) return false
  return phony.size > 0 ? phony.has(name) : !name.includes('.')
}

/** Lines that end in a backslash go on in the next; recipes, which begin with a tab, are left out. */
function joined(text: string): readonly string[] {
  return text
    .replaceAll(/\\\r?\n\s*/g, ' ')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('\t'))
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

function describe(comment: string | undefined): { readonly description?: string } {
  const text = comment?.trim() ?? ''
  return text === '' ? {} : { description: text }
}
