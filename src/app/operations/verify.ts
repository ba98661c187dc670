import * as z from 'zod/mini'
import { ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { RunId } from '#domain/run/run.ts'
import type { Call, Operation } from '../operation.ts'
import { otherStores, verifyStore } from '../verify.ts'
import { verifyExport } from '../verify-export.ts'
import { otherStoresText, type TrustRequest, type VerifyReport } from '../verify-report.ts'

const Input = z.object({
  file: z.optional(z.string()),
  key: z.optional(z.string()),
  checkpoint: z.optional(z.string()),
  run: z.optional(z.string()),
  outputs: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

/** Checks that no record was changed, cut or restored: of the store, or of an export of one. */
export const verify: Operation<Input, VerifyReport> = {
  name: 'verify',
  effect: 'read',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const trust = await trustOf(input, call)
    if (!trust.ok) return trust
    if (input.file === undefined) return await verifyOwnStore(input, trust.value, call)
    const bytes = call.services.documents.readBytes(input.file)
    return await verifyExport({ ...trust.value, path: input.file, bytes })
  },
}

async function trustOf({ key: keyFile, checkpoint }: Input, call: Call): Promise<Result<TrustRequest, Failure>> {
  const { key, documents } = call.services
  if (checkpoint === undefined) return ok({ key, keyFile })
  const note = await documents.readText(checkpoint)
  return note.ok ? ok({ key, keyFile, known: { path: checkpoint, note: note.value } }) : note
}

async function verifyOwnStore(
  input: Input,
  trust: TrustRequest,
  { services, report }: Call,
): Promise<Result<VerifyReport, Failure>> {
  const { marks } = services
  const open = async () => {
    const reading = await services.reading()
    // Of a store that is gone, nothing but its mark can tell.
    if (!reading.ok && reading.error.code === 'store_missing')
      for (const { stores } of otherStores(marks, undefined)) report({ kind: 'note', text: otherStoresText(stores) })
    return reading
  }
  const run = input.run === undefined ? ok(undefined) : await runIdOf(input.run, services)
  if (!run.ok) return run
  const outputs = input.outputs === true ? services.files.fault : undefined
  return await verifyStore({ ...trust, marks, open, run: run.value, outputs })
}

async function runIdOf(text: string, services: Call['services']): Promise<Result<RunId, Failure>> {
  const reading = await services.reading()
  if (!reading.ok) return reading
  const run = await reading.value.reader.findRun(text)
  return run.ok ? ok(run.value.id) : run
}
