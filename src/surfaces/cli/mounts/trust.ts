import { whyUntrusted } from '#app/failure-texts/project.ts'
import { pathText } from '#app/failure-texts/text.ts'
import type { TrustAnswer } from '#app/operations/trust-project.ts'
import type { ProjectReview } from '#app/project-port.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'
import { reviewText } from '../review-text.ts'

/** `trust`: what it would allow among the notes, what became of it as the answer. */
export const trust = mount<TrustAnswer>(({ io, json, home }) => ({
  report: (progress) => {
    if (!json && progress.kind === 'review') io.note(reviewText(progress.review, home))
  },
  answer: (answer) => {
    if (json) printJson(io, 'trust', documentOf(answer))
    else if (answer.kind === 'list') sayList(answer.projects, io, home)
    else io.out(`${outcomeText(answer, home)}\n`)
    return 0
  },
}))

type Of<Kind> = Extract<TrustAnswer, { readonly kind: Kind }>

function outcomeText(answer: Of<'trusted'> | Of<'revoked'>, home: string | undefined): string {
  if (answer.kind === 'trusted')
    return `${pathText(answer.review.path, home)} ${answer.isNews ? 'is trusted now' : 'is trusted already'}`
  return `${pathText(answer.directory, home)} ${answer.isNews ? 'is not trusted any more' : 'was not trusted'}`
}

function sayList(projects: Of<'list'>['projects'], io: Io, home: string | undefined): void {
  for (const { directory, distrust } of projects) {
    const why = distrust === undefined ? '' : ` - ${whyUntrusted({ ...distrust, files: [...distrust.files] })}`
    io.out(`${pathText(directory, home)}${why}\n`)
  }
  if (projects.length === 0) io.note('no project is trusted\n')
}

function documentOf(answer: TrustAnswer): object {
  if (answer.kind === 'trusted')
    return { did: answer.isNews ? 'trusted' : 'nothing', project: reviewDocument(answer.review) }
  if (answer.kind === 'revoked') return { did: answer.isNews ? 'revoked' : 'nothing', directory: answer.directory }
  const projects = answer.projects.map(({ directory, trustedAt, files, distrust }) => {
    return { directory, trusted_at: trustedAt, files, changed: distrust?.files ?? [] }
  })
  return { did: 'listed', projects }
}

function reviewDocument({ directory, path, file, covered, outside }: ProjectReview): object {
  return { directory, path, config: file.config, files: covered, outside }
}
