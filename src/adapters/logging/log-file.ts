import type { Logger } from 'pino'
import type { Log, LogEntry } from '#app/log-port.ts'

export interface LogSettings {
  readonly level: LogEntry['level']
  readonly maxBytes: number
  readonly kept: number
  /** Takes each line, too, where it shall go to standard output as well. */
  readonly out: ((line: string) => void) | undefined
}

/** So many lines wait at most before the logger is loaded for them, whoever is busy. */
const MOST_WAITING = 1000

/**
 * JSON lines in the log file, by pino. Loading it takes longer than a small job, so it is loaded when the first line
 * is to be written out or when somebody says that there is time; from then on lines are written at once. A log file
 * that cannot be written stops nothing.
 */
export function logFile(path: string, settings: () => Promise<LogSettings>): Log {
  const waiting: LogEntry[] = []
  let loading: Promise<Logger | undefined> | undefined
  let logger: Logger | 'none' | undefined

  const load = () => {
    loading ??= openLogger(path, settings)
    return loading
  }
  const drain = async () => {
    // Who only looks writes no line, and then there is nothing to load and no file to make.
    if (waiting.length === 0) return
    await open()
  }
  /** What waited and what comes next are written in one turn, so that all lines stay in order. */
  const open = async () => {
    logger = (await load()) ?? 'none'
    for (const entry of waiting.splice(0)) if (logger !== 'none') write(logger, entry)
  }
  return {
    write: (entry) => {
      const dated = { at: Date.now(), ...entry }
      if (logger === 'none') return
      if (logger !== undefined) return write(logger, dated)
      if (waiting.push(dated) === MOST_WAITING) void open()
    },
    warm: () => void open(),
    flush: drain,
  }
}

async function openLogger(path: string, settings: () => Promise<LogSettings>): Promise<Logger | undefined> {
  try {
    const [{ default: pino }, { RotatingFile }, { level, out, maxBytes, kept }] = await Promise.all([
      import('pino'),
      import('./rotating-file.ts'),
      settings(),
    ])
    const file = new RotatingFile({ path, maxBytes, kept })
    const destination = {
      write: (line: string) => {
        file.write(line)
        out?.(line)
      },
    }
    const formatters = { level: (label: string) => ({ level: label }) }
    // Many processes write into one file, and `pid` tells them apart.
    const base = { pid: process.pid }
    return pino({ level, base, messageKey: 'msg', timestamp: false, formatters }, destination)
  } catch {
    return undefined
  }
}

function write(logger: Logger, { level, message, at = 0, fields = {} }: LogEntry): void {
  logger[level]({ time: new Date(at).toISOString(), ...fields }, message)
}
