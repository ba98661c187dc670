/** What files held before they were changed, kept for good by digest. */
export interface KeptContent {
  /** On disk before it answers. Throws what the system says. */
  keep(key: string, content: Uint8Array): void
  /** Undefined where it is not there, or was changed. */
  read(digest: string): Uint8Array | undefined
}
