import { ok } from '#base/result.ts'
import example from '../../../../configs/config.example.toml' with { type: 'text' }
import type { MakePage } from '../page.ts'

/** `config example`: a configuration with its explanation. */
export const configExample: MakePage = async () => ok({ text: example, document: { toml: example } })
