import { breath } from '#base/breath.ts'
import { bodyFields } from '#domain/proof/body-fields.ts'
import type { StoredEvent } from '#domain/proof/chain.ts'
import type { ErasedRun } from '#domain/proof/erasure-audit.ts'
import type { FaultList } from '#domain/proof/verdict.ts'
import type { LogRange, LogReader } from './store-port.ts'

/** What is wrong with a kept output; undefined where it is what its digest says. */
export type OutputCheck = (digest: string) => Promise<string | undefined>

export interface OutputsRequest {
  readonly log: LogReader
  readonly range: LogRange
  readonly check: OutputCheck
  /** Runs that were erased: what their bodies name, where these are still there, is no loss. */
  readonly erased: readonly ErasedRun[]
  readonly faults: FaultList
}

/** Compares the outputs that are kept with the digests under which the log names them, each once. */
export async function checkOutputs({ log, range, check, erased, faults }: OutputsRequest): Promise<void> {
  const seen = new Set<string>()
  const air = breath()
  const isErased = new Set(erased.map(({ run }) => run))
  const isKept = ({ runId }: StoredEvent) => runId === null || !isErased.has(runId)
  for await (const page of log.pages(range)) {
    // What cannot be read of the log was told before.
    for (const { seq, digest } of page.ok ? page.value.filter(isKept).flatMap(outputsOf) : []) {
      if (seen.has(digest)) continue
      seen.add(digest)
      const fault = await check(digest)
      await air.take()
      if (fault !== undefined) faults.add({ state: 'altered', seq, reason: `the output ${digest} ${fault}` })
    }
  }
}

interface NamedOutput {
  readonly seq: number
  readonly digest: string
}

/** The digests of what a try of a command wrote, of its artifacts and of the lists of its files; of what a file held. */
function outputsOf(event: StoredEvent): readonly NamedOutput[] {
  if (!event.type.startsWith('step.')) return []
  const { output, failure } = bodyFields(event)
  const report = isRecord(failure) ? failure['report'] : output
  if (!isRecord(report)) return []
  const { stdout, stderr, artifacts, fingerprint, changes } = report
  const { inputs, outputs } = isRecord(fingerprint) ? fingerprint : {}
  // An artifact is kept whatever its size, all else where there is something of it.
  const empty = (kept: unknown) => isRecord(kept) && (kept['bytes'] ?? kept['count']) === 0
  const kept = [stdout, stderr, inputs, outputs].filter((one) => !empty(one))
  const content = [report, ...(Array.isArray(changes) ? changes : [])].flatMap((one) => {
    const before = isRecord(one) ? one['before'] : undefined
    return typeof before === 'string' ? [{ digest: before }] : []
  })
  return [...kept, ...content, ...(Array.isArray(artifacts) ? artifacts : [])].flatMap((one) => {
    const digest = isRecord(one) ? one['digest'] : undefined
    return typeof digest === 'string' ? [{ seq: event.seq, digest }] : []
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
