import { err, ok, type Result } from '#base/result.ts'
import { Script } from '#domain/agents/script.ts'
import { shapeProblems } from '#domain/agents/shape-problems.ts'
import type { Failure } from '#domain/failure.ts'
import type { Documents } from './documents-port.ts'

/** The replies of a script file. Fails with everything that is wrong with it. */
export async function readScript(documents: Documents, path: string): Promise<Result<Script, Failure>> {
  const text = await documents.readText(path)
  if (!text.ok) return text
  const value = parsed(text.value)
  if (!value.ok) return err({ code: 'script_invalid', path, problems: [value.error] })
  const script = Script.safeParse(value.value)
  if (script.success) return ok(script.data)
  return err({ code: 'script_invalid', path, problems: [...shapeProblems(script.error.issues, 'the script')] })
}

function parsed(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    return err(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
