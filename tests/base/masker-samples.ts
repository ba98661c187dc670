import { disguisesOf } from '#base/disguises.ts'
import { LEAST_MASKED } from '#base/masker.ts'

const FOLDS = ['\n', '\r\n', '\\n', '\\r\\n'] as const

interface Form {
  readonly form: string
  readonly foldable: boolean
}

/** Secrets, and a text that is cut into pieces. */
export interface Sample {
  readonly secrets: readonly string[]
  readonly pieces: readonly Buffer[]
}

/** The same sample for the same seed: disguises, whole and in part, wrapped anywhere, among what looks like a wrap. */
export function sampleOf(seed: number): Sample {
  const luck = new Luck(seed)
  const secrets = luck.some(1, 3, () => secretBy(luck))
  const disguises = secrets.flatMap((text) => [...disguisesOf(text, LEAST_MASKED)])
  const forms = disguises.map(({ bytes, foldable }) => ({ form: Buffer.from(bytes).toString('latin1'), foldable }))
  const folded = forms.flatMap(({ form, foldable }) => (foldable ? [form] : []))
  const parts = [
    () => partBy(luck, luck.pick(forms)),
    () => partBy(luck, luck.pick(forms)),
    () => withinFoldBy(luck, folded),
    () => luck.pick(['\\', '\\n', '\\r', '\n', '\r', 'n', 'r', '\\r\\', ' ', 'A']),
  ]
  const text = luck.some(0, 9, () => luck.pick(parts)()).join('')
  return { secrets, pieces: piecesBy(luck, Buffer.from(text, 'latin1')) }
}

/** In base64, what begins with a `g`, a `k`, a `'` or a `+` may begin with an `n` or an `r`. */
function secretBy(luck: Luck): string {
  const first = luck.pick(['g', 'k', "'", '+', 'a', 'é', 'gk'])
  if (luck.below(3) === 0) return first + luck.pick(['abc', 'xyz']).repeat(1 + luck.below(5))
  const letters = luck.pick(['gk', 'gkl', 'ab1/+', 'xyz\\"', 'nr\\', 'é\n?'])
  return `${first}${luck.some(1, 9, () => luck.pick([...letters])).join('')}gk9`
}

function partBy(luck: Luck, { form, foldable }: Form): string {
  const part = luck.pick([
    form,
    form,
    form,
    form.slice(0, luck.below(form.length)),
    form.slice(luck.below(form.length)),
  ])
  return foldable || luck.below(4) === 0 ? wrappedBy(luck, part) : part
}

/** Forms whose first letter may belong to a line break, since what stands before that may go on behind it. */
function withinFoldBy(luck: Luck, forms: readonly string[]): string {
  const before = luck.pick(forms).slice(0, 1 + luck.below(3))
  const lettered = forms.filter((form) => /^[nr]/.test(form))
  const form = luck.pick(lettered.length > 0 ? lettered : forms)
  const opening = before + luck.pick(['\\', '\\r\\', '\\n\\', '\\r', ''])
  if (luck.below(2) === 0)
    return opening + form.slice(0, 1) + luck.pick([...FOLDS, '']) + wrappedBy(luck, form.slice(1))
  const columns = form.slice(1).match(/.{1,4}/g) ?? []
  const tails = luck.some(1, 4, () => columns.map((column) => column + luck.pick(['', '', '\\n'])).join(''))
  return `${opening}${form.slice(0, 1)}${tails.join('')}`
}

function wrappedBy(luck: Luck, form: string): string {
  const columns = 1 + luck.below(luck.pick([3, 30]))
  return form.replace(new RegExp(`[^]{1,${columns}}(?=[^])`, 'g'), (line) => line + luck.pick(FOLDS))
}

function piecesBy(luck: Luck, bytes: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = []
  const most = luck.pick([1, 5, 60])
  for (let at = 0; at < bytes.length; ) {
    const end = at + luck.below(most + 1)
    pieces.push(bytes.subarray(at, end))
    at = end
  }
  return pieces
}

/** What a mask shows, found by trying every disguise at every place. */
export function slowlyMasked({ secrets, pieces }: Sample): string {
  const text = Buffer.concat(pieces).toString('latin1')
  const disguises = secrets.flatMap((secret) => [...disguisesOf(secret, LEAST_MASKED)])
  const forms = disguises.map(({ bytes, foldable }) => ({ form: Buffer.from(bytes).toString('latin1'), foldable }))
  let shown = ''
  let covered = 0
  for (let at = 0; at < text.length; at++) {
    const end = Math.max(...forms.map(({ form, foldable }) => endOf(text, at, foldable ? [...form] : [form])))
    if (end > 0) {
      if (at >= covered) shown += '***'
      covered = Math.max(covered, end)
    } else if (at >= covered) shown += text[at]
  }
  return shown
}

/** Where these parts end that begin here, with any line breaks between them; 0 where they do not. */
function endOf(text: string, start: number, parts: readonly string[]): number {
  let at = start
  for (const [index, part] of parts.entries()) {
    for (let fold = foldAt(text, at); index > 0 && fold !== undefined; fold = foldAt(text, at)) at += fold.length
    if (!text.startsWith(part, at)) return 0
    at += part.length
  }
  return at
}

function foldAt(text: string, at: number): string | undefined {
  return FOLDS.find((fold) => text.startsWith(fold, at))
}

class Luck {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new Error('Nothing to pick from.')
    return value
  }

  some<T>(least: number, most: number, make: () => T): readonly T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make)
  }
}
