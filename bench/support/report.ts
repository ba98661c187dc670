import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Comparison, type Finding, median } from './measure.ts'

const SYNCS = 50

/** One line on where the figures come from. */
export function machineLine(): string {
  const [cpu] = cpus()
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0)
  const load = loadAverage()
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${gigabytes} GiB, ${process.platform} ${release()}, Bun ${Bun.version}${load}, sync of 4 KiB ${syncTime()}, ${new Date().toISOString()}`
}

function loadAverage(): string {
  try {
    return `, load ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')}`
  } catch {
    return ''
  }
}

/** How long the disk takes to keep something for good: it decides what a commit costs. */
function syncTime(): string {
  const path = join(tmpdir(), `orchastration-sync-${process.pid}`)
  const file = openSync(path, 'w')
  const times = Array.from({ length: SYNCS }, () => {
    writeSync(file, Buffer.alloc(4096))
    const start = performance.now()
    fsyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(path)
  return `${median(times).toFixed(2)} ms (min ${Math.min(...times).toFixed(2)})`
}

export function textOf(finding: Finding): string {
  return finding.kind === 'figure' ? `${finding.title}: ${finding.value}\n` : tableOf(finding)
}

function tableOf({ title, rounds, samples }: Comparison): string {
  const head = ['', 'median ms', 'min ms', 'cpu ms', '× median', '× min', '× cpu', 'per second']
  const rows = samples.map(({ name, medianMs, minMs, cpuMs, ratio, perSecond }) => [
    name,
    medianMs.toFixed(2),
    minMs.toFixed(2),
    cpuMs?.toFixed(2) ?? '',
    ratio.median.toFixed(2),
    ratio.min.toFixed(2),
    ratio.cpu?.toFixed(2) ?? '',
    perSecond === undefined ? '' : Math.round(perSecond).toLocaleString('en-US'),
  ])
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [`${title} (${rounds} rounds)`, ...[head, ...rows].map((row) => `  ${line(row).trimEnd()}`), ''].join('\n')
}
