import type { Mask } from '#base/masker.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport, FileFault } from '#domain/run/command-report.ts'
import { type ListDifference, listDifferences } from '#domain/run/file-list.ts'
import type { Stale } from '#domain/run/fingerprint.ts'
import type { ActivityAttempt } from '#engine/activities.ts'
import type { CommandInput, FileRules } from '#workflows/command.ts'
import { changedParts, type DefinitionParts } from './definition-parts.ts'
import type { FileList, FoundFiles, JobFiles, JobFilesPort } from './job-files-port.ts'
import type { JobHistory, LastEnd } from './job-history-port.ts'
import type { KeptFilesPort } from './kept-files-port.ts'

/** So many names a reason has. */
const NAMED = 5

export interface FreshnessParts {
  readonly files: JobFilesPort
  readonly kept: KeptFilesPort
  readonly history: JobHistory
}

export interface Looking {
  readonly input: CommandInput
  readonly rules: FileRules
  readonly attempt: ActivityAttempt
  /** Hides the secrets that the command was started with, if it had any. */
  readonly mask?: () => Mask | undefined
}

/** How a job's files stand before it starts. */
export type Before =
  | { readonly kind: 'up_to_date'; readonly upToDate: NonNullable<CommandReport['up_to_date']> }
  | { readonly kind: 'stale'; readonly stale?: Stale; readonly basis?: Basis }

/** What a fingerprint is made from if the job succeeds. */
export interface Basis {
  readonly look: JobFiles
  readonly inputs: FileList
  readonly definition: DefinitionParts
  /** Patterns of inputs that match nothing. */
  readonly unmatched: readonly string[]
}

/**
 * Whether the job may be left out: its definition, inputs and outputs are what they were when it last succeeded. A
 * fault is one of its inputs.
 */
export async function lookBefore(
  parts: FreshnessParts,
  looking: Looking,
): Promise<Result<Before, Failure | FileFault>> {
  const { rules, attempt, input } = looking
  if (rules.inputs === undefined)
    return ok({ kind: 'stale', ...(rules.outputs !== undefined && { stale: reason('no_inputs') }) })
  if (rules.cache === false) return ok({ kind: 'stale', stale: reason('cache_off') })
  const believes = rules.force !== true
  const scope = { job: attempt.step, directory: input.directory, believes, signal: attempt.signal }
  const look = parts.files.open(scope)
  const made = await look.find(rules.outputs ?? [])
  const inputs = await readInputs(look, rules.inputs, made)
  if (!inputs.ok) return inputs
  const definition = await readDefinition(look, looking)
  if (!definition.ok) return definition
  const basis = { look, inputs: inputs.value.list, unmatched: inputs.value.unmatched, definition: definition.value }
  const decided = await decide(parts, { ...looking, basis, made })
  if (!decided.ok) return decided
  // The names of files may hold a secret, which is not known before the start: then nothing is kept until it is.
  if ('run' in decided.value || input.secrets === undefined) look.close()
  return ok(
    'run' in decided.value
      ? { kind: 'up_to_date', upToDate: decided.value }
      : { kind: 'stale', stale: decided.value.stale, basis },
  )
}

interface Inputs {
  readonly list: FileList
  readonly unmatched: readonly string[]
}

/** What the job makes is no input of it, whatever the patterns say: it is looked at as its output. */
export async function readInputs(
  look: JobFiles,
  patterns: readonly string[],
  made: Result<FoundFiles, FileFault>,
): Promise<Result<Inputs, FileFault>> {
  const found = await look.find(patterns, made.ok ? made.value : undefined)
  if (!found.ok) return found
  const [missing] = found.value.missing
  if (missing !== undefined) return err({ path: missing, reason: 'ENOENT' })
  const list = await look.digest(found.value)
  return list.ok ? ok({ list: list.value, unmatched: found.value.unmatched }) : list
}

/** The files of variables belong to the definition: what is in them is passed to the command. */
async function readDefinition(look: JobFiles, { input, rules }: Looking): Promise<Result<DefinitionParts, FileFault>> {
  const variables = await look.find((input.env_files ?? []).map(asPattern))
  if (!variables.ok) return variables
  const list = await look.digest(variables.value)
  return list.ok ? ok({ input, rules, variables: list.value.text }) : list
}

/** A path is one, whatever characters are in it. */
function asPattern(path: string): string {
  return path.replaceAll('\\', '/').replace(/[*?[\]{}!]/g, '\\$&')
}

interface Deciding extends Looking {
  readonly basis: Basis
  readonly made: Result<FoundFiles, FileFault>
}

type Decided = { readonly stale: Stale } | NonNullable<CommandReport['up_to_date']>

async function decide(parts: FreshnessParts, deciding: Deciding): Promise<Result<Decided, Failure>> {
  const { rules, attempt, input, basis } = deciding
  if (rules.force === true) return ok({ stale: reason('forced') })
  // What was decided for the first try holds for all: a try that failed may have left everything as it should be.
  if (attempt.attempt > 1) return ok({ stale: reason('tried_again') })
  const last = await parts.history.lastEnd(attempt.step, input.directory)
  if (!last.ok) return last
  const before = staleBefore(parts, basis, last.value)
  if (before !== undefined) return ok({ stale: before })
  // Without a fingerprint it was stale.
  if (last.value?.fingerprint === undefined) return ok({ stale: reason('no_success') })
  return await decideOutputs(parts, deciding, { run: last.value.run, fingerprint: last.value.fingerprint })
}

/** What of the past, the definition and the inputs means that the job must run. */
function staleBefore(parts: FreshnessParts, basis: Basis, last: LastEnd | undefined): Stale | undefined {
  if (last === undefined) return reason('no_success')
  const { run, fingerprint } = last
  if (fingerprint === undefined) return { ...reason('failed_since'), run }
  const changed = changedParts(basis.definition, fingerprint)
  if (changed.length > 0) return { ...reason('definition', changed), run }
  if (fingerprint.inputs.digest !== basis.inputs.digest) {
    const known = parts.kept.readText(fingerprint.inputs.digest)
    const differences = known === undefined ? [] : listDifferences(known, basis.inputs.text)
    const meanwhile = differences.filter(({ path }) => fingerprint.changed?.names.includes(path))
    if (meanwhile.length > 0) return { ...reason('input_changed_meanwhile', pathsOf(meanwhile)), run }
    return { ...firstKind('input', differences), run }
  }
  if (fingerprint.changed === undefined) return undefined
  return { ...reason('input_changed_meanwhile', fingerprint.changed.names), count: fingerprint.changed.count, run }
}

async function decideOutputs(
  parts: FreshnessParts,
  { basis, made, attempt }: Deciding,
  { run, fingerprint }: Required<LastEnd>,
): Promise<Result<Decided, Failure>> {
  // The job may well put right what is wrong with it.
  if (!made.ok) return ok({ stale: { ...reason('output_unusable', [made.error.path]), run } })
  const [missing] = made.value.missing
  if (missing !== undefined) return ok({ stale: { ...reason('output_missing', made.value.missing), run } })
  const outputs = await basis.look.digest(made.value)
  if (attempt.signal.aborted) return err(attempt.signal.reason as Failure)
  if (!outputs.ok) return ok({ stale: { ...reason('output_unusable', [outputs.error.path]), run } })
  if (outputs.value.digest === fingerprint.outputs.digest)
    return ok({ run, inputs: basis.inputs.count, outputs: outputs.value.count })
  const known = parts.kept.readText(fingerprint.outputs.digest)
  const differences = known === undefined ? [] : listDifferences(known, outputs.value.text)
  return ok({ stale: { ...firstKind('output', differences), run } })
}

/** Of several kinds of differences, the one that says most. Without any, what was there before is not known any more. */
function firstKind(what: 'input' | 'output', differences: readonly ListDifference[]): Stale {
  const kinds =
    what === 'input' ? (['changed', 'added', 'removed'] as const) : (['removed', 'changed', 'added'] as const)
  for (const kind of kinds) {
    const paths = pathsOf(differences.filter((difference) => difference.kind === kind))
    const because = what === 'output' && kind === 'removed' ? 'missing' : kind
    if (paths.length > 0) return reason(`${what}_${because}` as Stale['because'], paths)
  }
  return reason(`${what}_changed`)
}

function pathsOf(differences: readonly ListDifference[]): readonly string[] {
  return differences.map(({ path }) => path)
}

export function named(names: readonly string[]): { readonly names: string[]; readonly count: number } {
  return { names: names.slice(0, NAMED), count: names.length }
}

function reason(because: Stale['because'], names: readonly string[] = []): Stale {
  return { because, ...named(names) }
}
