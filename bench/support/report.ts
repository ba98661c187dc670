import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import type { Comparison, Finding } from './measure.ts'

/** One line on where the figures come from. */
export function machineLine(): string {
  const [cpu] = cpus()
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0)
  const load = loadAverage()
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${gigabytes} GiB, ${process.platform} ${release()}, Bun ${Bun.version}${load}, ${new Date().toISOString()}`
}

function loadAverage(): string {
  try {
    return `, load ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')}`
  } catch {
    return ''
  }
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
