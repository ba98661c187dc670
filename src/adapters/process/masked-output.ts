import { closeSync, openSync, writeSync } from 'node:fs'
import type { ChildSpec } from '#activities/process-port.ts'
import type { Mask } from '#base/masker.ts'
import type { Failure } from '#domain/failure.ts'
import { errorCode } from './error-code.ts'
import { openPipe, type Pipe, type PipeReader, readStream } from './pipe.ts'

/** Output that passes through a mask on its way into the files. */
export interface MaskedOutput {
  /** What the child gets for its standard output and error. */
  readonly stdout: number | 'pipe'
  readonly stderr: number | 'pipe'
  /** The child has them. */
  begin(child: Bun.Subprocess): void
  /** The child has ended; settles once all that it wrote is in the files, with what went wrong. */
  finish(): Promise<Failure | undefined>
  /** There is no child. */
  abandon(): void
}

export function maskedOutput({ stdoutPath, stderrPath }: ChildSpec, mask: Mask): MaskedOutput {
  const [stdout, stderr] = [openPipe(`${stdoutPath}.pipe`), openPipe(`${stderrPath}.pipe`)]
  const readers: PipeReader[] = []
  const files = [new MaskedFile(stdoutPath, mask), new MaskedFile(stderrPath, mask)] as const
  const read = (pipe: Pipe | undefined, stream: Bun.Subprocess['stdout'], file: MaskedFile) => {
    const take = (bytes: Uint8Array) => file.write(bytes)
    if (pipe !== undefined) readers.push(pipe.read(take))
    else if (stream instanceof ReadableStream) readers.push(readStream(stream, take))
  }
  return {
    stdout: stdout?.childEnd ?? 'pipe',
    stderr: stderr?.childEnd ?? 'pipe',
    begin: (child) => {
      read(stdout, child.stdout, files[0])
      read(stderr, child.stderr, files[1])
    },
    finish: async () => {
      for (const reader of readers) reader.finish()
      await Promise.all(readers.map(async ({ done }) => await done))
      for (const file of files) file.flush()
      return files.map((file) => file.end()).find((lost) => lost !== undefined)
    },
    abandon: () => {
      for (const pipe of [stdout, stderr]) pipe?.abandon()
      for (const file of files) file.end()
    },
  }
}

/** A file into which only what was masked comes. What cannot be written is passed over, so that the child can go on. */
export class MaskedFile {
  readonly #path: string
  readonly #masker
  readonly #file: number | undefined
  #lost: Failure | undefined

  constructor(path: string, mask: Mask | undefined) {
    this.#path = path
    this.#masker = mask?.stream()
    this.#file = this.#try(() => openSync(path, 'a', 0o600))
  }

  /** Gives back what went into the file. */
  write(bytes: Uint8Array): Uint8Array {
    return this.#append(this.#masker?.push(bytes) ?? bytes)
  }

  /** What was kept back, once nothing more comes. */
  flush(): Uint8Array {
    return this.#append(this.#masker?.end() ?? new Uint8Array())
  }

  /** Why something could not be kept, if so. */
  end(): Failure | undefined {
    if (this.#file !== undefined) closeSync(this.#file)
    return this.#lost
  }

  #append(bytes: Uint8Array): Uint8Array {
    const file = this.#file
    if (file === undefined || this.#lost !== undefined) return bytes
    this.#try(() => {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    })
    return bytes
  }

  #try<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.#lost ??= { code: 'output_lost', path: this.#path, reason: errorCode(error) }
      return undefined
    }
  }
}
