import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import { type FailureText, listed, pathText, quoted, shellWord, steps, type TextsFor, words } from './text.ts'

type ProjectCode = 'project_untrusted' | 'project_missing' | 'trust_refused'

/** Project files, and the trust in them. */
export const projectTexts: TextsFor<ProjectCode> = {
  project_untrusted: untrusted,
  project_missing: ({ directory }, home) =>
    words(`no orchastration.toml is in ${pathText(directory, home)} or above it`, {
      todo: steps(['an example', 'orchastration config example'], ['files that count', 'orchastration config path']),
    }),
  trust_refused: ({ path, files }, home) =>
    words(`${pathText(path, home)} cannot be trusted: everybody on this machine may change ${listed(files)}`, {
      todo: steps(['for you to change', `chmod o-w ${files.slice(0, 10).map(shellWord).join(' ')}`]),
    }),
}

function untrusted(failure: FailureOf<'project_untrusted'>, home: string | undefined): FailureText {
  const { path, job } = failure
  const file = pathText(path, home)
  const what = namedIn(failure)
  const headline = what === undefined ? `${file} is not trusted` : `${what} is in ${file}, which is not trusted`
  const once = job === undefined ? 'orchastration <command> --trust' : `orchastration run ${shellWord(job)} --trust`
  return words(`${headline}; nothing was run`, {
    detail: [whyUntrusted(failure)],
    todo: steps(
      ['look and trust', 'orchastration trust'],
      ['without being asked', 'orchastration trust --yes'],
      ['this once', once],
    ),
  })
}

function namedIn({ job, task, orchestration }: FailureOf<'project_untrusted'>): string | undefined {
  if (job !== undefined) return `job ${quoted(job)}`
  if (task !== undefined) return `task ${quoted(task)}`
  return orchestration === undefined ? undefined : `orchestration ${quoted(orchestration)}`
}

/** What who works in an untrusted project is told in passing. */
export function untrustedLine({ path }: { readonly path: string }, home: string | undefined): string {
  return `${pathText(path, home)} is not trusted and does not count; look at it: orchastration trust`
}

/** Why a project file does not count, on one line. */
export function whyUntrusted({ reason, files }: Pick<FailureOf<'project_untrusted'>, 'reason' | 'files'>): string {
  switch (reason) {
    case 'new':
      return 'nobody has said yet that it may run commands here'
    case 'changed':
      return `changed since it was trusted: ${listed(files)}`
    case 'open':
      return `everybody on this machine may change ${listed(files)}`
    default:
      return unreachable(reason)
  }
}
