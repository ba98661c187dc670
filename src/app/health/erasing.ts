import { join } from 'node:path'
import { ERASING_BEGUN } from '../erased-files-port.ts'
import type { Health } from '../health-port.ts'
import type { Services } from '../services.ts'
import { type Finding, note } from './finding.ts'

/** An erasing that was not brought to its end: part of what it was to erase may still be there. */
export function checkErasing({ directories }: Services, health: Health): readonly Finding[] {
  const where = join(directories.store, ERASING_BEGUN)
  if (health.path(where).kind === 'missing') return []
  const todo = ['unless one goes on, end it:  orchastration runs prune --yes']
  return [note('erasing', 'runs prune goes on, or was interrupted before everything was erased', { where, todo })]
}
