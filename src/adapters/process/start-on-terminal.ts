import type { Child, ChildSpec, ChildTerminal } from '#activities/process-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { watchChild } from './child.ts'
import type { Host } from './host.ts'
import { MaskedFile } from './masked-output.ts'
import { noteChild } from './note-child.ts'
import type { ChildFiles } from './open-files.ts'
import { MARK_VARIABLE } from './platform.ts'

/** Who keeps the terminal open behind the child's end is not waited for: so long a quiet is the end of the output. */
const QUIET_MS = 100
const MOST_REST_MS = 1000
/** The key that ends the input where nobody can type. */
const END_OF_INPUT = '\u0004'

interface Start {
  readonly program: string
  readonly spec: ChildSpec
  readonly terminal: ChildTerminal
  readonly files: ChildFiles
  readonly host: Host
}

/** Starts a child on a terminal of its own, in a session of its own; what it shows is its standard output. */
export function startOnTerminal(start: Start): Result<Child, Failure> {
  const { spec, host } = start
  if (!host.platform.hasTerminals) return err({ code: 'pty_unsupported' })
  const file = new MaskedFile(spec.stdoutPath, spec.mask)
  try {
    return ok(startInto(file, start))
  } catch (error) {
    file.end()
    throw error
  }
}

function startInto(file: MaskedFile, { program, spec, terminal, files, host }: Start): Child {
  const { person } = terminal
  const { columns, rows } = person?.size ?? terminal
  const closed = Promise.withResolvers<void>()
  let lastOutput = 0
  const process = Bun.spawn([program, ...spec.argv.slice(1)], {
    argv0: spec.argv[0],
    cwd: spec.directory,
    env: { ...spec.environment, [MARK_VARIABLE]: spec.mark.step },
    detached: true,
    terminal: {
      cols: columns,
      rows,
      data: (_terminal, bytes) => {
        lastOutput = performance.now()
        const shown = file.write(bytes)
        person?.show(shown)
      },
      exit: () => closed.resolve(),
    },
  })
  const leader = noteChild(process.pid, files, { spec, host })
  if (person === undefined) process.terminal?.write(END_OF_INPUT)
  else {
    person.connect({
      typed: (bytes) => process.terminal?.write(bytes),
      resized: (size) => process.terminal?.resize(size.columns, size.rows),
    })
  }
  const finish = async () => {
    await Promise.race([closed.promise, untilQuiet(() => lastOutput)])
    process.terminal?.close()
    const rest = file.flush()
    person?.show(rest)
    return file.end()
  }
  return watchChild(process, leader, { spec, host, output: { finish } })
}

async function untilQuiet(lastOutput: () => number): Promise<void> {
  const ended = performance.now()
  for (;;) {
    await Bun.sleep(QUIET_MS)
    const now = performance.now()
    if (now - lastOutput() >= QUIET_MS || now - ended > MOST_REST_MS) return
  }
}
