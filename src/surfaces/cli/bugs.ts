import type { Log } from '#app/log-port.ts'
import { ulid } from '#base/id.ts'
import { writeText } from './io.ts'

/** The exit code of a bug of ours: EX_SOFTWARE of sysexits(3). */
const EXIT_BUG = 70

/** What to do with what should never be thrown: whole into the log file, to the user as an incident. */
export interface BugCatcher {
  /** Settles when something was thrown where nobody waits for it. */
  readonly caught: Promise<number>
  logTo(log: Log): void
  report(error: unknown): Promise<number>
}

export function catchBugs(): BugCatcher {
  let log: Log | undefined
  const report = async (error: unknown) => {
    const incident = ulid(Date.now(), Math.random)
    const whole = error instanceof Error ? (error.stack ?? error.message) : String(error)
    writeText(2, `internal error, incident ${incident}: this is a bug of ours\n`)
    if (log === undefined) writeText(2, `${error instanceof Error ? error.message : String(error)}\n`)
    else writeText(2, 'the log file has the details; what is recorded is safe: orchastration status\n')
    log?.write({ level: 'error', message: 'internal error', fields: { incident, error: whole } })
    await log?.flush()
    return EXIT_BUG
  }
  const caught = new Promise<number>((resolve) => {
    const onError = (error: unknown) => void report(error).then(resolve)
    process.once('uncaughtException', onError)
    process.once('unhandledRejection', onError)
  })
  return {
    caught,
    report,
    logTo: (to) => {
      log = to
    },
  }
}
