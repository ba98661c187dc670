import type { Diagnosis } from '#app/operations/doctor.ts'
import { count, onOneLine } from '#base/text.ts'
import { mount, printJson } from '../mount.ts'

type Finding = Diagnosis['findings'][number]

const INDENT = ' '.repeat(9)

/** `doctor`: a line for each thing that was looked at, what to do below it, and how many problems there are. */
export const doctor = mount<Diagnosis>(({ io, json }) => ({
  answer: ({ findings, home }) => {
    const problems = findings.filter(({ state }) => state === 'problem').length
    const notes = findings.filter(({ state }) => state === 'note').length
    const exit = problems > 0 ? 1 : 0
    if (json) printJson(io, 'doctor', { exit, problems, notes, findings })
    else {
      const width = Math.max(...findings.map(({ check }) => check.length))
      for (const finding of findings) {
        for (const line of linesOf(finding, width, home)) io.out(`${line}\n`)
      }
      io.out(`${count(problems, 'problem')}, ${count(notes, 'note')}\n`)
    }
    return exit
  },
}))

/** Every text but the paths was made printable where it was made. */
function linesOf(
  { check, state, what, where, detail, todo }: Finding,
  width: number,
  home?: string,
): readonly string[] {
  const place = where === null ? '' : `${shortened(where, home)}: `
  const more = [...detail, ...todo.map((line) => `-> ${line}`)]
  return [`${state.padEnd(7)}  ${check.padEnd(width)}  ${place}${what}`, ...more.map((line) => INDENT + line)]
}

function shortened(path: string, home: string | undefined): string {
  const isBelow =
    home !== undefined && home.length > 1 && path.startsWith(home) && /^[/\\]/.test(path.slice(home.length))
  return onOneLine(isBelow ? `~${path.slice(home.length)}` : path)
}
