import * as z from 'zod/mini'

/** A text that says something. */
export const Said = z.string().check(z.minLength(1), z.maxLength(100_000))

/** The name or the path of another file. */
export const Reference = z.string().check(z.minLength(1), z.maxLength(4096))

/** What a task file holds. */
export const TaskFile = z.strictObject({ description: Said })

/** A task inside another file: its text, alone or as a task file has it. */
export const TaskText = z.union([Said, TaskFile])

export function taskText(task: z.infer<typeof TaskText> | undefined): string | undefined {
  return typeof task === 'object' ? task.description : task
}

/** What a model is to be told, beside its name. */
export const Temperature = z.number().check(z.gte(0), z.lte(10))
export const Seed = z.nullable(z.int())
