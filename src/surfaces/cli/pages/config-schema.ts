import { ok } from '#base/result.ts'
import schema from '../../../../configs/config.schema.json' with { type: 'json' }
import type { MakePage } from '../page.ts'

/** `config schema`: what a configuration file may hold, for editors. */
export const configSchema: MakePage = async () =>
  ok({ text: `${JSON.stringify(schema, null, 2)}\n`, document: { json_schema: schema } })
