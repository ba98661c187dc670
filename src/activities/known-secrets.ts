import { type Mask, maskOf } from '#base/masker.ts'
import type { KnownSecret } from '#workflows/agents/tool-call.ts'
import type { SurroundingsPort } from './surroundings-port.ts'

/** What variables and files give at this moment; a command that gives a secret is not run for this. */
export async function maskOfKnown(
  secrets: readonly KnownSecret[],
  load: () => Promise<SurroundingsPort>,
): Promise<Mask | undefined> {
  if (secrets.length === 0) return undefined
  const surroundings = await load()
  const values = secrets.flatMap(({ source, directory }) => {
    const value = surroundings.secret(source, directory)
    return value?.ok === true ? [value.value] : []
  })
  return values.length === 0 ? undefined : maskOf(values)
}
