import type { Progress } from '#app/progress.ts'
import { count, cut, grouped } from '#base/text.ts'
import type { Io } from './io.ts'

const REDRAW_MS = 100
/** What takes no longer than this needs no telling. */
const PATIENCE_MS = 300
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const UNIT_STEP = 1000

type Hashing = Extract<Progress, { readonly kind: 'hashing' }>

/** One line that moves, on a terminal only. */
export interface ProgressLine {
  show(progress: Hashing): void
  /** Takes the line away, so that something else can be written. */
  clear(): void
}

export function progressLine(io: Io, now: () => number): ProgressLine {
  const begun = now()
  let drawnAt = begun + PATIENCE_MS - REDRAW_MS
  let isDrawn = false
  const clear = () => {
    if (isDrawn) io.note('\r\u001b[K')
    isDrawn = false
  }
  const show = (progress: Hashing) => {
    const at = now()
    if (!io.isLive || at - drawnAt < REDRAW_MS) return
    drawnAt = at
    isDrawn = true
    io.note(`\r\u001b[K${io.paint.dim(cut(progressText(progress, at - begun), io.columns() - 1))}`)
  }
  return { show, clear }
}

function progressText({ files, ofFiles, bytes, ofBytes }: Hashing, elapsedMs: number): string {
  if (bytes === 0) return `looking: ${count(ofFiles, 'file')}`
  const rate = elapsedMs > 0 ? ` · ${bytesText((bytes * 1000) / elapsedMs)}/s` : ''
  const read =
    ofBytes === undefined || ofBytes < bytes
      ? bytesText(bytes)
      : `${bytesText(bytes)} of ${bytesText(ofBytes)}, ${Math.floor((bytes * 100) / Math.max(1, ofBytes))} %`
  const many = ofFiles === 1 ? '' : `${grouped(files)} of ${count(ofFiles, 'file')} · `
  return `hashing: ${many}${read}${rate}`
}

function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  for (; value >= UNIT_STEP && unit < UNITS.length - 1; unit++) value /= UNIT_STEP
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}
