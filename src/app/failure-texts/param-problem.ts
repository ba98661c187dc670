import { count, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import { didYouMean, type FailureText, quoted, steps, words } from './text.ts'

type Problem = FailureOf<'params_invalid'>['problems'][number]

/** Parameters that were not given or not taken, all of them at once. */
export function paramsInvalid({ problems }: FailureOf<'params_invalid'>): FailureText {
  const jobs = new Set(problems.flatMap(({ job }) => (job === undefined ? [] : [onOneLine(job)])))
  const number = problems.length === 1 ? '1 parameter is' : `${count(problems.length, 'parameter')} are`
  return words(`${number} not right, nothing was run`, {
    detail: problems.map((problem) => `  ${problemText(problem)}`),
    todo: steps(...[...jobs].slice(0, 3).map((job) => [`what ${job} takes`, `orchastration show ${job}`] as const)),
  })
}

function problemText({ job = '', param, problem, value = '', expected = '', nearest }: Problem): string {
  const [name, taken] = [onOneLine(job), `for ${quoted(param)}, not ${quoted(value)}${didYouMean(nearest)}`]
  switch (problem) {
    case 'missing':
      return `${name} needs ${quoted(param)}: give it with --param ${onOneLine(param)}=…`
    case 'unknown':
      return `no job of the run has a parameter ${quoted(param)}${didYouMean(nearest)}`
    case 'type':
      return `${name} takes ${expected === 'boolean' ? 'true or false' : `a value of type ${expected}`} ${taken}`
    case 'enum':
      return `${name} takes one of ${onOneLine(expected)} ${taken}`
    case 'pattern':
      return `${name} takes what matches ${onOneLine(expected)} ${taken}`
    case 'nul':
      return `${quoted(param)} of ${name} holds the character NUL, which no program can be given`
    case 'no_value':
      return `NAME=VALUE is expected, not ${quoted(param)}; the empty text is given by --param ${onOneLine(param)}=`
    case 'no_arguments':
      return `the shell of ${name} takes no arguments after --`
    case 'no_place':
      return `the shell text of ${name} has no clear place for arguments: write "$@" where they belong`
    case 'several_jobs':
      return 'arguments after -- are for one job, and several were asked for'
    default:
      return unreachable(problem)
  }
}
