import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { ConfigFiles, LoadedConfig } from './config-port.ts'

/** The same, but where a graph is wrong by what stands in one file, with the places in that file. */
export async function withPlaces<Value>(
  result: Result<Value, Failure>,
  { sources }: Pick<LoadedConfig, 'sources'>,
  { checkGraphs }: Pick<ConfigFiles, 'checkGraphs'>,
): Promise<Result<Value, Failure>> {
  if (result.ok || result.error.code !== 'orchestration_invalid') return result
  for (const source of sources) {
    const checked = source.isThere ? await checkGraphs(source) : undefined
    if (checked?.ok === false) return checked
  }
  return result
}
