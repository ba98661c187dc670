/** Repositories that runs work in. */
export interface Checkouts {
  /** Whether the directory lies in the working tree of a git repository; asks the file system alone. */
  isInRepository(directory: string): boolean
}
