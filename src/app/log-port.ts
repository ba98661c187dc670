import type { LogLevel } from '#domain/definition/config.ts'

/** The log file: JSON lines, for those who look after the program. It never fails its caller. */
export interface Log {
  write(entry: LogEntry): void
  /** Makes writing ready ahead of time, in a moment when nothing else is to be done. */
  warm(): void
  /** Resolves once everything is written. */
  flush(): Promise<void>
}

export interface LogEntry {
  readonly level: LogLevel
  readonly message: string
  /** Milliseconds since the epoch; now, where it is left out. */
  readonly at?: number
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>
}
