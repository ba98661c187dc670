import { resolve } from 'node:path'
import { readFrontMatter } from '#base/front-matter.ts'
import { err, ok, type Result } from '#base/result.ts'
import { shapeProblems } from '#domain/agents/shape-problems.ts'
import { Agent } from '#domain/definition/agent.ts'
import type { Failure } from '#domain/failure.ts'
import type { LoadedConfig } from './config-port.ts'
import type { Services } from './services.ts'

type Needed = Pick<Services, 'config' | 'currentDirectory' | 'documents'>

/** The configuration as it counts here, with its agents as their own files complete them. */
export async function configWithAgents(services: Needed): Promise<Result<LoadedConfig, Failure>> {
  const loaded = await services.config()
  if (!loaded.ok) return loaded
  const { config, project } = loaded.value
  const base = project?.directory ?? services.currentDirectory
  const agents: Record<string, Agent> = {}
  for (const [name, agent] of Object.entries(config.agents ?? {})) {
    const whole = await complete({ name, agent, base }, services.documents)
    if (!whole.ok) return whole
    agents[name] = whole.value
  }
  return ok(config.agents === undefined ? loaded.value : { ...loaded.value, config: { ...config, agents } })
}

/** What is wrong with the first file of an agent that is no good; these paths count from that directory. */
export async function agentFilesFailure(
  agents: Readonly<Record<string, Agent>>,
  base: string,
  documents: Services['documents'],
): Promise<Failure | undefined> {
  for (const [name, agent] of Object.entries(agents)) {
    const whole = await complete({ name, agent, base }, documents)
    if (!whole.ok) return whole.error
  }
  return undefined
}

interface Named {
  readonly name: string
  readonly agent: Agent
  readonly base: string
}

/** What the configuration says counts before what the agent's own file says. */
async function complete(
  { name, agent, base }: Named,
  documents: Services['documents'],
): Promise<Result<Agent, Failure>> {
  if (agent.file === undefined) return ok(agent)
  const path = resolve(base, agent.file)
  const text = await documents.readText(path)
  if (!text.ok) return text
  const invalid = (problems: readonly string[]): Result<never, Failure> =>
    err({ code: 'agent_file_invalid', agent: name, path, problems: [...problems] })
  const read = readFrontMatter(text.value)
  if (!read.ok) return invalid([read.error])
  const { keys, body } = read.value
  const { name: own = name, ...others } = keys
  if (own !== name) return invalid([`its name is not ${JSON.stringify(name)}, by which the configuration calls it`])
  const misplaced = ['file', 'instructions'].filter((key) => Object.hasOwn(others, key))
  if (misplaced.length > 0) return invalid(misplaced.map((key) => `${key} has no place among its keys`))
  const parsed = Agent.safeParse(body === '' ? others : { ...others, instructions: body })
  if (!parsed.success) return invalid(shapeProblems(parsed.error.issues, 'the file'))
  return ok({ ...parsed.data, ...agent })
}
