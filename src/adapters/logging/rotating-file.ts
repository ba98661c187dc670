import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, type Stats, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface RotatingFileOptions {
  readonly path: string
  /** How large the file may become; a line that is longer than that has a file of its own. */
  readonly maxBytes: number
  /** How many files that were set aside are kept: `<path>.1` is the latest. */
  readonly kept: number
}

/** How long a line waits for the turn to rename a file that has grown far beyond its size. */
const PATIENCE_MS = 1000

/**
 * A file that several processes append lines to. A line is one write to a file opened for appending, so none is torn;
 * a full file is renamed, so whoever still has it open writes into the renamed one, and nothing is lost. Who renames
 * is decided by a lock of the operating system; whoever does not get it writes on and leaves the renaming to the other,
 * up to twice the size.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions
  #file: number | undefined
  /** Which one that is: it stays the same as long as it is open. */
  #stats: Stats | undefined
  /** The last line got out in part only, as on a full disk: the next one must not go on in it. */
  #isTorn = false

  constructor(options: RotatingFileOptions) {
    this.#options = options
  }

  /** Appends a line, or lets it go: a log that cannot be written stops nothing. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line)
      this.#makeRoom(bytes.length)
      this.#append(bytes)
      // The file was removed between the look at it and the write: what nobody can read was not written.
      if (fstatSync(this.#open()).nlink === 0) {
        this.#close()
        this.#append(bytes)
      }
    } catch {
      this.#close()
    }
  }

  #append(bytes: Uint8Array): void {
    const written = writeSync(this.#open(), bytes)
    this.#isTorn = written < bytes.length
  }

  /** Another process may have set the file aside, or somebody may have removed it. */
  #makeRoom(bytes: number): void {
    const { path, maxBytes } = this.#options
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || (this.#stats !== undefined && !isSame(found, this.#stats))) this.#close()
    if (found === undefined || found.size === 0 || found.size + bytes <= maxBytes) return
    // One that is twice as large has been left to others for too long.
    const patienceMs = found.size > 2 * maxBytes ? PATIENCE_MS : 0
    if (setAside(this.#options, bytes, patienceMs)) this.#close()
  }

  #open(): number {
    if (this.#file !== undefined) return this.#file
    const { path } = this.#options
    mkdirSync(dirname(path), { recursive: true })
    // Nobody else's business: command lines stand in it.
    this.#file = openSync(path, 'a', 0o600)
    this.#stats = fstatSync(this.#file)
    return this.#file
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    this.#stats = undefined
  }
}

function isSame(left: Stats, right: Stats): boolean {
  return left.ino === right.ino && left.dev === right.dev
}

/** Renames the file, those before it first; false where another process is at it, or was faster. */
function setAside({ path, maxBytes, kept }: RotatingFileOptions, bytes: number, patienceMs: number): boolean {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(`${path}.lock`)
    lock.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`)
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size + bytes <= maxBytes) return false
    shift(path, kept)
    return true
  } catch {
    return false
  } finally {
    lock?.close()
  }
}

/** Whoever died in here left a gap, and it is closed: files before a gap move up to it, those behind it stay. */
function shift(path: string, kept: number): void {
  if (kept === 0) {
    rmSync(path)
    return
  }
  let free = 1
  while (free < kept && statSync(`${path}.${free}`, { throwIfNoEntry: false }) !== undefined) free += 1
  for (let number = free - 1; number > 0; number--) renameSync(`${path}.${number}`, `${path}.${number + 1}`)
  renameSync(path, `${path}.1`)
}
