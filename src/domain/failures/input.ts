import * as z from 'zod/mini'
import { ConfigProblem } from '#domain/definition/config-problem.ts'
import type { FailureEntries } from './entry.ts'

const optionalText = z.optional(z.string())
const text = z.string()
const whole = z.int()

/** What was asked for or configured. */
export const inputFailures = {
  usage: {
    means: 'The command line was not understood.',
    data: z.object({
      problem: z.enum([
        'unknown_command',
        'unknown_option',
        'missing_argument',
        'unexpected_argument',
        'missing_value',
        'bad_value',
      ]),
      word: text,
      command: optionalText,
      nearest: optionalText,
      expected: optionalText,
    }),
  },
  not_allowed: {
    means: 'Whoever asks may not do that; an agent never decides for a person.',
    data: z.object({ operation: text, caller: text }),
  },
  not_confirmed: {
    means: 'What cannot be undone was not confirmed; nothing was done.',
    /** `asked` says whether a person was there to say no. */
    data: z.object({ operation: text, asked: z.boolean() }),
  },
  config_invalid: {
    means: 'The configuration has mistakes; all of them are listed and nothing was run.',
    /** `more` counts the problems beyond those that are listed. */
    data: z.object({ path: text, problems: z.array(ConfigProblem), more: z.optional(whole) }),
  },
  config_missing: {
    means: 'The configuration file that was asked for is not there.',
    data: z.object({ path: text }),
  },
  config_unreadable: {
    means: 'The configuration file is there and cannot be read.',
    data: z.object({ path: text, reason: text }),
  },
  directory_invalid: {
    means: 'A directory setting is not an absolute path, or no home directory is known.',
    data: z.object({ setting: text, value: text }),
  },
  unknown_job: {
    means: 'No job of that name is configured, or where `run` is there, that run has none.',
    data: z.object({
      job: text,
      run: optionalText,
      needed_by: optionalText,
      nearest: optionalText,
      known: z.array(text),
      /** What else is configured under that name. */
      is: z.optional(z.enum(['orchestration', 'task'])),
    }),
  },
  params_invalid: {
    means: 'Parameters of jobs are missing, unknown or have values that they do not take.',
    data: z.object({
      problems: z.array(
        z.object({
          /** The job that declares the parameter; absent where none does. */
          job: optionalText,
          /** The parameter's name; `--` for further arguments. */
          param: text,
          problem: z.enum([
            'missing',
            'unknown',
            'type',
            'enum',
            'pattern',
            'nul',
            'no_value',
            'no_arguments',
            'no_place',
            'several_jobs',
          ]),
          value: optionalText,
          expected: optionalText,
          nearest: optionalText,
        }),
      ),
    }),
  },
  plan_unknown: {
    means: 'No plan of that digest is kept, or more than one begins with it.',
    /** `known` are the jobs that one could be made for. */
    data: z.object({ plan: text, known: z.optional(z.array(text)) }),
  },
  plan_changed: {
    means: 'What would run now is not what was planned; nothing was run.',
    data: z.object({
      plan: text,
      /** The digest of what would run now. */
      now: text,
      changes: z.array(z.object({ job: text, change: z.enum(['new', 'gone', 'changed']), keys: z.array(text) })),
    }),
  },
  needs_cycle: {
    means: 'Jobs need each other in a circle, so none of them can be first.',
    data: z.object({ cycle: z.array(text) }),
  },
} as const satisfies FailureEntries
