import { onOneLine } from '#base/text.ts'
import type { Stale } from '#domain/run/fingerprint.ts'

/** Why a job ran whose files might have said that it need not, and what would have let it be. */
export function staleWords({ because, names, count: number, run }: Stale): {
  readonly because: string
  readonly otherwise?: string
} {
  const more = number > names.length ? ` and ${number - names.length} more` : ''
  const named = names.length === 0 ? '' : `: ${names.map(onOneLine).join(', ')}${more}`
  const since = run === undefined ? '' : ` since run ${run}`
  const otherwise = WOULD_NOT_RUN[because]
  return { because: `${STALE[because]}${since}${named}`, ...(otherwise !== undefined && { otherwise }) }
}

const STALE: Readonly<Record<Stale['because'], string>> = {
  forced: 'it was asked for with --force',
  cache_off: 'cache = false says that it always runs',
  no_inputs: 'it has outputs and no inputs, so nothing can say that it need not',
  tried_again: 'it was tried again',
  no_success: 'no success of it is recorded',
  failed_since: 'it has failed',
  definition: 'its definition changed',
  input_changed: 'inputs changed',
  input_added: 'inputs were added',
  input_removed: 'inputs were removed',
  input_changed_meanwhile: 'inputs changed while it ran the last time',
  output_missing: 'outputs are missing',
  output_changed: 'outputs were changed by something else',
  output_added: 'outputs were added by something else',
  output_unusable: 'outputs cannot be read',
}

const WOULD_NOT_RUN: { readonly [Because in Stale['because']]?: string } = {
  forced: 'It might have been up to date without it.',
  cache_off: 'It might have been up to date with cache = true.',
  no_inputs: 'It can be up to date with inputs = [...].',
  input_changed: 'It would not have run, had they been as before.',
  input_added: 'It would not have run without them.',
  input_removed: 'It would not have run with them.',
  definition: 'It would not have run, had that been as before.',
  output_missing: 'It would not have run with them.',
  output_changed: 'It would not have run, had they been as before.',
  output_added: 'It would not have run without them.',
}
