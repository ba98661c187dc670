import { ok } from '#base/result.ts'
import { completionScript, type Shell } from '../completions.ts'
import type { MakePage } from '../page.ts'

/** `completions`: the script of a shell. */
export const completions: MakePage = async ({ command }) => {
  // The table admits the names of shells only.
  const shell = command.arguments['shell'] as Shell
  const script = completionScript(shell)
  return ok({ text: script, document: { shell, script } })
}
