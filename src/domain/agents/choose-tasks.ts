/** Something that a plan may consist of, with all that is said of it. */
export interface Candidate {
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
 * all that they need, each after its needs. A word that many candidates share decides nothing: what counts is the
 * share of the goal's words, a name before a keyword before a description. Deterministic, and nothing is guessed:
 * without a shared word the list is empty.
 */
export function chooseTasks(goal: string, candidates: readonly Candidate[]): readonly Chosen[] {
  const wanted = wordsOf(goal)
  const scored = candidates.map((candidate) => ({ candidate, ...scoreOf(candidate, wanted) }))
  const named = scored.filter(({ byName }) => byName.length > 0)
  // Where the goal names things, their descriptions are not needed to guess at more.
  const chosen = named.length > 0 ? uncovered(named, scored) : scored.filter(({ words }) => words.length > 0)
  return withNeeds(
    chosen.map(({ candidate, words }) => ({ candidate, words })),
    candidates,
  )
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
  readonly words: readonly string[]
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
  const byName = shared(wordsOf(candidate.name), wanted)
  const said = new Set([
    ...wordsOf(candidate.description ?? ''),
    ...(candidate.keywords ?? []).flatMap((word) => [...wordsOf(word)]),
  ])
  return { byName, words: [...new Set([...byName, ...shared(said, wanted)])] }
}

function shared(words: ReadonlySet<string>, wanted: ReadonlySet<string>): readonly string[] {
  return [...wanted].filter((word) => words.has(word))
}

/** The stems of the words that say something. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return new Set(words.filter((word) => word !== '' && !EMPTY_WORDS.has(word)).map(stem))
}

/** `tests`, `testing` and `tested` are one word; so are `linter`, `lint` and `linting`. */
function stem(word: string): string {
  const stemmed = word.replace(/(?:ings?|ers?|ed|es|s)$/, '')
  return stemmed.length < 3 ? word : stemmed.replace(/([bdfglmnprt])\1$/, '$1')
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
