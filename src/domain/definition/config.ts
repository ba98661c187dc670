import * as z from 'zod/mini'
import { ALGORITHMS } from '../hashing/algorithm.ts'
import { Agent } from './agent.ts'
import { ConductorRule } from './conductor-rule.ts'
import { Job } from './job.ts'
import { Orchestration } from './orchestration.ts'
import { DurationText } from './retry.ts'
import { SizeText } from './size.ts'
import { Task } from './task.ts'

/** As people write it: `WARNING` is `warn`. */
const LogLevel = z.pipe(
  z.string().check(
    z.trim(),
    z.toLowerCase(),
    z.overwrite((level) => (level === 'warning' ? 'warn' : level)),
  ),
  z.enum(['debug', 'info', 'warn', 'error']),
)
export type LogLevel = z.infer<typeof LogLevel>

const HashAlgorithm = z.pipe(z.string().check(z.toLowerCase()), z.enum(ALGORITHMS))

/** The whole configuration file. The comments of its keys are their descriptions in the JSON Schema and in the docs. */
export const Config = z.strictObject({
  /** What goes into the log file, and how large it becomes. */
  logging: z.optional(
    z.strictObject({
      /** The least severe lines that are written; in any letter case, and `warning` is `warn`. Default: info. */
      level: z.optional(LogLevel),
      /** Whether the same lines go to standard output, too. Default: false. */
      stdout: z.optional(z.boolean()),
      /** How large the log file may become before it is set aside. Default: 10MB. */
      max_size: z.optional(SizeText),
      /** How many files that were set aside are kept. Default: 3. */
      files: z.optional(z.int().check(z.gte(0), z.lte(100))),
    }),
  ),
  /** Settings of `hash`. */
  hash: z.optional(
    z.strictObject({
      /** What `hash` uses where nothing else is asked for. Default: sha256. */
      algorithm: z.optional(HashAlgorithm),
    }),
  ),
  /** Where runs are kept. */
  state: z.optional(
    z.strictObject({
      /** Moves the JSON records here and the store into `store` below it. Relative to the file. Default: the system's usual places. */
      dir: z.optional(z.string().check(z.minLength(1))),
    }),
  ),
  /** What `runs prune` removes where nothing else is asked for. */
  retention: z.optional(
    z.strictObject({
      /** Runs that ended longer ago than this. */
      older_than: z.optional(DurationText),
      /** All runs but so many of the latest. */
      keep: z.optional(z.int().check(z.gte(0))),
      /** The oldest runs, until what is left takes no more than this. */
      max_size: z.optional(SizeText),
    }),
  ),
  /** The jobs, by name. */
  jobs: z.optional(z.record(z.string(), Job)),
  /** The tasks, by name. */
  tasks: z.optional(z.record(z.string(), Task)),
  /** Agents of your own, beside PlannerAgent, BuilderAgent, ReviewerAgent and DocAgent, by name. */
  agents: z.optional(z.record(z.string(), Agent)),
  /** The orchestrations, by name. */
  orchestrations: z.optional(z.record(z.string(), Orchestration)),
  /** How runs of orchestrations are governed by themselves. */
  conductor: z.optional(
    z.strictObject({
      /** What is done before and after steps, in this order; a project's come after the user's. */
      rules: z.optional(z.array(ConductorRule)),
    }),
  ),
})
export type Config = z.infer<typeof Config>
