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
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Folder, idOf, Moved, NotRegular } from './folder.ts'

/** No part of the path may be a link. macOS only; elsewhere 0. */
const O_NOFOLLOW_ANY = process.platform === 'darwin' ? 0x2000_0000 : 0
const TO_READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | O_NOFOLLOW_ANY

/**
 * A directory by its path, for systems that look names up in open directories only by calls that we do not have. It is
 * looked at before and after whatever is done, and what was opened is compared with what lies there. That is weaker:
 * who swaps it between two of these looks, and back, gains a moment. SECURITY.md says so.
 */
export class PathFolder implements Folder {
  readonly id: string
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
    const stats = lstatSync(path, { bigint: true })
    if (!stats.isDirectory()) throw new Moved(path)
    this.id = idOf(stats)
    this.#check()
  }

  static open(path: string): PathFolder {
    return new PathFolder(path)
  }

  sub(name: string): Folder {
    this.#check()
    return new PathFolder(join(this.#path, name))
  }

  look(name: string): BigIntStats | undefined {
    return this.#checked(() => lstatSync(join(this.#path, name), { bigint: true, throwIfNoEntry: false }))
  }

  entries(): readonly Dirent[] {
    return this.#checked(() => readdirSync(this.#path, { withFileTypes: true }))
  }

  open(name: string): number {
    const path = join(this.#path, name)
    if (this.look(name)?.isFile() === false) throw new NotRegular(name)
    const file = openSync(path, TO_READ)
    try {
      const stats = fstatSync(file, { bigint: true })
      if (!stats.isFile()) throw new NotRegular(name)
      const there = this.look(name)
      if (there === undefined || idOf(there) !== idOf(stats)) throw new Moved(path)
      return file
    } catch (error) {
      closeSync(file)
      throw error
    }
  }

  create(name: string, mode: number): number {
    this.#check()
    const file = openSync(join(this.#path, name), 'wx', mode)
    try {
      const there = this.look(name)
      if (there === undefined || idOf(there) !== idOf(fstatSync(file, { bigint: true }))) throw new Moved(this.#path)
      return file
    } catch (error) {
      closeSync(file)
      throw error
    }
  }

  make(name: string): void {
    this.#checked(() => mkdirSync(join(this.#path, name)))
  }

  rename(from: string, to: string): void {
    this.#checked(() => renameSync(join(this.#path, from), join(this.#path, to)))
  }

  remove(name: string): void {
    this.#checked(() => unlinkSync(join(this.#path, name)))
  }

  removeFolder(name: string): void {
    this.#checked(() => rmdirSync(join(this.#path, name)))
  }

  /** Windows has no such call, and needs none. */
  sync(): void {
    if (process.platform === 'win32') return
    const file = openSync(this.#path, 'r')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }

  close(): void {}

  #checked<T>(work: () => T): T {
    this.#check()
    const done = work()
    this.#check()
    return done
  }

  #check(): void {
    const stats = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false })
    const isSame = stats?.isDirectory() === true && idOf(stats) === this.id
    if (!isSame || realpathSync.native(this.#path) !== this.#path) throw new Moved(this.#path)
  }
}
