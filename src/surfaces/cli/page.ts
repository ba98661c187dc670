import type { Services } from '#app/services.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Request } from './argv.ts'

/** What the command line tells about itself: no operation of the product, so no surface but this one has it. */
interface Page {
  readonly text: string
  /** With `--json`, in place of the text. */
  readonly document: Readonly<Record<string, unknown>>
}

export type MakePage = (asked: {
  readonly command: Extract<Request, { readonly kind: 'command' }>
  readonly release: Release
  /** The product as these directories have it; undefined where it cannot be put together. */
  readonly services: (places: Places) => Promise<Services | undefined>
}) => Promise<Result<Page, Failure>>

export interface Places {
  readonly config: string | undefined
  readonly stateDir: string | undefined
  readonly trust?: boolean
}

/** What this binary is. */
export interface Release {
  readonly number: string
  readonly commit: string
  /** When it was built, ISO 8601. */
  readonly time: string
}
