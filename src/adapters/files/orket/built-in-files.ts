import band from '../../../../configs/flows/standard/band.json' with { type: 'json' }
import flow from '../../../../configs/flows/standard/flow.json' with { type: 'json' }
import score from '../../../../configs/flows/standard/score.json' with { type: 'json' }
import venue from '../../../../configs/flows/standard/venue.json' with { type: 'json' }
import run from '../../../../examples/hello/config.json' with { type: 'json' }
import script from '../../../../examples/hello/script.json' with { type: 'json' }
import task from '../../../../examples/hello/task.json' with { type: 'json' }

/** The files that are built in, by their paths in our repository: they are there wherever the program is. */
const FILES: Readonly<Record<string, unknown>> = {
  'configs/flows/standard/band.json': band,
  'configs/flows/standard/flow.json': flow,
  'configs/flows/standard/score.json': score,
  'configs/flows/standard/venue.json': venue,
  'examples/hello/config.json': run,
  'examples/hello/script.json': script,
  'examples/hello/task.json': task,
}

export const BUILT_IN_FLOWS: readonly string[] = ['standard']

export function isBuiltInFile(path: string): boolean {
  return Object.hasOwn(FILES, path)
}

export function builtInText(path: string): string {
  return `${JSON.stringify(FILES[path], undefined, 2)}\n`
}
