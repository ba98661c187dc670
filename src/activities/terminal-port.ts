/** The terminal of whoever looks on. One at a time has it. */
export interface TerminalPort {
  /**
   * Waits for the terminal and gives it to a job; undefined where nobody looks on, or where the signal aborts first.
   * What else writes to it steps aside until it is given back.
   */
  lend(job: string, signal: AbortSignal): Promise<LentTerminal | undefined>
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** A terminal that passes every key on. */
export interface LentTerminal {
  readonly size: TerminalSize
  /** From now on what is typed is handed over, and each new size. */
  connect(to: { readonly typed: (bytes: Uint8Array) => void; readonly resized: (size: TerminalSize) => void }): void
  show(bytes: Uint8Array): void
  /** Back to whom it belongs, as it was. */
  giveBack(): void
}
