/** Something that a repository can already do, as a job could call it. */
export interface OfferedJob {
  /** As its source calls it. */
  readonly name: string
  readonly argv: readonly [string, ...string[]]
  readonly description?: string
  /** What is asked before it runs. */
  readonly confirm?: string
  /** What must be given, in the order in which it is given. */
  readonly params: readonly OfferedParam[]
}

export interface OfferedParam {
  readonly name: string
  /** Undefined where it must be given. */
  readonly default?: string
}

/** All that one file offers. */
export interface Offer {
  /** The file, such as `package.json`. */
  readonly file: string
  /** What runs it, such as `npm`. */
  readonly tool: string
  readonly jobs: readonly OfferedJob[]
}
