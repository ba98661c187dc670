/** One of the things that are measured against each other. */
export interface Contestant {
  readonly name: string
  /** Does it once and answers how many milliseconds it took, so that what only prepares it is not counted. */
  readonly once: () => number | Promise<number>
  /** How many operations one time consists of, where the rate is what counts. */
  readonly operations?: number
}

export interface Sample {
  readonly name: string
  readonly minMs: number
  readonly medianMs: number
  /** Times the baseline's, of the same run. */
  readonly ratio: { readonly min: number; readonly median: number }
  readonly perSecond?: number
}

export interface Comparison {
  readonly kind: 'comparison'
  readonly title: string
  readonly rounds: number
  /** The first one is what the others are compared with. */
  readonly samples: readonly Sample[]
}

/** Something counted or read once, where there is nothing to compare. */
export interface Figure {
  readonly kind: 'figure'
  readonly title: string
  readonly value: string
}

export type Finding = Comparison | Figure

/** A group of measurements, by the name it is asked for with. */
export interface Group {
  readonly name: string
  readonly measure: () => Promise<readonly Finding[]>
}

const WARM_UPS = 2

/** Measures the contestants in turn, every second round backwards: whatever else the machine does, meets all of them. */
export async function compare(title: string, rounds: number, contestants: readonly Contestant[]): Promise<Comparison> {
  const times = contestants.map((contestant) => ({ contestant, ms: [] as number[] }))
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const { contestant, ms } of round % 2 === 0 ? times : times.toReversed()) {
      const time = await contestant.once()
      if (round >= 0) ms.push(time)
    }
  }
  const [baseline] = times
  const base = { min: Math.min(...(baseline?.ms ?? [])), median: median(baseline?.ms ?? []) }
  const samples = times.map(({ contestant: { name, operations }, ms }): Sample => {
    const [minMs, medianMs] = [Math.min(...ms), median(ms)]
    const ratio = { min: minMs / base.min, median: medianMs / base.median }
    const perSecond = operations === undefined ? {} : { perSecond: (operations * 1000) / medianMs }
    return { name, minMs, medianMs, ratio, ...perSecond }
  })
  return { kind: 'comparison', title, rounds, samples }
}

export function figure(title: string, value: string): Figure {
  return { kind: 'figure', title, value }
}

/** The time that some work takes, in milliseconds. */
export async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
