import { count, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import { problemLines } from './config-problem.ts'
import { paramsInvalid } from './param-problem.ts'
import {
  didYouMean,
  type FailureText,
  listed,
  pathText,
  quoted,
  reasonText,
  shellWord,
  steps,
  type TextsFor,
  words,
} from './text.ts'

type InputCode =
  | 'usage'
  | 'not_allowed'
  | 'not_confirmed'
  | 'config_invalid'
  | 'config_missing'
  | 'config_unreadable'
  | 'directory_invalid'
  | 'unknown_job'
  | 'params_invalid'
  | 'plan_unknown'
  | 'plan_changed'
  | 'needs_cycle'

/** What was asked for. */
export const inputTexts: TextsFor<InputCode> = {
  usage: (failure) => words(usageHeadline(failure), { todo: usageSteps(failure) }),
  not_allowed: ({ operation, caller }) =>
    words(
      `${onOneLine(operation)} is not for ${caller === 'agent' ? 'an agent' : `a ${onOneLine(caller)}`}: a person must do it`,
    ),
  not_confirmed: ({ operation, asked }) =>
    words(`${onOneLine(operation)} was not confirmed; nothing was done`, {
      detail: asked ? [] : ['what it does cannot be undone, and nobody is here to be asked'],
      todo: asked
        ? []
        : steps(
            ['look first', `orchastration ${onOneLine(operation)} --dry-run`],
            ['say yes', `orchastration ${onOneLine(operation)} --yes`],
          ),
    }),
  config_invalid: configInvalid,
  config_missing: ({ path }, home) =>
    words(`configuration file not found: ${path === '' ? '""' : pathText(path, home)}`, {
      todo: ['check the path after --config, or leave --config out to use the usual place'],
    }),
  config_unreadable: ({ path, reason }, home) =>
    words(`the configuration file cannot be read: ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo: ['make it a readable file, or name another one with --config'],
    }),
  directory_invalid: ({ setting, value }) =>
    words(`${onOneLine(setting)} must be an absolute path, it is ${quoted(value)}`, {
      todo: [`set ${onOneLine(setting)} to an absolute path${setting.startsWith('XDG_') ? ', or unset it' : ''}`],
    }),
  unknown_job: unknownJob,
  params_invalid: paramsInvalid,
  plan_unknown: ({ plan, known }) =>
    words(`no plan ${quoted(plan)} is kept`, { todo: steps(...planSteps(known ?? [])) }),
  plan_changed: ({ now, changes }) =>
    words('what would run now is not what was planned; nothing was run', {
      detail: changes.length === 0 ? ['  what was asked for is different'] : changes.slice(0, 20).map(planChange),
      todo: steps(['run it as it is now', `orchastration run --plan ${now.slice(0, 16)}`]),
    }),
  needs_cycle: ({ cycle }) =>
    words(`jobs need each other in a circle: ${listed(cycle, 50)}`, {
      todo: ['take one of these needs out of the configuration'],
    }),
}

function unknownJob({ job, run, needed_by, nearest, known, is }: FailureOf<'unknown_job'>): FailureText {
  if (run !== undefined) {
    return words(`run ${onOneLine(run)} has no job ${quoted(job)}${didYouMean(nearest)}`, {
      detail: known.length === 0 ? [] : [`it has: ${listed(known)}`],
      todo: steps(['all its jobs', `orchastration runs show ${shellWord(run)}`]),
    })
  }
  if (is !== undefined) {
    const command = is === 'task' ? 'build run' : 'orchestration run'
    return words(`${quoted(job)} is no job, but ${is === 'task' ? 'a task' : 'an orchestration'}`, {
      todo: steps(['run it', `orchastration ${command} ${shellWord(job)}`]),
    })
  }
  return words(`unknown job ${quoted(job)}${neededBy(needed_by)}${didYouMean(nearest)}`, {
    detail: known.length === 0 ? ['no jobs are configured'] : [`configured: ${listed(known)}`],
    todo: steps(['all jobs', 'orchastration list'], ...parameterStep(job)),
  })
}

/** Of several jobs the first is as good an example as any. */
function planSteps([first, ...others]: readonly string[]): readonly (readonly [string, string])[] {
  const jobs = ['jobs', 'orchastration list'] as const
  if (first === undefined) return [jobs]
  const make = [
    others.length === 0 ? 'make one' : 'make one, say',
    `orchastration run ${shellWord(first)} --plan`,
  ] as const
  return others.length === 0 ? [make] : [jobs, make]
}

/** `name=value` among the jobs is how others give a parameter. */
function parameterStep(job: string): readonly (readonly [string, string])[] {
  return /^[A-Za-z_][A-Za-z0-9_-]*=/.test(job)
    ? [['a parameter', `orchastration run <job> --param ${shellWord(onOneLine(job))}`]]
    : []
}

function usageHeadline({ problem, word, nearest, expected }: FailureOf<'usage'>): string {
  const wanted = expected === undefined ? '' : `; expected is ${onOneLine(expected)}`
  switch (problem) {
    case 'unknown_command':
      return `unknown command ${quoted(word)}${didYouMean(nearest)}`
    case 'unknown_option':
      return `unknown option ${quoted(word)}${didYouMean(nearest)}`
    case 'missing_argument':
      return `<${onOneLine(word)}> is missing${wanted}`
    case 'unexpected_argument':
      return `unexpected argument ${quoted(word)}${wanted}`
    case 'missing_value':
      return `${onOneLine(word)} needs a value${wanted}`
    case 'bad_value':
      return `${quoted(word)} cannot be used${wanted}${didYouMean(nearest)}`
    default:
      return unreachable(problem)
  }
}

function usageSteps({ command, problem, word }: FailureOf<'usage'>): readonly string[] {
  if (problem === 'unknown_command' && command === undefined) {
    return steps(['all commands', 'orchastration --help'], ['a job', `orchastration run ${shellWord(onOneLine(word))}`])
  }
  if (problem === 'missing_argument' && word === 'job') {
    return steps(['all jobs', 'orchastration list'], ['usage', `orchastration ${onOneLine(command ?? '')} --help`])
  }
  if (command === undefined) return steps(['all commands', 'orchastration --help'])
  return steps(['usage', `orchastration ${onOneLine(command)} --help`])
}

function configInvalid(
  { path, problems, more = 0 }: FailureOf<'config_invalid'>,
  home: string | undefined,
): FailureText {
  const shown = pathText(path, home)
  const name = shown.split(/[/\\]/).at(-1)
  const detail = problems.flatMap((problem) => ['', ...problemLines(problem, shown)])
  return words(`${name}: ${count(problems.length + more, 'problem')}, nothing was run`, {
    detail: more === 0 ? detail : [...detail, '', `  and ${count(more, 'problem')} more`],
  })
}

function planChange({ job, change, keys }: FailureOf<'plan_changed'>['changes'][number]): string {
  const name = onOneLine(job)
  if (change !== 'changed') return `  ${name} is ${change === 'new' ? 'new' : 'no longer part of it'}`
  return `  ${name} changed: ${listed(keys)}`
}

function neededBy(job: string | undefined): string {
  return job === undefined ? '' : `, which ${quoted(job)} needs`
}
