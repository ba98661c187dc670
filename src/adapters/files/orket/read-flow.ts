import type { FlowOptions, ReadFlow } from '#app/orket-port.ts'
import { err, ok, type Result } from '#base/result.ts'
import { nearest } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import { Epic, Rock } from '#domain/orket/epic.ts'
import { Flow, LegacyVenue, RunFile } from '#domain/orket/flow.ts'
import type { FlowImport } from '#domain/orket/flow-import.ts'
import { taskText } from '#domain/orket/words.ts'
import { isTable } from '../config-finding.ts'
import { findReference, namesOf } from './find-reference.ts'
import type { JsonFile } from './json-file.ts'
import { importOf } from './read-parts.ts'
import { type Here, spacesOf } from './read-spaces.ts'
import { scriptBeside, textOfTask } from './read-task.ts'
import { Reading } from './reading.ts'

/** Reads a flow and all that it names, in any of the shapes that such files ever had. */
export function readFlow(
  reference: string,
  { workspace }: FlowOptions,
  currentDirectory: string,
): Result<ReadFlow, Failure> {
  const place = findReference(reference, 'flow', { currentDirectory })
  if (place === undefined) return err(unknownFlow(reference, namesOf('flow', { currentDirectory })))
  const reading = new Reading(currentDirectory)
  const file = reading.open(place)
  if (file !== undefined && 'unreadable' in file)
    return err({ code: 'file_unreadable', path: place.path, reason: file.unreadable })
  const found = file && whole(reading, file, { workspace, currentDirectory })
  const { problems } = reading
  if (found === undefined || problems.length > 0)
    return err({ code: 'flow_invalid', flow: reference, files: [...problems] })
  return ok(found)
}

/** A file that names a flow, its task and a workspace; or the flow itself. */
function whole(reading: Reading, file: JsonFile, here: Here): ReadFlow | undefined {
  if (!isTable(file.value) || file.value['flow'] === undefined) return flowOf(reading, file, here)
  const run = reading.checked(file, RunFile)
  const named = reading.follow(file, ['flow'], 'flow')
  const taskFile = reading.follow(file, ['task'], 'file')
  const task = taskFile && textOfTask(reading, taskFile)
  const read = named && flowOf(reading, named, { ...here, workspace: here.workspace ?? run?.workspace })
  if (read === undefined || taskFile === undefined || task === undefined) return read
  // The replies of the flow's own task go with no other.
  const { script: _script, ...rest } = read
  const script = scriptBeside(taskFile.place, here.currentDirectory)
  return { ...rest, task, ...(script !== undefined && { script }) }
}

function flowOf(reading: Reading, file: JsonFile, here: Here): ReadFlow | undefined {
  const flows = isTable(file.value) && file.value['epics'] !== undefined ? rockOf(reading, file) : oneOf(reading, file)
  const spaces = spacesOf(reading, file, here)
  const [first] = flows
  if (first === undefined) return undefined
  const script = reading.follow(file, ['script'], 'file')
  const task = rockTask(file) ?? first.task
  return {
    name: nameOf(file) ?? first.name,
    ...descriptionOf(file),
    path: file.place.path,
    isBuiltIn: file.place.isBuiltIn,
    sources: reading.files.map(({ place, digest }) => ({ path: place.path, digest })),
    flows,
    ...(task !== undefined && { task }),
    ...(script !== undefined && { script: script.place.path }),
    spaces,
  }
}

function oneOf(reading: Reading, file: JsonFile): readonly FlowImport[] {
  const one = isEpic(file.value)
    ? epicOf(reading, file)
    : isLegacy(file.value)
      ? legacyOf(reading, file)
      : ofParts(reading, file)
  return one === undefined ? [] : [one]
}

const EPIC_KEYS = ['cards', 'stories', 'issues', 'iterations', 'example_task']

function isEpic(value: unknown): boolean {
  return isTable(value) && EPIC_KEYS.some((key) => value[key] !== undefined)
}

/** The first Orket called it a venue, and named in it where agents may write. */
function isLegacy(value: unknown): boolean {
  return isTable(value) && (value['tempo'] !== undefined || value['filesystem'] !== undefined)
}

function ofParts(reading: Reading, file: JsonFile): FlowImport | undefined {
  const flow = reading.checked(file, Flow)
  return importOf(reading, file, { ...flow, task: taskText(flow?.task), tempo: undefined })
}

function legacyOf(reading: Reading, file: JsonFile): FlowImport | undefined {
  return importOf(reading, file, { ...reading.checked(file, LegacyVenue) })
}

function epicOf(reading: Reading, file: JsonFile): FlowImport | undefined {
  const epic = reading.checked(file, Epic)
  return importOf(reading, file, { ...epic, task: taskText(epic?.example_task), epic })
}

function rockOf(reading: Reading, file: JsonFile): readonly FlowImport[] {
  const rock = reading.checked(file, Rock)
  return (rock?.epics ?? []).flatMap(({ department }, index) => {
    const epic = reading.follow(file, ['epics', index, 'epic'], { kind: 'epic', department })
    return epic === undefined ? [] : (epicOf(reading, epic) ?? [])
  })
}

function rockTask({ value }: JsonFile): string | undefined {
  const parsed = Rock.safeParse(value)
  return parsed.success ? taskText(parsed.data.task) : undefined
}

function nameOf({ value }: JsonFile): string | undefined {
  return isTable(value) && typeof value['name'] === 'string' ? value['name'] : undefined
}

function descriptionOf({ value }: JsonFile): { readonly description?: string } {
  return isTable(value) && typeof value['description'] === 'string' ? { description: value['description'] } : {}
}

function unknownFlow(flow: string, known: readonly string[]): Failure {
  const suggestion = nearest(flow, known)
  return { code: 'unknown_flow', flow, known: [...known], ...(suggestion !== undefined && { nearest: suggestion }) }
}
