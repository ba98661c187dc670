import type { LogSettings } from '#adapters/logging/log-file.ts'
import { parseSize } from '#base/size.ts'
import type { Configuration } from './configuration.ts'
import type { ComposeOptions } from './options.ts'

/** What the configuration says of the log file; an invalid one, which somebody is told of elsewhere, says nothing. */
export async function logSettings({ own, config }: Configuration, { logs }: ComposeOptions): Promise<LogSettings> {
  const whole = await config()
  // A mistake in a project's file does not undo the user's own settings.
  const loaded = whole.ok ? whole : await own()
  const { level, stdout, max_size = '', files } = (loaded.ok ? loaded.value.config.logging : undefined) ?? {}
  const size = parseSize(max_size)
  return {
    level: level ?? 'info',
    maxBytes: size.ok ? size.value : LOG_BYTES,
    kept: files ?? LOG_FILES,
    out: stdout === true || logs?.toStdout === true ? logs?.write : undefined,
  }
}

/** The defaults that config.ts promises: 10MB, and 3 files that were set aside. */
const LOG_BYTES = 10_000_000
const LOG_FILES = 3
