import { ok, type Result } from '#base/result.ts'
import { Name } from '#domain/definition/name.ts'
import type { Failure } from '#domain/failure.ts'
import { graphOfFlows } from '#domain/orket/flow-graph.ts'
import type { ImportedRole } from '#domain/orket/flow-import.ts'
import type { FlowPart } from '#domain/orket/flow-origin.ts'
import type { Unheeded } from '#domain/orket/unheeded.ts'
import type { ShownOrchestration } from './orchestrations.ts'
import type { FlowOptions, ReadFlow } from './orket-port.ts'
import type { Services } from './services.ts'

/** A flow as an orchestration: the graph that its files come to, and what else they say. */
export interface ShownFlow extends ShownOrchestration {
  readonly flow: FlowSource
}

export interface FlowSource extends Pick<ReadFlow, 'path' | 'task' | 'script' | 'sources' | 'spaces'> {
  /** As its files call what it is made of. */
  readonly parts: readonly FlowPart[]
  readonly roles: readonly ImportedRole[]
  readonly unheeded: readonly Unheeded[]
}

/** What of a command line does not go together where flows and orchestrations are named. */
export function flowMisuse(
  command: string,
  given: { readonly [option in 'name' | 'flow' | 'workspace']?: string | undefined },
): Failure | undefined {
  const unexpected = (word: string, expected: string): Failure => {
    return { code: 'usage', problem: 'unexpected_argument', word, command, expected }
  }
  const { name, flow, workspace } = given
  if (flow === undefined)
    return workspace === undefined ? undefined : unexpected('--workspace', '--workspace with --flow')
  return name === undefined ? undefined : unexpected(name, 'an orchestration or --flow, and both were given')
}

/** The flow of that name or path. Fails with everything that is wrong in its files. */
export async function findFlow(
  reference: string,
  options: FlowOptions,
  services: Pick<Services, 'orket'>,
): Promise<Result<ShownFlow, Failure>> {
  const read = await (await services.orket()).readFlow(reference, options)
  if (!read.ok) return read
  const { name, description, isBuiltIn, flows, path, task, script, sources, spaces } = read.value
  const { nodes, roles, unheeded } = graphOfFlows(flows)
  const parts = flows.map(({ name: flow, band, score, venue }) => ({ flow, band, score, venue }))
  const others = spaces.others.map((other): Unheeded => ({ setting: `workspace ${other}`, why: 'one_workspace' }))
  return ok({
    name: recordName(name),
    ...(description !== undefined && { description }),
    isBuiltIn,
    tasks: [],
    tools: {
      workspace: spaces.workspace,
      references: [...spaces.references],
      domain: spaces.domain,
      read_scope: [...spaces.readScope],
      write_scope: [...spaces.writeScope],
    },
    nodes,
    flow: {
      path,
      ...(task !== undefined && { task }),
      ...(script !== undefined && { script }),
      sources,
      spaces,
      parts,
      roles,
      unheeded: [...unheeded, ...others],
    },
  })
}

/** The name under which runs of the flow are recorded: names of ours become names of files. */
function recordName(name: string): string {
  if (Name.safeParse(name).success) return name
  const plain = name
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return Name.safeParse(plain).success ? plain : `flow-${plain}`.replace(/-$/, '')
}
