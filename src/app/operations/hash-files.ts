import * as z from 'zod/mini'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import {
  ALGORITHMS,
  type Algorithm,
  algorithmOf,
  DEFAULT_ALGORITHM,
  nearestAlgorithm,
} from '#domain/hashing/algorithm.ts'
import { checkManifest } from '../check-manifest.ts'
import { hashNamed } from '../hash-named.ts'
import type { FilesHashed, HashReport } from '../hash-report.ts'
import type { Call, Operation, StopRequest } from '../operation.ts'
import type { Services } from '../services.ts'

const Input = z.object({
  file: z.optional(z.array(z.string())),
  path: z.optional(z.array(z.string())),
  algo: z.optional(z.string()),
  manifest: z.optional(z.string()),
  tag: z.optional(z.boolean()),
  check: z.optional(z.boolean()),
  strict: z.optional(z.boolean()),
  ignore_missing: z.optional(z.boolean()),
  json: z.optional(z.boolean()),
})
type Input = z.infer<typeof Input>

/** Hashes files, and directories with all that is below them; writes a manifest of them, or checks one. */
export const hashFiles: Operation<Input, HashReport> = {
  name: 'hash',
  effect: 'write',
  callers: ['person', 'agent', 'system'],
  input: Input,
  run: async (input, call) => {
    const misuse = misuseOf(input)
    if (misuse !== undefined) return err(misuse)
    const stop = watchStop(call.stop)
    try {
      const report = await (input.check === true ? check(input, call, stop.mark) : hash(input, call, stop.mark))
      return report.ok ? ok({ ...report.value, stopped: stop.signal() }) : report
    } finally {
      stop.end()
    }
  },
}

function watchStop(request: StopRequest) {
  const stop = new AbortController()
  let by: string | undefined
  const end = request.onRequest((signal) => {
    by = signal
    stop.abort()
  })
  return { mark: stop.signal, signal: () => by, end }
}

async function hash(
  input: Input,
  { services, report }: Call,
  stop: AbortSignal,
): Promise<Result<Omit<FilesHashed, 'stopped'>, Failure>> {
  const written = await writtenAlgorithm(input, services)
  if (!written.ok) return written
  const algorithm = knownAlgorithm(written.value)
  if (!algorithm.ok) return algorithm
  const port = await services.hashing()
  const [manifest, ...names] = port.exact([input.manifest ?? '', ...namesOf(input)])
  const request = {
    names,
    algorithm: algorithm.value,
    written: written.value,
    manifest: input.manifest === undefined ? undefined : manifest,
    tagged: input.tag === true,
  }
  const hashed = await hashNamed(request, { port, documents: services.documents, stop, report })
  if (!hashed.ok) return hashed
  return ok({ kind: 'hashed', algorithm: written.value, manifest: request.manifest, ...hashed.value })
}

async function check(input: Input, { services, report }: Call, stop: AbortSignal) {
  const algorithm = input.algo === undefined ? ok(undefined) : knownAlgorithm(input.algo)
  if (!algorithm.ok) return algorithm
  const port = await services.hashing()
  const [manifest = ''] = port.exact(namesOf(input))
  const [isStrict, ignoreMissing] = [input.strict === true, input.ignore_missing === true]
  const request = { manifest, algorithm: algorithm.value, isStrict, ignoreMissing }
  return await checkManifest(request, { port, stop, report })
}

/** Options that say nothing together are refused, rather than one of them passed over. */
function misuseOf(input: Input): Failure | undefined {
  const { check, manifest, tag, json } = input
  if (tag === true && manifest === undefined) return misused('bad_value', '--tag', '--tag with --manifest')
  if (json === true && manifest === '-') return misused('bad_value', '--manifest -', '--manifest FILE with --json')
  return check === true ? misuseOfCheck(input) : misuseOfHash(input)
}

function misuseOfHash(input: Input): Failure | undefined {
  if (input.strict === true) return misused('bad_value', '--strict', '--strict with --check')
  if (input.ignore_missing === true) return misused('bad_value', '--ignore-missing', '--ignore-missing with --check')
  if (namesOf(input).some((name) => name !== '')) return undefined
  return { code: 'hash_without_file', option: '--file' }
}

function misuseOfCheck(input: Input): Failure | undefined {
  const [name, extra] = namesOf(input)
  if (name === undefined) return misused('missing_argument', 'path', 'the manifest, - for standard input')
  if (extra !== undefined) return misused('unexpected_argument', extra, 'one manifest, which names the files')
  return input.manifest === undefined ? undefined : misused('bad_value', '--manifest', 'either --manifest or --check')
}

function misused(
  problem: 'missing_argument' | 'unexpected_argument' | 'bad_value',
  word: string,
  expected: string,
): Failure {
  return { code: 'usage', problem, word, command: 'hash', expected }
}

function namesOf({ file = [], path = [] }: Input): readonly string[] {
  return [...file, ...path]
}

/** As it is written: the configuration is read only where the command line does not say. */
async function writtenAlgorithm({ algo }: Input, services: Services): Promise<Result<string, Failure>> {
  if (algo !== undefined) return ok(algo)
  const loaded = await services.config()
  return loaded.ok ? ok(loaded.value.config.hash?.algorithm ?? DEFAULT_ALGORITHM) : loaded
}

function knownAlgorithm(written: string): Result<Algorithm, Failure> {
  const algorithm = algorithmOf(written)
  if (algorithm !== undefined) return ok(algorithm)
  const nearest = nearestAlgorithm(written)
  const known = [...ALGORITHMS]
  return err({ code: 'algorithm_unknown', algorithm: written, known, ...(nearest !== undefined && { nearest }) })
}
