import type * as z from 'zod/mini'
import { Band, BandRole } from '#domain/orket/band.ts'
import type { Epic } from '#domain/orket/epic.ts'
import { stepsOfEpic } from '#domain/orket/epic-steps.ts'
import { atMostOne, exactlyOne } from '#domain/orket/fault.ts'
import { type FlowImport, importFlow } from '#domain/orket/flow-import.ts'
import { modelsOf } from '#domain/orket/models.ts'
import { type Roles, roleFaults, rolesElsewhere, rolesOf } from '#domain/orket/roles.ts'
import { Score } from '#domain/orket/score.ts'
import { stepsOfScore } from '#domain/orket/score-steps.ts'
import type { Steps } from '#domain/orket/steps.ts'
import { Venue } from '#domain/orket/venue.ts'
import { isTable, type Path, type Table } from '../config-finding.ts'
import type { JsonFile } from './json-file.ts'
import type { Reading } from './reading.ts'

/** What a file of any shape says of itself. */
interface Said {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly task?: string | undefined
  readonly tempo?: string | undefined
  readonly epic?: z.infer<typeof Epic> | undefined
}

const BAND = ['band', 'team'] as const
const VENUE = ['venue', 'environment'] as const
const SCORE = ['score', 'sequence'] as const

/** A flow with the files that it names. What is wrong with any of them is kept by the reading. */
export function importOf(reading: Reading, file: JsonFile, said: Said): FlowImport | undefined {
  const table = isTable(file.value) ? file.value : {}
  const isEpic = said.epic !== undefined || 'epic' in said
  reading.blame(file, [
    ...exactlyOne(table, BAND),
    ...atMostOne(table, VENUE),
    ...(isEpic ? [] : exactlyOne(table, SCORE)),
  ])
  const roles = readRoles(reading, file, [keyOf(table, BAND)])
  const venue = readPart(reading, file, { path: [keyOf(table, VENUE)], kind: 'venue', schema: Venue })
  const names = roles?.roles.map(({ name }) => name)
  const models = modelsOf(venue?.value, names ?? [])
  if (venue !== undefined) reading.blame(venue.file, models.faults)
  const steps = isEpic ? epicSteps(reading, file, { epic: said.epic, names }) : scoreSteps(reading, file, names)
  if (roles === undefined || steps === undefined || said.name === undefined) return undefined
  const tempo = said.tempo === undefined || said.tempo === 'standard' ? [] : [`tempo ${said.tempo}`]
  return importFlow({
    name: said.name,
    description: said.description,
    task: said.task,
    band: roles.name,
    score: steps.name,
    venue: venue?.value.name ?? null,
    roles,
    models,
    steps: {
      ...steps,
      unheeded: [...steps.unheeded, ...tempo.map((setting) => ({ setting, why: 'no_effect' }) as const)],
    },
  })
}

/** Of several keys for one thing the one that is there. */
function keyOf(table: Table, keys: readonly [string, ...string[]]): string {
  return keys.find((key) => table[key] !== undefined) ?? keys[0]
}

interface Part<T> {
  readonly path: Path
  readonly kind: 'venue' | 'score' | 'band'
  readonly schema: z.ZodMiniType<T>
}

function readPart<T>(
  reading: Reading,
  from: JsonFile,
  { path, kind, schema }: Part<T>,
): { readonly file: JsonFile; readonly value: T } | undefined {
  const file = reading.follow(from, path, kind)
  const value = file && reading.checked(file, schema)
  return file === undefined || value === undefined ? undefined : { file, value }
}

function readRoles(reading: Reading, from: JsonFile, path: Path): (Roles & { readonly name: string }) | undefined {
  const band = readPart(reading, from, { path, kind: 'band', schema: Band })
  if (band === undefined) return undefined
  const elsewhere: Record<string, BandRole> = {}
  for (const [seat, index] of rolesElsewhere(band.value)) {
    const file = reading.follow(band.file, ['seats', seat, 'roles', index], 'role')
    const role = file && reading.checked(file, BandRole)
    const name = band.value.seats?.[seat]?.roles[index]
    if (file === undefined || role === undefined || name === undefined) continue
    reading.blame(file, roleFaults(name, role))
    elsewhere[name] = role
  }
  const roles = rolesOf(band.value, elsewhere)
  reading.blame(band.file, roles.faults)
  return { ...roles, name: band.value.name }
}

type NamedSteps = Steps & { readonly name: string | null }

/** Without a band that could be read, no role of a step is unknown. */
function scoreSteps(reading: Reading, from: JsonFile, names: readonly string[] | undefined): NamedSteps | undefined {
  const path = [keyOf(isTable(from.value) ? from.value : {}, SCORE)]
  const score = readPart(reading, from, { path, kind: 'score', schema: Score })
  if (score === undefined) return undefined
  const { value, file } = score
  const own = [...(value.steps ?? []).map(({ role, seat }) => role ?? seat ?? ''), ...(value.included_roles ?? [])]
  const steps = stepsOfScore(value, names ?? own)
  reading.blame(file, steps.faults)
  return { ...steps, name: value.name ?? null }
}

function epicSteps(
  reading: Reading,
  file: JsonFile,
  { epic, names }: { readonly epic: Epic | undefined; readonly names: readonly string[] | undefined },
): NamedSteps | undefined {
  if (epic === undefined) return undefined
  const cards = epic.cards ?? epic.stories ?? epic.issues ?? []
  const steps = stepsOfEpic(epic, names ?? cards.map(({ seat, role }) => seat ?? role ?? ''))
  reading.blame(file, steps.faults)
  return { ...steps, name: null }
}
