import type { BigIntStats, Dirent } from 'node:fs'

/**
 * An open directory. What is in it is reached through it and by one name at a time, links never followed: so it does
 * not matter what becomes of the names that led to it. Every call throws what the system says.
 */
export interface Folder {
  /** Unlike that of any other directory, by whichever name it was reached. */
  readonly id: string
  sub(name: string): Folder
  /** What a name stands for, itself where it is a link; undefined for nothing. */
  look(name: string): BigIntStats | undefined
  entries(): readonly Dirent[]
  /** Opens a regular file to be read; throws `NotRegular` for anything else, which is not opened. */
  open(name: string): number
  /** Makes a file that is not there, and opens it to be written. */
  create(name: string, mode: number): number
  make(name: string): void
  rename(from: string, to: string): void
  remove(name: string): void
  removeFolder(name: string): void
  /** Has the names in it on disk for good. */
  sync(): void
  close(): void
}

export class NotRegular extends Error {
  readonly code = 'NOT_REGULAR'
}

/** A directory is another one than the one that was meant. */
export class Moved extends Error {
  readonly code = 'ELOOP'
}

export function idOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}
