import { posix } from 'node:path'
import { type ImportSite, importsOf, withoutComments } from './imports.ts'

/** The house: each layer, and the layers below that it may import. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  domain: ['base'],
  engine: ['domain', 'base'],
  workflows: ['engine', 'domain', 'base'],
  activities: ['workflows', 'engine', 'domain', 'base'],
  app: ['workflows', 'engine', 'domain', 'base'],
  // The typed HTTP client speaks the operations that app declares.
  sdk: ['app', 'workflows', 'engine', 'domain', 'base'],
  adapters: ['domain', 'base'],
  surfaces: ['app', 'domain', 'base'],
  // The parts of compose.ts, which nothing else imports.
  compose: ['adapters', 'activities', 'workflows', 'engine', 'app', 'domain', 'base'],
}

/** The few files that lie beside the layers; `undefined` means that everything may be imported. */
const TOP_FILES: Readonly<Record<string, readonly string[] | undefined>> = {
  'main.ts': ['compose.ts', 'surfaces', 'base'],
  'compose.ts': undefined,
  'version.ts': [],
  // Declares what the bundler makes of an imported file.
  'text-modules.d.ts': [],
}

const ADAPTERS_SEE_PORTS_OF = ['engine', 'activities', 'app']
const NO_SIBLINGS = ['adapters', 'surfaces']
const SANDBOXED = ['engine', 'workflows']
const ENVIRONMENT_READER = 'src/adapters/files/'
const EXIT_CALLER = 'src/main.ts'

const READS_ENVIRONMENT =
  /\b(?:process|Bun|import\.meta)\s*(?:\??\.\s*env\b|\[\s*['"]env['"])|\{[^{}]*\benv\b[^{}]*\}\s*(?:=\s*process\b|from\s*['"](?:node:)?process['"])/
const CALLS_EXIT =
  /\bprocess\s*(?:\??\.\s*(?:exit|reallyExit|abort)\b(?!\w)|\[\s*['"]exit['"])|\{[^{}]*\bexit\b[^{}]*\}\s*(?:=\s*process\b|from\s*['"](?:node:)?process['"])/

export type Rule =
  | 'unknown-place'
  | 'unreadable-import'
  | 'layer'
  | 'sibling'
  | 'package'
  | 'sandbox'
  | 'environment'
  | 'exit'

interface Finding {
  readonly rule: Rule
  readonly file: string
  readonly message: string
}

interface Edge {
  readonly from: string
  /** A path that starts with `src/`, or the specifier of a package. */
  readonly to: string
  readonly isPackage: boolean
}

export interface Report {
  readonly findings: readonly Finding[]
  readonly importCount: number
}

/** Judges a source tree, given as path → text; paths are relative to the repository and use `/`. */
export function checkArchitecture(sources: ReadonlyMap<string, string>): Report {
  const findings: Finding[] = []
  const edges: Edge[] = []
  for (const [file, text] of sources) {
    const code = withoutComments(text)
    const sites = importsOf(code)
    findings.push(...placeFindings(file), ...textFindings(file, code), ...unreadable(file, sites))
    edges.push(...sites.flatMap((site) => edgeOf(file, site)))
  }
  for (const edge of edges) findings.push(...(edge.isPackage ? packageFindings(edge) : layerFindings(edge)))
  findings.push(...sandboxFindings(edges))
  return { findings, importCount: edges.length }
}

function placeFindings(file: string): Finding[] {
  const place = placeOf(file)
  const known = Object.hasOwn(LAYERS, place) || Object.hasOwn(TOP_FILES, place)
  return known ? [] : [{ rule: 'unknown-place', file, message: `${place} is not in the table of layers` }]
}

function textFindings(file: string, code: string): Finding[] {
  const findings: Finding[] = []
  if (!file.startsWith(ENVIRONMENT_READER) && READS_ENVIRONMENT.test(code)) {
    findings.push({ rule: 'environment', file, message: `only ${ENVIRONMENT_READER} reads the environment` })
  }
  if (file !== EXIT_CALLER && CALLS_EXIT.test(code)) {
    findings.push({ rule: 'exit', file, message: `only ${EXIT_CALLER} ends the process` })
  }
  return findings
}

function unreadable(file: string, sites: readonly ImportSite[]): Finding[] {
  return sites
    .filter((site) => site.specifier === undefined)
    .map((site) => ({ rule: 'unreadable-import', file, message: `${site.text} names no fixed module` }))
}

function edgeOf(from: string, { specifier }: ImportSite): Edge[] {
  if (specifier === undefined) return []
  if (specifier.startsWith('#')) return [{ from, to: posix.join('src', specifier.slice(1)), isPackage: false }]
  if (!specifier.startsWith('.')) return [{ from, to: specifier, isPackage: true }]
  return [{ from, to: posix.join(posix.dirname(from), specifier), isPackage: false }]
}

function layerFindings({ from, to }: Edge): Finding[] {
  const here = placeOf(from)
  const there = placeOf(to)
  if (here === there) return siblingFindings(from, to)
  // Data of the repository that is embedded as it is.
  if (to.startsWith('configs/') || to.startsWith('examples/')) return []
  if (there === 'version.ts' || isAllowed(here, there)) return []
  if (here === 'adapters' && isPortOf(there, to)) return []
  return [{ rule: 'layer', file: from, message: `${here} may not import ${to}` }]
}

function isAllowed(here: string, there: string): boolean {
  if (Object.hasOwn(TOP_FILES, here)) {
    const seen = TOP_FILES[here]
    return seen === undefined ? there !== 'main.ts' : seen.includes(there)
  }
  return LAYERS[here]?.includes(there) ?? false
}

function isPortOf(layer: string, target: string): boolean {
  return ADAPTERS_SEE_PORTS_OF.includes(layer) && target.endsWith('-port.ts')
}

function siblingFindings(from: string, to: string): Finding[] {
  if (!NO_SIBLINGS.includes(placeOf(from)) || unitOf(from) === unitOf(to)) return []
  return [{ rule: 'sibling', file: from, message: `${unitOf(from)} may not know ${to}` }]
}

function packageFindings({ from, to }: Edge): Finding[] {
  const isPlain = placeOf(from) === 'base' || placeOf(from) === 'domain'
  if (!isPlain || isPure(to) || to === 'node:crypto') return []
  return [{ rule: 'package', file: from, message: `${placeOf(from)} may not use ${to}` }]
}

/** A distributed engine runs these layers in a sandbox that has the language and nothing else. */
function sandboxFindings(edges: readonly Edge[]): Finding[] {
  const outgoing = Map.groupBy(edges, (edge) => edge.from)
  const roots = [...outgoing.keys()].filter((file) => SANDBOXED.includes(placeOf(file)))
  const reachedBy = new Map<string, string>(roots.map((root) => [root, root]))
  const findings: Finding[] = []
  // Iterating a Map sees what is added on the way: this walks the graph, each file once.
  for (const [file, path] of reachedBy) {
    for (const { to, isPackage } of outgoing.get(file) ?? []) {
      if (isPackage && !isPure(to)) findings.push({ rule: 'sandbox', file, message: `${path} → ${to}` })
      if (!isPackage && !reachedBy.has(to)) reachedBy.set(to, `${path} → ${to}`)
    }
  }
  return findings
}

/** Packages that compute and touch nothing: the schemas, and the language of conditions. */
function isPure(specifier: string): boolean {
  return specifier === 'zod' || specifier.startsWith('zod/') || specifier === '@marcbachmann/cel-js'
}

/** The layer of a file, or the name of a file that lies beside the layers. */
function placeOf(path: string): string {
  return path.startsWith('src/') ? (path.split('/')[1] ?? '') : path
}

/** The folder inside a layer: `src/adapters/sqlite/store.ts` → `adapters/sqlite`. */
function unitOf(path: string): string {
  return path.split('/').slice(1, 3).join('/')
}
