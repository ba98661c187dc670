import * as z from 'zod/mini'
import { about, document } from './shapes.ts'

/** `config schema`. */
export const configSchema = document('config-schema', {
  json_schema: about(z.record(z.string(), z.unknown()), 'of configuration files'),
})

/** `config example`. */
export const configExample = document('config-example', { toml: about(z.string(), 'a configuration file') })
