import type { Workflow } from '#engine/workflow.ts'

/** All that runs may be made of, by name; a run of jobs does not pay for the others. */
export async function findWorkflow(name: string): Promise<Workflow | undefined> {
  switch (name) {
    case 'job':
      return (await import('#workflows/job.ts')).job
    case 'undo':
      return (await import('#workflows/undo.ts')).undo
    case 'task':
      return (await import('#workflows/task.ts')).task
    case 'orchestration':
      return (await import('#workflows/orchestration.ts')).orchestration
    default:
      return undefined
  }
}
