import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'

/** What is kept beside a child's output to find it again. */
export const Note = z.strictObject({
  pid: z.int(),
  /** The start time, in the unit of the platform's process list. */
  started: z.number(),
  boot: z.string(),
  argv0: z.string(),
})
export type Note = z.infer<typeof Note>

/** The note, unless there is none or it was cut short by our death: then the mark alone must do. */
export function readNote(path: string): Note | undefined {
  try {
    return z.safeParse(Note, JSON.parse(readFileSync(path, 'utf8'))).data
  } catch {
    return undefined
  }
}
