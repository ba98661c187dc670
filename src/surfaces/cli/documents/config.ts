import * as z from 'zod/mini'
import { about, document, failure, time } from './shapes.ts'

const place = z.object({
  kind: about(z.enum(['user', 'named', 'project']), "the one in the usual place, that of `--config`, or the project's"),
  path: z.string(),
  state: about(
    z.enum(['there', 'absent', 'new', 'changed', 'open']),
    'there: it counts; the last three: a project file that is not trusted and does not count, and why',
  ),
  files: about(z.array(z.string()), 'what changed, or what everybody on the machine may change'),
})

/** `config path`. */
export const configPath = document('config-path', {
  files: about(z.array(place), 'a later one counts over an earlier one'),
  replaced: about(z.array(z.string()), "what the project has in the place of something of the user's"),
})

/** `config show`. */
export const configShow = document('config-show', {
  config: about(z.record(z.string(), z.unknown()), 'as one file would have it'),
  origins: about(
    z.optional(z.array(z.object({ key: z.string(), path: z.string(), line: z.nullable(z.int()) }))),
    'with `--origin`: where each key was set',
  ),
})

/** `config validate`. */
export const configValidate = document('config-validate', {
  files: z.array(z.object({ path: z.string(), valid: z.boolean(), failure: z.nullable(failure) })),
})

const covered = z.object({
  path: about(z.string(), "relative to the project's directory"),
  digest: about(z.nullable(z.string()), 'SHA-256; null where no file is'),
})

/** `trust`. */
export const trust = document('trust', {
  did: about(z.enum(['trusted', 'revoked', 'listed', 'nothing']), 'nothing: it was so already'),
  project: about(
    z.optional(
      z.object({
        directory: z.string(),
        path: z.string(),
        config: about(z.record(z.string(), z.unknown()), 'what it holds'),
        files: about(z.array(covered), 'what must not change'),
        outside: about(
          z.array(z.object({ by: z.string(), role: z.string(), directory: z.string(), path: z.string() })),
          'named files that nobody watches',
        ),
      }),
    ),
    'what is trusted',
  ),
  directory: about(z.optional(z.string()), 'what is not trusted any more'),
  projects: about(
    z.optional(
      z.array(
        z.object({
          directory: z.string(),
          trusted_at: time('when somebody said so'),
          files: z.array(covered),
          changed: about(z.array(z.string()), 'what changed since, so that it does not count'),
        }),
      ),
    ),
    'with `--list`',
  ),
})

/** `config schema`. */
export const configSchema = document('config-schema', {
  json_schema: about(z.record(z.string(), z.unknown()), 'of configuration files'),
})

/** `config example`. */
export const configExample = document('config-example', { toml: about(z.string(), 'a configuration file') })
