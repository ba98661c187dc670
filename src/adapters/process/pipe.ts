import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs'

/** What comes out of a pipe whose other end a child has. */
export interface PipeReader {
  /** Hands over what comes, as it comes; settles once all that was written before `finish` has come. */
  readonly done: Promise<void>
  /** The child ended: what it wrote is in the pipe, and nobody else is waited for. */
  finish(): void
}

/** A pipe, before a child has its end. */
export interface Pipe {
  /** For the child. Closed by `read` and `abandon`. */
  readonly childEnd: number
  read(take: (bytes: Uint8Array) => void): PipeReader
  abandon(): void
}

/** So many chunks may come before there is room for the end; only somebody who floods the pipe needs more. */
const MOST_ATTEMPTS = 1000

/**
 * A pipe by a name that is gone at once. Not the runtime's own: those are sockets, and a child that opens /dev/stdout
 * is refused by them. Undefined where this system has no such pipes, or not in that folder.
 */
export function openPipe(path: string): Pipe | undefined {
  // The name may be left over from a death between these lines.
  removeName(path)
  if (!makePipe(path)) return undefined
  const ends: number[] = []
  const open = (flags: number) => {
    const end = openSync(path, flags)
    ends.push(end)
    return end
  }
  try {
    const readEnd = open(constants.O_RDONLY | constants.O_NONBLOCK)
    const childEnd = open(constants.O_WRONLY)
    // Ours is another opening of it: a full pipe makes the child wait, not us.
    const ownEnd = open(constants.O_WRONLY | constants.O_NONBLOCK)
    return {
      childEnd,
      read: (take) => {
        closeSync(childEnd)
        return new MarkedReader({ readEnd, ownEnd, take })
      },
      abandon: () => ends.forEach(closeSync),
    }
  } catch {
    ends.forEach(closeSync)
    return undefined
  } finally {
    removeName(path)
  }
}

/** No call of the runtime makes one. */
function makePipe(path: string): boolean {
  try {
    return Bun.spawnSync(['mkfifo', '-m', '600', path], { stdio: ['ignore', 'ignore', 'ignore'] }).success
  } catch {
    return false
  }
}

function removeName(path: string): void {
  try {
    unlinkSync(path)
  } catch {}
}

/**
 * Knows the end by a mark of its own in the pipe, written once the child has ended: who is left in the background may
 * keep the pipe open for ever, and would hide the end.
 */
class MarkedReader implements PipeReader {
  readonly done: Promise<void>
  readonly #readEnd: number
  readonly #ownEnd: number
  readonly #take: (bytes: Uint8Array) => void
  readonly #mark = crypto.getRandomValues(Buffer.alloc(32))
  /** What came since the mark was sent and may hold the beginning of it. */
  #held = Buffer.alloc(0)
  #state: 'open' | 'finishing' | 'marked' = 'open'
  #attempts = 0

  constructor(parts: { readEnd: number; ownEnd: number; take: (bytes: Uint8Array) => void }) {
    this.#readEnd = parts.readEnd
    this.#ownEnd = parts.ownEnd
    this.#take = parts.take
    this.done = this.#read()
  }

  finish(): void {
    this.#state = 'finishing'
    this.#sendMark()
  }

  async #read(): Promise<void> {
    const reader = Bun.file(this.#readEnd).stream().getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (this.#state === 'marked') {
        if (this.#isWhole(value)) break
        continue
      }
      this.#take(value)
      if (this.#state === 'finishing' && !this.#sendMark()) break
    }
    await reader.cancel()
    closeSync(this.#readEnd)
    closeSync(this.#ownEnd)
  }

  /** So small a piece is written whole or not at all. False once there was no room for too long. */
  #sendMark(): boolean {
    try {
      writeSync(this.#ownEnd, this.#mark)
      this.#state = 'marked'
    } catch {
      this.#attempts += 1
    }
    return this.#attempts < MOST_ATTEMPTS
  }

  #isWhole(piece: Uint8Array): boolean {
    const bytes = Buffer.concat([this.#held, piece])
    const end = bytes.indexOf(this.#mark)
    const sure = end >= 0 ? end : Math.max(0, bytes.length - this.#mark.length + 1)
    if (sure > 0) this.#take(bytes.subarray(0, sure))
    this.#held = bytes.subarray(sure)
    return end >= 0
  }
}

/** What the runtime's own pipe gives: its end is where it ends, or where it is quiet for a while after `finish`. */
export function readStream(stream: ReadableStream<Uint8Array>, take: (bytes: Uint8Array) => void): PipeReader {
  const reader = stream.getReader()
  let quiet: NodeJS.Timeout | undefined
  // Whoever waits for a piece gets the end of the stream then.
  const endWhenQuiet = () => {
    clearTimeout(quiet)
    quiet = setTimeout(() => void reader.cancel(), QUIET_MS)
  }
  const readAll = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      take(value)
      if (quiet !== undefined) endWhenQuiet()
    }
    clearTimeout(quiet)
  }
  return { done: readAll(), finish: endWhenQuiet }
}

const QUIET_MS = 200
