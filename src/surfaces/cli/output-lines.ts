import type { JobEnd } from '#app/command-ends.ts'
import type { OutputPaths } from '#app/services.ts'
import { copyRange } from './copy-range.ts'
import { restingLine } from './terminal-text.ts'

/** A line that goes on for longer is told in pieces. */
const LONGEST = 64 * 1024
const STREAMS = ['stdout', 'stderr'] as const

interface RunningStep {
  readonly name: string
  /** An output is told under the start that the events have come to, whatever runs already. */
  readonly attempt: number
}

/** What a command has printed. */
interface Reported {
  readonly report: Pick<JobEnd['report'], 'stdout' | 'stderr'>
}

interface Told {
  readonly path: string
  readonly until: number
  readonly decoder: TextDecoder
  /** The beginning of a line whose end was not written yet. */
  readonly rest: string
}

/** Tells what steps write as it comes, a line at a time behind the name of its job. */
export class OutputLines {
  readonly #files: OutputPaths
  readonly #say: (text: string) => void
  readonly #told = new Map<string, Told>()

  constructor(files: OutputPaths, say: (text: string) => void) {
    this.#files = files
    this.#say = say
  }

  /** What running steps have written since it was last asked. */
  look(runId: string, running: Iterable<readonly [number, RunningStep]>): void {
    for (const [number, { name, attempt }] of running) {
      for (const stream of STREAMS) {
        const path = this.#files.running(`${runId}/${number}`, stream, attempt)
        if (path !== undefined) this.#tell(name, { key: `${number} ${stream}`, path, size: this.#files.size(path) })
      }
    }
  }

  /** What is left of an output that came to its end, wherever it lies now. */
  finish({ job, number, report }: Pick<JobEnd, 'job' | 'number'> & Reported): void {
    for (const stream of STREAMS) {
      const key = `${number} ${stream}`
      const told = this.#told.get(key)
      const { digest, bytes } = report[stream]
      const path = this.#files.artifact(digest)
      // The bytes are those that the last start wrote.
      if (told !== undefined) this.#told.set(key, { ...told, path })
      if (bytes > 0) this.#tell(job, { key, path, size: bytes })
      const rest = this.#told.get(key)?.rest ?? ''
      if (rest !== '') this.#say(lineOf(job, rest))
      this.#told.delete(key)
    }
  }

  #tell(
    job: string,
    { key, path, size }: { readonly key: string; readonly path: string; readonly size: number },
  ): void {
    const before = this.#told.get(key)
    const told = before?.path === path ? before : { path, until: 0, decoder: new TextDecoder(), rest: '' }
    let text = told.rest
    copyRange(path, { from: told.until, until: size }, (chunk) => {
      const lines = `${text}${told.decoder.decode(chunk, { stream: true })}`.split('\n')
      text = lines.pop() ?? ''
      if (text.length > LONGEST) {
        lines.push(text)
        text = ''
      }
      if (lines.length > 0) this.#say(lines.map((line) => lineOf(job, line)).join(''))
    })
    this.#told.set(key, { ...told, until: Math.max(told.until, size), rest: text })
  }
}

function lineOf(job: string, line: string): string {
  return `${job} | ${restingLine(line)}\n`
}
