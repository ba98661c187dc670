import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs'
import { type Folder, idOf, Moved, NotRegular } from './folder.ts'

/** Opens a place without what is there noticing: a pipe or device is looked at before it is opened. Linux only. */
const O_PATH = 0x20_0000
const TO_LOOK = O_PATH | constants.O_NOFOLLOW
const TO_ENTER = TO_LOOK | constants.O_DIRECTORY

/** Whether this system shows open files below /proc, so that a name can be looked up in an open directory. */
export function hasDescriptorPaths(): boolean {
  if (process.platform !== 'linux') return false
  try {
    return lstatSync('/proc/self/fd').isDirectory()
  } catch {
    return false
  }
}

/**
 * A directory of Linux, held open. `/proc/self/fd/N/name` is looked up in the directory itself, as openat would do; so
 * no other part of any path is ever looked at again.
 */
export class DescriptorFolder implements Folder {
  readonly id: string
  readonly #file: number

  private constructor(file: number) {
    this.#file = file
    this.id = idOf(fstatSync(file, { bigint: true }))
  }

  /** By its real path: a link in any part of it would have led elsewhere. */
  static open(path: string): DescriptorFolder {
    const folder = new DescriptorFolder(openSync(path, TO_ENTER))
    if (readlinkSync(folder.#own) === path) return folder
    folder.close()
    throw new Moved(path)
  }

  sub(name: string): Folder {
    return new DescriptorFolder(openSync(this.#at(name), TO_ENTER))
  }

  look(name: string): BigIntStats | undefined {
    return lstatSync(this.#at(name), { bigint: true, throwIfNoEntry: false })
  }

  entries(): readonly Dirent[] {
    return readdirSync(this.#own, { withFileTypes: true })
  }

  open(name: string): number {
    const found = openSync(this.#at(name), TO_LOOK)
    try {
      if (!fstatSync(found).isFile()) throw new NotRegular(name)
      return openSync(`/proc/self/fd/${found}`, constants.O_RDONLY)
    } finally {
      closeSync(found)
    }
  }

  create(name: string, mode: number): number {
    return openSync(this.#at(name), 'wx', mode)
  }

  make(name: string): void {
    mkdirSync(this.#at(name))
  }

  rename(from: string, to: string): void {
    renameSync(this.#at(from), this.#at(to))
  }

  remove(name: string): void {
    unlinkSync(this.#at(name))
  }

  removeFolder(name: string): void {
    rmdirSync(this.#at(name))
  }

  sync(): void {
    const file = openSync(this.#own, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }

  close(): void {
    closeSync(this.#file)
  }

  get #own(): string {
    return `/proc/self/fd/${this.#file}`
  }

  #at(name: string): string {
    return `${this.#own}/${name}`
  }
}
