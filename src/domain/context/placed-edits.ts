/** A value that was put into the context from outside while the run went on. */
export interface PlacedEdit<Entry> {
  readonly entry: Entry
  /** Whether that other entry is of a step that began only after the edit: then it counts over it. */
  readonly isBefore: (other: Entry) => boolean
}

/** The entries with the edits among them, each behind all that was under way when it came. */
export function placedEdits<Entry>(entries: readonly Entry[], edits: readonly PlacedEdit<Entry>[]): readonly Entry[] {
  return edits.reduce<readonly Entry[]>((placed, { entry, isBefore }) => {
    const later = placed.filter(isBefore)
    return [...placed.filter((each) => !isBefore(each)), entry, ...later]
  }, entries)
}
