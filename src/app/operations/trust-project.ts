import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Call, Operation } from '../operation.ts'
import { untrustedFailure } from '../project-jobs.ts'
import type { ProjectReview, TrustedProject } from '../project-port.ts'

const Input = z.object({
  directory: z.optional(z.string()),
  yes: z.optional(z.boolean()),
  list: z.optional(z.boolean()),
  revoke: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

export type TrustAnswer =
  /** `isNews` is false where it was trusted as it is already. */
  | { readonly kind: 'trusted'; readonly review: ProjectReview; readonly isNews: boolean }
  /** `isNews` is false where nobody had trusted it. */
  | { readonly kind: 'revoked'; readonly directory: string; readonly isNews: boolean }
  | { readonly kind: 'list'; readonly projects: readonly (TrustedProject & Pick<ProjectReview, 'distrust'>)[] }

/** Lets a project file count, once a person has seen what that allows. */
export const trustProject: Operation<Input, TrustAnswer> = {
  name: 'trust',
  effect: 'write',
  callers: ['person'],
  input: Input,
  run: async (input, call) => {
    if (input.list === true) return list(call)
    if (input.revoke === true) return revoke(input, call)
    return await trust(input, call)
  },
}

async function trust({ directory, yes }: Input, call: Call): Promise<Result<TrustAnswer, Failure>> {
  const { projects, currentDirectory } = call.services
  const found = projects.find(directory)
  if (!found.ok) return found
  if (found.value === undefined) return err({ code: 'project_missing', directory: directory ?? currentDirectory })
  const reviewed = await projects.review(found.value)
  if (!reviewed.ok) return reviewed
  const review = reviewed.value
  call.report({ kind: 'review', review })
  if (review.distrust === undefined) return ok({ kind: 'trusted', review, isNews: false })
  const isYes = yes === true || (call.attended && (await call.confirm('Trust it?')))
  if (!isYes) return err(untrustedFailure({ ...review, ...review.distrust }))
  // What was shown is what is trusted: should a file have changed meanwhile, it is untrusted again.
  const recorded = projects.trust(review)
  return recorded.ok ? ok({ kind: 'trusted', review, isNews: true }) : recorded
}

function list({ services: { projects } }: Call): Result<TrustAnswer, Failure> {
  const trusted = projects.trusted()
  return trusted.ok ? ok({ kind: 'list', projects: trusted.value }) : trusted
}

/** Of a directory that is gone, too: then it must be named. */
function revoke({ directory }: Input, { services }: Call): Result<TrustAnswer, Failure> {
  const found = services.projects.find(directory)
  const named = resolve(services.currentDirectory, directory ?? '.')
  const meant = (found.ok ? found.value?.directory : undefined) ?? named
  const revoked = services.projects.revoke(meant)
  return revoked.ok ? ok({ kind: 'revoked', directory: meant, isNews: revoked.value !== undefined }) : revoked
}
