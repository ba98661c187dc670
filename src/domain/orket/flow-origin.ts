import type { Unheeded } from './unheeded.ts'

/** Where an orchestration comes from, as its run pins it. */
export type FlowOrigin = {
  /** The file that was named or found. */
  readonly path: string
  /** What it is made of, as its files call it. */
  readonly parts: readonly FlowPart[]
  readonly unheeded: readonly Unheeded[]
}

export type FlowPart = {
  readonly flow: string
  readonly band: string
  readonly score: string | null
  readonly venue: string | null
}
