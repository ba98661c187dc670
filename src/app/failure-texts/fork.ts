import { onOneLine } from '#base/text.ts'
import { didYouMean, listed, pathText, quoted, reasonText, shellWord, steps, type TextsFor, words } from './text.ts'

type ForkCode =
  | 'run_not_forkable'
  | 'unknown_step'
  | 'no_tree'
  | 'patch_invalid'
  | 'workspace_taken'
  | 'checkout_failed'

/** Forking runs. */
export const forkTexts: TextsFor<ForkCode> = {
  run_not_forkable: ({ run, name, workflow }) =>
    words(`run ${onOneLine(run)} cannot be forked: ${onOneLine(name)} is a run of workflow ${quoted(workflow)}`, {
      detail: ['only runs of orchestrations are forked'],
      todo: steps(['do what failed again', `orchastration runs retry ${shellWord(run)}`]),
    }),
  unknown_step: ({ run, step, known, nearest }) =>
    words(`run ${onOneLine(run)} has begun no step ${quoted(step)}${didYouMean(nearest)}`, {
      detail: known.length === 0 ? ['it has begun no step at all'] : [`begun: ${listed(known, 30)}`],
      todo: steps(['its course', `orchastration runs show ${shellWord(run)}`]),
    }),
  no_tree: ({ run, step, directory, reason }, home) =>
    words(`run ${onOneLine(run)} cannot be forked from ${quoted(step)}: its tree was not recorded`, {
      detail: [`${pathText(directory, home)}: ${onOneLine(reason)}`],
      todo: ['trees are recorded where a run works in git repositories: git init there, and run it again'],
    }),
  patch_invalid: ({ patch, reason, expected }) =>
    words(`--patch ${quoted(patch)}: ${PATCH[reason]}`, {
      detail: [`expected: ${onOneLine(expected)}`],
      todo: steps(['all forms', 'orchastration help runs fork']),
    }),
  workspace_taken: ({ directory, reason }, home) =>
    words(`${pathText(directory, home)} cannot be the directory of a fork: ${TAKEN[reason]}`, {
      todo: ['name another one: --workspace DIR'],
    }),
  checkout_failed: ({ directory, reason }, home) =>
    words(`the recorded tree cannot be put into ${pathText(directory, home)}: ${reasonText(reason)}`, {
      todo: ['name another directory: --workspace DIR'],
    }),
}

const PATCH = {
  shape: 'it must have a name and a value',
  name: 'nothing of that name can be patched',
  no_node: 'nobody can say to which of its nodes the step belongs',
  no_agent: 'the step is no turn of an agent',
  within: 'what a turn reads of the context is settled as it begins',
} as const

const TAKEN = {
  not_empty: 'it is not empty',
  not_a_directory: 'it is no directory',
  inside: 'it lies inside of the repository',
} as const
