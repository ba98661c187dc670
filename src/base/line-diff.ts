/** How texts differ, line by line. */
export interface LineDiff {
  readonly added: number
  readonly removed: number
  /** Hunks as `diff -u` writes them: `@@ -1,3 +1,4 @@`, then lines that begin with a blank, `-` or `+`. */
  readonly lines: readonly string[]
}

interface Edit {
  readonly kind: ' ' | '-' | '+'
  readonly line: string
}

/** Lines around what differs. */
const AROUND = 3
/** Texts that differ in more lines than this are told apart as a whole, so that time and memory have a bound. */
const MOST_STEPS = 500

const NO_END = '\\ no line feed at the end'

/** The fewest lines to take away and to add, in the manner of Myers. Without a line feed at its end a text says so. */
export function lineDiff(before: string, after: string): LineDiff {
  const edits = editsOf(linesOf(before), linesOf(after))
  const count = (wanted: Edit['kind']) => edits.filter(({ kind }) => kind === wanted).length
  return { added: count('+'), removed: count('-'), lines: hunksOf(edits) }
}

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  // No line holds a line feed, so this one is like no other.
  return last === '' ? lines : [...lines, `${last}\n${NO_END}`]
}

function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let same = 0
  const most = Math.min(before.length, after.length) - start
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same++
  const kept = (line: string): Edit => ({ kind: ' ', line })
  return [
    ...before.slice(0, start).map(kept),
    ...changesOf(before.slice(start, before.length - same), after.slice(start, after.length - same)),
    ...before.slice(before.length - same).map(kept),
  ]
}

function changesOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const trace = traceOf(before, after)
  if (trace === undefined) {
    return [...before.map((line): Edit => ({ kind: '-', line })), ...after.map((line): Edit => ({ kind: '+', line }))]
  }
  return backThrough(trace, before, after)
}

/** How far each diagonal is reached with so many changes; undefined where there are too many. */
function traceOf(
  before: readonly string[],
  after: readonly string[],
): readonly ReadonlyMap<number, number>[] | undefined {
  const trace: Map<number, number>[] = []
  let reached = new Map([[1, 0]])
  for (let steps = 0; steps <= Math.min(MOST_STEPS, before.length + after.length); steps++) {
    const next = new Map<number, number>(reached)
    trace.push(reached)
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let x = isDown(diagonal, steps, reached) ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++
      next.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return [...trace, next]
    }
    reached = next
  }
  return undefined
}

function isDown(diagonal: number, steps: number, reached: ReadonlyMap<number, number>): boolean {
  return diagonal === -steps || (diagonal !== steps && at(reached, diagonal - 1) < at(reached, diagonal + 1))
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1
}

function backThrough(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = []
  let [x, y] = [before.length, after.length]
  for (let steps = trace.length - 2; steps >= 0; steps--) {
    const reached = trace[steps] ?? new Map()
    const diagonal = x - y
    const from = isDown(diagonal, steps, reached) ? diagonal + 1 : diagonal - 1
    const fromX = at(reached, from)
    const fromY = fromX - from
    for (; x > fromX && y > fromY; x--, y--) edits.push({ kind: ' ', line: before[x - 1] ?? '' })
    if (steps === 0) break
    if (x === fromX) edits.push({ kind: '+', line: after[--y] ?? '' })
    else edits.push({ kind: '-', line: before[--x] ?? '' })
  }
  return edits.reverse()
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const near = edits.map((_, index) =>
    edits.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== ' '),
  )
  const lines: string[] = []
  let [oldLine, newLine] = [1, 1]
  for (let index = 0; index < edits.length; ) {
    if (near[index] !== true) {
      oldLine++
      newLine++
      index++
      continue
    }
    const end = near.indexOf(false, index)
    const hunk = edits.slice(index, end < 0 ? edits.length : end)
    const olds = hunk.filter(({ kind }) => kind !== '+').length
    const news = hunk.filter(({ kind }) => kind !== '-').length
    lines.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@`, ...hunk.flatMap(textOf))
    oldLine += olds
    newLine += news
    index += hunk.length
  }
  return lines
}

function range(line: number, length: number): string {
  if (length === 1) return String(line)
  return `${length === 0 ? line - 1 : line},${length}`
}

function textOf({ kind, line }: Edit): readonly string[] {
  return `${kind}${line}`.split('\n')
}
