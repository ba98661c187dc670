import type { Hashed, HashTask } from '#app/hash-port.ts'
import type { Algorithm } from '#domain/hashing/algorithm.ts'

/** A result and the number of its task. */
export type Numbered = readonly [task: number, result: Hashed]

/** Lists of plain values: to hand ten thousand objects from thread to thread takes five times as long. */
export interface PackedTasks {
  readonly paths: readonly string[]
  readonly algorithms: readonly Algorithm[]
}

export interface PackedResults {
  readonly numbers: readonly number[]
  readonly hashes: readonly string[]
  readonly bytes: readonly number[]
  readonly failures: readonly Numbered[]
}

export function packTasks(tasks: readonly HashTask[]): PackedTasks {
  return { paths: tasks.map(({ path }) => path), algorithms: tasks.map(({ algorithm }) => algorithm) }
}

export function unpackTasks({ paths, algorithms }: PackedTasks): readonly HashTask[] {
  return paths.flatMap((path, number) => {
    const algorithm = algorithms[number]
    return algorithm === undefined ? [] : { path, algorithm }
  })
}

export function packResults(made: readonly Numbered[]): PackedResults {
  const numbers: number[] = []
  const hashes: string[] = []
  const bytes: number[] = []
  const failures: Numbered[] = []
  for (const numbered of made) {
    const [number, result] = numbered
    if ('failure' in result) failures.push(numbered)
    else {
      numbers.push(number)
      hashes.push(result.hash)
      bytes.push(result.bytes)
    }
  }
  return { numbers, hashes, bytes, failures }
}

export function unpackResults({ numbers, hashes, bytes, failures }: PackedResults): readonly Numbered[] {
  const made = numbers.map(
    (number, index): Numbered => [number, { hash: hashes[index] ?? '', bytes: bytes[index] ?? 0 }],
  )
  return [...made, ...failures]
}
