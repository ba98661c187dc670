import type { Digest } from '#base/digest.ts'
import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { FlowImport } from '#domain/orket/flow-import.ts'

/** Flows in the files of Orket, and what they are given. */
export interface OrketFiles {
  /** Reads a flow by its name or path, with all that it names. Everything that is wrong in any of them is told at once. */
  readFlow(reference: string, options: FlowOptions): Promise<Result<ReadFlow, Failure>>
  /** The task in a file: the description of a JSON file, the text of any other. A relative path counts from here. */
  readTask(path: string): Promise<Result<ReadTask, Failure>>
  /** The text of a file, also of one that is built in. */
  readText(path: string): Promise<Result<string, Failure>>
  /** Makes a directory, unless it is there. */
  makeDirectory(path: string): Promise<Result<void, Failure>>
  /** Whether the text is the path of a file that is there or built in. */
  isFile(path: string): boolean
}

export interface FlowOptions {
  /** A directory in place of the one that the files say. */
  readonly workspace?: string | undefined
}

interface ReadTask {
  readonly text: string
  /** The file `script.json` beside it: the replies that go with it. */
  readonly script?: string
}

/** A flow with all of its files. */
export interface ReadFlow {
  readonly name: string
  readonly description?: string
  /** The file that was named or found: absolute, or as it is called in our repository where it is built in. */
  readonly path: string
  readonly isBuiltIn: boolean
  /** All files that count. */
  readonly sources: readonly { readonly path: string; readonly digest: Digest }[]
  /** One; or several, one after the other, where a rock was named. */
  readonly flows: readonly FlowImport[]
  /** What the files say that it is to be done. */
  readonly task?: string
  /** The replies that go with that task. */
  readonly script?: string
  readonly spaces: FlowSpaces
}

/** Where the agents of a flow may read and write. All paths are absolute. */
export interface FlowSpaces {
  readonly workspace: string
  readonly references: readonly string[]
  readonly domain: string
  readonly readScope: readonly SpaceName[]
  readonly writeScope: readonly SpaceName[]
  /** Workspaces beside the one that counts. */
  readonly others: readonly string[]
}

type SpaceName = 'workspace' | 'reference' | 'domain'
