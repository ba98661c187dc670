import { saltedDigest } from '#base/digest.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import type { Fingerprint } from '#domain/run/fingerprint.ts'
import type { CommandInput, FileRules } from '#workflows/command.ts'

/** All of a job's definition that its outcome may depend on. */
export interface DefinitionParts {
  readonly input: CommandInput
  readonly rules: FileRules
  /** The files of variables with their contents. */
  readonly variables: string
}

/** A digest for each part, under the names that people know. Values are nobody's business, hence the salt; those of secrets do not count. */
export function definitionDigests(definition: DefinitionParts, salt: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(partsOf(definition)).map(([part, value]) => [part, saltedDigest(salt, canonicalJson(value))]),
  )
}

/** The parts that are not what they were. */
export function changedParts(
  definition: DefinitionParts,
  { salt, definition: before }: Fingerprint,
): readonly string[] {
  const now = definitionDigests(definition, salt)
  const names = new Set([...Object.keys(now), ...Object.keys(before)])
  return [...names].filter((part) => now[part] !== before[part])
}

function partsOf({ input, rules, variables }: DefinitionParts): Readonly<Record<string, Json>> {
  const [params, env] = [{}, {}] as [Record<string, string>, Record<string, string>]
  for (const [name, value] of Object.entries(input.env)) (name.startsWith('PARAM_') ? params : env)[name] = value
  return {
    command: input.argv,
    params,
    env,
    env_file: variables,
    secrets: input.secrets ?? {},
    allow_exit: input.allow_exit ?? [],
    inputs: rules.inputs ?? [],
    outputs: rules.outputs ?? [],
    artifacts: rules.artifacts ?? [],
  }
}
