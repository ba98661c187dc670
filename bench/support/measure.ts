/** Milliseconds on the wall, and, of a process, on the processors: the others of a busy machine disturb that less. */
type Time = number | { readonly ms: number; readonly cpuMs: number }

/** One of the things that are measured against each other. */
export interface Contestant {
  readonly name: string
  /** Does it once and answers how long it took, so that what only prepares it is not counted. */
  readonly once: () => Time | Promise<Time>
  /** How many operations one time consists of, where the rate is what counts. */
  readonly operations?: number
}

interface Sample {
  readonly name: string
  readonly minMs: number
  readonly medianMs: number
  /** Times the baseline's, of the same run. */
  readonly ratio: { readonly min: number; readonly median: number; readonly cpu?: number }
  /** The median. */
  readonly cpuMs?: number
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
  const times = contestants.map((contestant) => ({ contestant, ms: [] as number[], cpuMs: [] as number[] }))
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const { contestant, ms, cpuMs } of round % 2 === 0 ? times : times.toReversed()) {
      const time = await contestant.once()
      if (round < 0) continue
      ms.push(typeof time === 'number' ? time : time.ms)
      if (typeof time !== 'number') cpuMs.push(time.cpuMs)
    }
  }
  const [baseline] = times.map(summaryOf)
  const samples = times.map((one): Sample => {
    const { name, operations } = one.contestant
    const summary = summaryOf(one)
    const perSecond = operations === undefined ? {} : { perSecond: (operations * 1000) / summary.medianMs }
    return { name, ...summary, ratio: ratioOf(summary, baseline ?? summary), ...perSecond }
  })
  return { kind: 'comparison', title, rounds, samples }
}

type Summary = Pick<Sample, 'minMs' | 'medianMs' | 'cpuMs'>

function summaryOf({ ms, cpuMs }: { readonly ms: readonly number[]; readonly cpuMs: readonly number[] }): Summary {
  const cpu = cpuMs.length === 0 ? {} : { cpuMs: median(cpuMs) }
  return { minMs: Math.min(...ms), medianMs: median(ms), ...cpu }
}

function ratioOf(summary: Summary, baseline: Summary): Sample['ratio'] {
  const { cpuMs } = summary
  const cpu = cpuMs === undefined || baseline.cpuMs === undefined ? {} : { cpu: cpuMs / baseline.cpuMs }
  return { min: summary.minMs / baseline.minMs, median: summary.medianMs / baseline.medianMs, ...cpu }
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
