import { err, ok, type Result } from '#base/result.ts'
import type { FileFault } from '#domain/run/command-report.ts'
import { listDifferences, pathsOfList } from '#domain/run/file-list.ts'
import type { Fingerprint } from '#domain/run/fingerprint.ts'
import { definitionDigests } from './definition-parts.ts'
import { type Basis, type FreshnessParts, type Looking, named, readInputs } from './freshness.ts'
import type { FileList, FoundFiles } from './job-files-port.ts'
import { secretName } from './secret-names.ts'

export interface SealParts extends FreshnessParts {
  readonly salt: () => string
}

/** Why there is no fingerprint: something that the job made cannot be read, or a list of files cannot be kept. */
export interface SealFault extends FileFault {
  readonly isOurs: boolean
  readonly isInput?: true
}

/** What the next run of the job will compare with. Call it only after the job has succeeded. */
export async function sealSuccess(
  parts: SealParts,
  { rules, attempt, mask }: Looking,
  basis: Basis,
): Promise<Result<Fingerprint, SealFault>> {
  const { look, definition } = basis
  const made = await look.find(rules.outputs ?? [])
  const outputs = made.ok ? await look.digest(made.value) : made
  if (!outputs.ok) return err({ ...outputs.error, isOurs: false })
  const changed = await changedMeanwhile(basis, rules.inputs ?? [], made)
  const known = mask?.()
  for (const list of [basis.inputs, outputs.value]) {
    const { count, text } = list
    const secret = known === undefined ? undefined : secretName(pathsOfList(text), known)
    if (secret !== undefined) return err({ ...secret, isOurs: false, ...(list === basis.inputs && { isInput: true }) })
    const kept = count === 0 ? ok() : parts.kept.keepText(text, attempt)
    if (!kept.ok) return err({ ...kept.error, isOurs: true })
  }
  look.close()
  const salt = parts.salt()
  return ok({
    salt,
    definition: definitionDigests(definition, salt),
    inputs: summaryOf(basis.inputs),
    outputs: summaryOf(outputs.value),
    ...(changed.length > 0 && { changed: named(changed) }),
  })
}

/** The inputs that are not what they were before the job: what it has read of them, nobody knows. */
async function changedMeanwhile(
  { look, inputs }: Basis,
  patterns: readonly string[],
  made: Result<FoundFiles, FileFault>,
): Promise<readonly string[]> {
  const now = await readInputs(look, patterns, made)
  if (!now.ok) return [now.error.path]
  if (now.value.list.digest === inputs.digest) return []
  return listDifferences(inputs.text, now.value.list.text).map(({ path }) => path)
}

function summaryOf({ digest, count }: FileList): Fingerprint['inputs'] {
  return { digest, count }
}
