/** Something that a plan may consist of, with all that is said of it. */
export type Candidate = {
  readonly name: string
  readonly kind: 'task' | 'job'
  readonly description?: string | undefined
  readonly keywords?: readonly string[] | undefined
  readonly needs: readonly string[]
}

/** A candidate that was chosen, and which words of the goal speak for it. */
export type Chosen = {
  readonly name: string
  readonly kind: 'task' | 'job'
  /** The words that the goal and the candidate share; none where another one needs it. */
  readonly words: readonly string[]
  /** Which chosen one needs it; empty where the goal speaks for it. */
  readonly needed_by: string
}

/** Words that stand in every goal and say nothing about it. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  'a all also an and any are as at be both by can do does each every everything for from get go goal has have i in is it its job jobs let make me my now of on once or our please repository run should so task tasks that the their them then these this those to up us we what with you your'.split(
    ' ',
  ),
)

/**
 * The candidates that a goal speaks of, by the words that it shares with their names, descriptions and keywords, and
 * all that they need, each after its needs. A name counts before a keyword or a description; a whole name before a
 * part of one, so that "run the tests" means `test` and not `test-watch`; and of two that share words with the goal,
 * one of which shares all that the other does and more, only that one is meant. In the order in which the goal speaks of
 * them. Deterministic, and nothing is guessed: without a shared word the list is empty.
 */
export function chooseTasks(goal: string, candidates: readonly Candidate[]): readonly Chosen[] {
  const wanted = wordsOf(goal)
  const scored = candidates.map((candidate) => ({ candidate, ...scoreOf(candidate, wanted) }))
  const named = byNames(scored)
  // Where the goal names things, their descriptions are not needed to guess at more.
  const speaking = scored.filter(({ words }) => words.length > 0)
  const chosen = named.length > 0 ? uncovered(named, scored) : mostSpecific(speaking, ({ words }) => words)
  const order = [...wanted]
  const asSaid = chosen.toSorted((left, right) => placeOf(left, order) - placeOf(right, order))
  return withNeeds(
    asSaid.map(({ candidate, words }) => ({ candidate, words })),
    candidates,
  )
}

/** Where the goal first speaks of it. */
function placeOf({ words }: Scored, order: readonly string[]): number {
  return Math.min(...words.map((word) => order.indexOf(word)))
}

/** The words of a goal of which nothing speaks that there is, as the goal has them. */
export function unspokenWords(goal: string, candidates: readonly Candidate[]): readonly string[] {
  const known = new Set(
    candidates.flatMap(({ name, description = '', keywords = [] }) => [
      ...wordsOf([name, description, ...keywords].join(' ')),
    ]),
  )
  return [...new Set(wordsIn(goal))].filter((word) => !known.has(stem(word)))
}

/** These candidates and all that they need, each after its needs. */
export function withAllNeeds(names: readonly string[], candidates: readonly Candidate[]): readonly Chosen[] {
  const asked = candidates.filter(({ name }) => names.includes(name))
  const inOrder = asked.toSorted((left, right) => names.indexOf(left.name) - names.indexOf(right.name))
  return withNeeds(
    inOrder.map((candidate) => ({ candidate, words: [] })),
    candidates,
  )
}

interface Scored {
  readonly candidate: Candidate
  readonly byName: readonly string[]
  /** Whether the goal has every word of the name. */
  readonly isWhole: boolean
  readonly words: readonly string[]
}

/** Those that the goal names: by their whole names, and by a part of one where that names nothing else. */
function byNames(scored: readonly Scored[]): readonly Scored[] {
  const whole = mostSpecific(
    scored.filter(({ isWhole }) => isWhole),
    ({ byName }) => byName,
  )
  const covered = new Set(whole.flatMap(({ byName }) => byName))
  return scored.filter((each) => whole.includes(each) || each.byName.some((word) => !covered.has(word)))
}

/** Without those that share less with the goal than another one that shares all of that, too. */
function mostSpecific(scored: readonly Scored[], shares: (each: Scored) => readonly string[]): readonly Scored[] {
  const isLess = (less: readonly string[], more: readonly string[]) =>
    less.length < more.length && less.every((word) => more.includes(word))
  return scored.filter((each) => !scored.some((other) => isLess(shares(each), shares(other))))
}

/** Those that are named, and those that alone speak of a word of the goal that no name has. */
function uncovered(named: readonly Scored[], all: readonly Scored[]): readonly Scored[] {
  const covered = new Set(named.flatMap(({ byName }) => byName))
  const others = all.filter(
    (each) => !named.includes(each) && each.words.some((word) => !covered.has(word) && isRare(word, all)),
  )
  return [...named, ...others]
}

function isRare(word: string, all: readonly Scored[]): boolean {
  return all.filter(({ words }) => words.includes(word)).length === 1
}

function scoreOf(candidate: Candidate, wanted: ReadonlySet<string>): Omit<Scored, 'candidate'> {
  const name = wordsOf(candidate.name)
  const byName = shared(name, wanted)
  const said = new Set([
    ...wordsOf(candidate.description ?? ''),
    ...(candidate.keywords ?? []).flatMap((word) => [...wordsOf(word)]),
  ])
  const isWhole = name.size > 0 && byName.length === name.size
  return { byName, isWhole, words: [...new Set([...byName, ...shared(said, wanted)])] }
}

function shared(words: ReadonlySet<string>, wanted: ReadonlySet<string>): readonly string[] {
  return [...wanted].filter((word) => words.has(word))
}

/** The stems of the words that say something. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(wordsIn(text).map(stem))
}

/** The words that say something. */
function wordsIn(text: string): readonly string[] {
  const words = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return words.filter((word) => word !== '' && !EMPTY_WORDS.has(word))
}

/** `tests`, `testing` and `tested` are one word; so are `linter`, `lint` and `linting`, and `type` and `types`. */
function stem(word: string): string {
  const stemmed = word.replace(/ie[sd]$/, 'y').replace(/(?:ings?|ers?|ed|es|s|e)$/, '')
  return stemmed.length < 3 ? word : stemmed.replace(/([bdfglmnprst])\1$/, '$1')
}

function withNeeds(
  chosen: readonly { readonly candidate: Candidate; readonly words: readonly string[] }[],
  candidates: readonly Candidate[],
): readonly Chosen[] {
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]))
  const wordsFor = new Map(chosen.map(({ candidate, words }) => [candidate.name, words]))
  const ordered = new Map<string, Chosen>()
  const onWay = new Set<string>()
  const add = (name: string, neededBy: string): void => {
    const candidate = byName.get(name)
    if (candidate === undefined || ordered.has(name) || onWay.has(name)) return
    onWay.add(name)
    for (const need of candidate.needs) add(need, name)
    const words = wordsFor.get(name)
    ordered.set(name, {
      name,
      kind: candidate.kind,
      words: words ?? [],
      needed_by: words === undefined ? neededBy : '',
    })
  }
  for (const { candidate } of chosen) add(candidate.name, '')
  return [...ordered.values()]
}
