import { err, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { Call, Operation } from './operation.ts'

/** Calls an operation for a caller: who may, with input that was checked. Every surface goes through here. */
export async function callOperation<Input, Output>(
  operation: Operation<Input, Output>,
  input: unknown,
  call: Call,
): Promise<Result<Output, Failure>> {
  const { kind } = call.services.principal
  if (!operation.callers.includes(kind)) return err({ code: 'not_allowed', operation: operation.name, caller: kind })
  const parsed = operation.input.safeParse(input)
  if (parsed.success) return await operation.run(parsed.data, call)
  const [issue] = parsed.error.issues
  const word = issue?.path.map(String).join('.') ?? ''
  return err({ code: 'usage', problem: 'bad_value', word, command: operation.name, expected: issue?.message ?? '' })
}
