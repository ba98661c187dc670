import * as z from 'zod/mini'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** What a job that succeeded was given and made, so that the next run can tell whether that still holds. */
export const Fingerprint = z.object({
  /** Salt of the digests of `definition`. */
  salt: text,
  /** A digest for each part of the definition. */
  definition: z.record(text, text),
  /** Digests of lists of files with their contents, which are artifacts. The inputs are those before it started. */
  inputs: z.object({ digest: text, count: whole }),
  outputs: z.object({ digest: text, count: whole }),
  /** Inputs that were not the same any more when it had ended. */
  changed: z.optional(z.object({ names: z.array(text), count: whole })),
})
export type Fingerprint = z.infer<typeof Fingerprint>

/** Why a job ran whose files might have said that it need not: the first fact that decides. */
export const Stale = z.object({
  because: z.enum([
    'forced',
    'cache_off',
    'no_inputs',
    'tried_again',
    'no_success',
    'failed_since',
    'definition',
    'input_changed',
    'input_added',
    'input_removed',
    'input_changed_meanwhile',
    'output_missing',
    'output_changed',
    'output_added',
    'output_unusable',
  ]),
  /** Of files, or of parts of the definition: the first few. */
  names: z.array(text),
  /** How many there are in all. */
  count: whole,
  /** The run that it was compared with. */
  run: optionalText,
})
export type Stale = z.infer<typeof Stale>
