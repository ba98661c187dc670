import { REPLY_BACKENDS } from '#domain/agents/backend.ts'
import { DEFAULT_ROLES } from '#domain/agents/role.ts'
import type { Failure } from '#domain/failure.ts'
import type { Worker } from '#workflows/agents/workers.ts'

/** The first backend that is not there: found before anything runs, since nothing takes its place. */
export function missingBackend(workers: readonly Worker[], hasScript: boolean): Failure | undefined {
  const missing = workers.find((worker) => !isThere(worker))
  if (missing !== undefined) {
    const { agent, backend } = missing
    const model = backend === 'model' ? agent.model?.model : undefined
    return { code: 'backend_missing', agent: agent.name, backend, ...(model !== undefined && { model }) }
  }
  const scripted = hasScript ? [] : workers.filter(({ backend }) => backend === 'scripted')
  return scripted.length === 0 ? undefined : { code: 'script_missing', agents: scripted.map(({ node }) => node) }
}

function isThere({ agent: { name, built_in, command }, backend }: Worker): boolean {
  if (backend === 'command') return built_in ? DEFAULT_ROLES.includes(name) : command !== undefined
  return backend === 'human' || REPLY_BACKENDS.includes(backend)
}

/**
 * Whether it makes what reviewers judge, and may make it differently another time: our deterministic builder does not,
 * and a command does only where it reads what was found.
 */
export function canMend({ agent: { built_in: isBuiltIn, role }, backend }: Worker): boolean {
  if (!role.writes.includes('build.outputs')) return false
  return backend !== 'command' || (!isBuiltIn && [...role.reads, ...role.feedback].includes('review.findings'))
}
