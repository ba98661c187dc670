import { count, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import { didYouMean, type FailureText, pathText, quoted, shellWord, steps, type TextsFor, words } from './text.ts'

type ConductorCode =
  | 'steering_invalid'
  | 'rules_invalid'
  | 'run_not_steerable'
  | 'steering_refused'
  | 'terminal_missing'

/** Steering runs. */
export const conductorTexts: TextsFor<ConductorCode> = {
  steering_invalid: steeringInvalid,
  rules_invalid: ({ file, faults }, home) =>
    words(
      `${file === undefined ? 'rules of the Conductor' : pathText(file, home)}: ${count(faults.length, 'problem')}, nothing was run`,
      {
        detail: faults.map(ruleText),
      },
    ),
  run_not_steerable: ({ run, name, workflow }) =>
    words(`run ${onOneLine(run)} cannot be steered: ${onOneLine(name)} is a run of workflow ${quoted(workflow)}`, {
      detail: ['only runs of orchestrations are steered'],
      todo: steps(['end it', `orchastration runs cancel ${shellWord(run)}`]),
    }),
  steering_refused: ({ run, command, reason }) =>
    words(`nothing was done by ${quoted(command)}: ${onOneLine(reason)}`, {
      todo: steps(['where it stands', `orchastration runs show ${shellWord(run)}`]),
    }),
  terminal_missing: ({ option }) =>
    words(`${onOneLine(option)} asks a person at a terminal, and there is none`, {
      detail: ['standard input and standard error must be a terminal, without --detach, --json and --no-input'],
      todo: steps(['steer a run from elsewhere', 'orchastration runs steer <run> <command>']),
    }),
}

function steeringInvalid(failure: FailureOf<'steering_invalid'>): FailureText {
  return words(headline(failure), {
    detail: [`expected: ${onOneLine(failure.expected)}`],
    todo: steps(['all commands', 'orchastration help runs steer']),
  })
}

function ruleText({ rule, problem, word, nearest, expected }: FailureOf<'rules_invalid'>['faults'][number]): string {
  const where = rule === 0 ? '' : `rule ${rule}: `
  const wanted = `${onOneLine(expected)} is expected`
  switch (problem) {
    case 'missing':
      return `  ${where}${wanted}`
    case 'unknown_target':
      return `  ${where}nothing is called ${quoted(word)}${didYouMean(nearest)}; ${wanted}`
    default:
      return `  ${where}${wanted}, this is ${quoted(word)}${didYouMean(nearest)}`
  }
}

function headline({ problem, word, nearest }: FailureOf<'steering_invalid'>): string {
  switch (problem) {
    case 'unknown_command':
      return `${quoted(word)} is no command to a run${didYouMean(nearest)}`
    case 'unknown_target':
      return `the run has no step and no role ${quoted(word)}${didYouMean(nearest)}`
    case 'missing':
      return word === '' ? 'no command was given' : `something is missing behind ${quoted(word)}`
    case 'bad_value':
      return `${quoted(word)} is no value that fits there`
    case 'unexpected':
      return `${quoted(word)} does not belong there${didYouMean(nearest)}`
    default:
      return unreachable(problem)
  }
}
