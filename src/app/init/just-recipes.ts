import type { OfferedJob, OfferedParam } from './offered-job.ts'

/** A recipe's first line: a name, perhaps parameters, a colon that begins no assignment. */
const RECIPE = /^@?([A-Za-z_][A-Za-z0-9_-]*)((?:\s[^:]*)?):(?!=)/
const PARAMETER = /([*+$]*)([A-Za-z_][A-Za-z0-9_-]*)(?:=("[^"]*"|'[^']*'|[^\s]+))?/g
const CONFIRM = /^\[(?:.*\b)?confirm\b(?:\(\s*(?:"([^"]*)"|'([^']*)')\s*\))?/
const PRIVATE = /^\[(?:.*\b)?private\b/

/** The recipes of a justfile that people ask for, with their comments and parameters. */
export function justRecipes(text: string): readonly OfferedJob[] {
  const lines = text.split(/\r?\n/)
  return lines.flatMap((line, index): readonly OfferedJob[] => {
    const [, name, parameters = ''] = RECIPE.exec(line) ?? []
    if (name === undefined || name.startsWith('_') || isKeyword(line)) return []
    const above = linesAbove(lines, index)
    if (above.some((each) => PRIVATE.test(each))) return []
    const comment = above.find((each) => each.startsWith('#'))?.replace(/^#+\s?/, '')
    const params = readParameters(parameters)
    const confirm = questionIn(above, name)
    // The job asks, so that just need not: it has no terminal to ask on.
    const program = confirm === undefined ? (['just'] as const) : (['just', '--yes'] as const)
    const argv = [...program, name, ...params.map((param) => `{{${param.name}}}`)] as const
    const description = comment === undefined || comment === '' ? {} : { description: comment }
    return [{ name, argv, params, ...description, ...(confirm !== undefined && { confirm }) }]
  })
}

/** What just would ask before the recipe runs. */
function questionIn(above: readonly string[], name: string): string | undefined {
  const asked = above.map((line) => CONFIRM.exec(line)).find((found) => found !== null)
  return asked === undefined ? undefined : asked?.[1] || asked?.[2] || `Run ${name}?`
}

/** `alias a := b`, `set x := y`, `mod a`, `export X := y` are no recipes. */
function isKeyword(line: string): boolean {
  return /^(?:alias|set|mod|export|import|unexport)\s/.test(line)
}

/** The comments and attributes directly above a line, the nearest first. */
function linesAbove(lines: readonly string[], index: number): readonly string[] {
  const above: string[] = []
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at] ?? ''
    if (!/^[#[]/.test(line)) break
    above.push(line)
  }
  return above
}

/** Those that take any number of words are left to what stands behind `--`. */
function readParameters(text: string): readonly OfferedParam[] {
  return [...text.matchAll(PARAMETER)].flatMap(([, mark = '', name = '', value]): readonly OfferedParam[] => {
    if (/[*+]/.test(mark)) return []
    const usual = value === undefined ? undefined : /^["']/.test(value) ? value.slice(1, -1) : value
    return [{ name, ...(usual !== undefined && { default: usual }) }]
  })
}
