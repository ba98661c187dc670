import { err, ok, type Result } from '#base/result.ts'
import type { Config } from '#domain/definition/config.ts'
import type { Failure } from '#domain/failure.ts'
import { isTable } from './config-finding.ts'
import { checkConfig } from './config-findings.ts'
import { parseToml } from './config-syntax.ts'
import { decodeText } from './config-text.ts'

interface ReadOptions {
  readonly isProject?: boolean
  /** Whether the graphs of orchestrations are looked at, too, which most commands have no use for. */
  readonly isDeep?: boolean
}

/** The configuration in these bytes, or everything that is wrong with it. */
export async function readConfig(
  path: string,
  bytes: Uint8Array,
  { isProject = false, isDeep = false }: ReadOptions = {},
): Promise<Result<Config, Failure>> {
  const text = decodeText(bytes)
  if (!text.ok) return err({ code: 'config_invalid', path, problems: [text.error] })
  const value = parseToml(text.value)
  if (!value.ok) return err({ code: 'config_invalid', path, problems: [value.error] })
  const checked = checkConfig(value.value, { platform: process.platform, isProject })
  const known = checked.ok ? [] : checked.findings
  const graphs = isDeep ? (await import('./graph-findings.ts')).graphFindings(value.value, known) : []
  // Most files have no rules, and then nothing of them is loaded.
  const hasRules = isTable(value.value) && value.value['conductor'] !== undefined
  const rules = hasRules ? (await import('./rule-findings.ts')).ruleFindings(value.value) : []
  if (checked.ok && graphs.length + rules.length === 0) return ok(checked.config)
  const { locate } = await import('./locate.ts')
  return err({ code: 'config_invalid', path, ...locate(text.value, [...known, ...graphs, ...rules]) })
}
