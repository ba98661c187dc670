import { count, grouped, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import { didYouMean, type FailureText, listed, quoted, shellWord, steps, type TextsFor, words } from './text.ts'

type RunCode =
  | 'unknown_run'
  | 'run_ended'
  | 'run_not_of_jobs'
  | 'nothing_to_retry'
  | 'run_owned'
  | 'run_fenced'
  | 'run_open'
  | 'body_erased'
  | 'signal_late'
  | 'workflow_unknown'
  | 'workflow_version'
  | 'replay_mismatch'
  | 'nondeterministic_await'
  | 'value_too_large'
  | 'unknown_question'
  | 'question_closed'
  | 'invalid_choice'
  | 'internal'

/** Runs, their replay and their questions, and our own mistakes. */
export const runTexts: TextsFor<RunCode> = {
  unknown_run: unknownRun,
  run_ended: ({ run, status }) =>
    words(`run ${onOneLine(run)} is over: ${statusText(status)}`, { todo: showSteps(run) }),
  run_not_of_jobs: ({ run, workflow, name }) =>
    words(`run ${onOneLine(run)} is none of jobs: ${onOneLine(name)} is a run of workflow ${quoted(workflow)}`, {
      todo: showSteps(run),
    }),
  nothing_to_retry: ({ run, status, jobs = [] }) =>
    words(`there is nothing to do again of run ${onOneLine(run)}: ${statusText(status)}`, {
      todo:
        status !== 'succeeded'
          ? steps(['go on with it', `orchastration runs resume ${shellWord(run)}`])
          : jobs.length === 0
            ? steps(['its jobs', `orchastration runs show ${shellWord(run)}`])
            : steps(['run its jobs anew', `orchastration run ${jobs.map(shellWord).join(' ')}`]),
    }),
  run_owned: ({ run, owner }) =>
    words(`another process executes run ${onOneLine(run)}: ${onOneLine(owner)}`, {
      todo: steps(
        ['follow it', `orchastration runs logs ${shellWord(run)} --follow`],
        ['end it', `orchastration runs cancel ${shellWord(run)}`],
      ),
    }),
  run_fenced: ({ run, epoch }) =>
    words(`another process took over run ${onOneLine(run)}; this one wrote nothing more`, {
      detail: [`this process held it in epoch ${epoch}`],
      todo: showSteps(run),
    }),
  run_open: ({ run, status }) =>
    words(`run ${onOneLine(run)} is not over, so it can neither be erased nor undone: ${statusText(status)}`, {
      todo: steps(
        ['end it', `orchastration runs cancel ${shellWord(run)}`],
        ['go on', `orchastration runs resume ${shellWord(run)}`],
      ),
    }),
  body_erased: ({ run, by, at, seq }) =>
    words(`what run ${onOneLine(run)} did was erased`, {
      detail: [`by ${onOneLine(by)} at ${onOneLine(at)}, in event ${grouped(seq)}`],
      todo: showSteps(run, 'what is left'),
    }),
  signal_late: ({ run, not_after }) =>
    words(`too late for run ${onOneLine(run)}: it waited until ${new Date(not_after).toISOString()}`, {
      todo: showSteps(run),
    }),
  workflow_unknown: ({ workflow }) =>
    words(`this program has no workflow ${quoted(workflow)}`, {
      todo: ['use the version of orchastration that started the run'],
    }),
  workflow_version: ({ workflow, recorded, available }) =>
    words(
      `the run was started with version ${recorded} of workflow ${quoted(workflow)}, this program has version ${available}`,
      {
        todo: ['use the version of orchastration that started the run, or start a new run'],
      },
    ),
  replay_mismatch: ({ run, number, recorded, found }) =>
    words(`run ${onOneLine(run)} cannot go on: its workflow asks for something else than it did before`, {
      detail: [`command ${number} was: ${onOneLine(recorded)}`, `command ${number} is:  ${onOneLine(found)}`],
      todo: showSteps(run),
    }),
  nondeterministic_await: ({ detail }) =>
    words('the workflow waits for something that is no command of its context', {
      detail: [onOneLine(detail)],
      todo: ['await only what the context returns: run, sleep, signal, race'],
    }),
  value_too_large: ({ what, bytes, limit_bytes }) =>
    words(
      `${onOneLine(what)} is too large for the log: ${count(bytes, 'byte')}, the limit is ${count(limit_bytes, 'byte')}`,
      {
        todo: ["write it to a file and pass on the file's path"],
      },
    ),
  unknown_question: ({ question, open }) =>
    words(`no question has the number ${quoted(question)}`, {
      detail: [open.length === 0 ? 'no question is open' : `open: ${listed(open.map(String))}`],
      todo: steps(['open questions', 'orchastration inbox']),
    }),
  question_closed: questionClosed,
  invalid_choice: ({ question, choice, choices, nearest }) =>
    words(`${quoted(choice)} is no answer to question ${question}${didYouMean(nearest)}`, {
      detail: [`choices: ${listed(choices, 50)}`],
      todo: steps(['answer', `orchastration answer ${question} ${shellWord(nearest ?? choices[0] ?? '<choice>')}`]),
    }),
  internal: ({ incident }) =>
    words(`internal error ${onOneLine(incident)}`, {
      detail: ['this is a mistake in orchastration, not in what you did; what was recorded is kept'],
      todo: [`the log file has the details: look for ${onOneLine(incident)}`],
    }),
}

/** Where several runs begin with the text, the failure names one of them. */
function unknownRun({ run, nearest }: FailureOf<'unknown_run'>): FailureText {
  const todo = steps(['runs', 'orchastration runs list'])
  if (nearest === undefined) return words(`no run has the name ${quoted(run)} or an id that begins with it`, { todo })
  return words(`more than one run begins with ${quoted(run)}`, { detail: [`one of them: ${onOneLine(nearest)}`], todo })
}

function questionClosed(failure: FailureOf<'question_closed'>): FailureText {
  return words(`question ${failure.question} ${closedBecause(failure)}`, {
    todo: steps(['open questions', 'orchastration inbox']),
  })
}

function closedBecause({ reason, by, choice }: FailureOf<'question_closed'>): string {
  const answer = choice === undefined ? '' : ` with ${quoted(choice)}`
  const answerer = by === undefined ? '' : ` by ${onOneLine(by)}`
  switch (reason) {
    case 'answered':
      return `was answered before${answer}${answerer}`
    case 'expired':
      return 'was not answered in time and is closed'
    case 'withdrawn':
      return 'is closed: nobody needs to know any more'
    case 'run_ended':
      return 'is closed: its run is over'
    default:
      return unreachable(reason)
  }
}

function statusText(status: string): string {
  return onOneLine(status.replaceAll('_', ' '))
}

function showSteps(run: string, purpose = 'what happened'): readonly string[] {
  return steps([purpose, `orchastration runs show ${shellWord(run)}`])
}
