import type { OfferedJob } from './offered-job.ts'

/** The tasks of a Taskfile that people ask for; none where the text is no such file. */
export function taskEntries(text: string): readonly OfferedJob[] {
  const tasks = tasksIn(text)
  return Object.entries(tasks).flatMap(([name, task]): readonly OfferedJob[] => {
    if (fieldOf(task, 'internal') === true || name.includes('*')) return []
    const description = fieldOf(task, 'desc') ?? fieldOf(task, 'summary')
    const first = typeof description === 'string' ? description.split('\n')[0]?.trim() : undefined
    return [
      { name, argv: ['task', name], params: [], ...(first !== undefined && first !== '' && { description: first }) },
    ]
  })
}

function tasksIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const tasks = fieldOf(Bun.YAML.parse(text), 'tasks')
    return typeof tasks === 'object' && tasks !== null ? { ...tasks } : {}
  } catch {
    return {}
  }
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}
