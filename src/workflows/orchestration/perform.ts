import type { Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import { count } from '#base/text.ts'
import { type Asked, choiceFor } from '#domain/agents/choice-for.ts'
import type { Chosen } from '#domain/agents/choose-tasks.ts'
import { ScriptPlayer } from '#domain/agents/script.ts'
import { Expressions } from '#domain/conditions/condition.ts'
import { START_KEYS } from '#domain/context/key-types.ts'
import { OrchContext } from '#domain/context/orch-context.ts'
import { type NamedGraph, type NodeOf, ownKey } from '#domain/definition/orchestration-graph.ts'
import type { Failure } from '#domain/failure.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import type { TurnEnd } from '../agents/turn.ts'
import { needChoice, workersOf } from '../agents/workers.ts'
import { limiter } from '../limiter.ts'
import { conclude } from './conclude.ts'
import type { Conductor } from './conductor.ts'
import type { OrchestrationInput } from './input.ts'
import { type Ended, Play } from './play.ts'
import type { Playing, Round, RunParts } from './playing.ts'
import { RoundCount } from './round-count.ts'
import { writtenKeys } from './written-keys.ts'

interface Performance {
  readonly ctx: WorkflowContext
  readonly input: OrchestrationInput
  readonly conductor: Conductor
}

/** Plays the run's graph, and those of the orchestrations within it; answers with how its own nodes ended. */
export async function perform({ ctx, input, conductor }: Performance): Promise<readonly Ended[]> {
  const jobs = new Map(input.jobs.map((each) => [each.name, each]))
  const inTurn = limiter(input.parallel)
  const parts: RunParts = {
    ctx,
    input,
    conductor,
    known: { tasks: new Map(input.tasks.map((each) => [each.name, each])), jobs },
    jobs: { known: jobs, ran: new Map(), inTurn },
    expressions: new Expressions(writtenKeys(input)),
    rounds: new RoundCount(),
    inTurn,
    ...(input.script !== undefined && { script: new ScriptPlayer(input.script) }),
  }
  const { name, nodes, choice } = input
  return await playOf(parts, { graph: { name, nodes, tasks: [] }, asked: input, choice, path: '' }).all()
}

interface Piece {
  readonly graph: NamedGraph
  readonly asked: Asked
  readonly choice: readonly Chosen[]
  readonly path: string
}

function playOf(parts: RunParts, { graph, asked, choice, path }: Piece): Play {
  const playing: Playing = {
    ...parts,
    graph: graph.name,
    choice,
    playWithin: (node, round) => playWithin(parts, { node, round, outer: asked }),
  }
  const { goal, task } = asked
  const values = { ...(goal !== undefined && { goal }), ...(task !== undefined && { 'task.name': task }) }
  return new Play({ playing, start: OrchContext.start(values), nodes: graph.nodes, path })
}

interface Inner {
  readonly node: NodeOf<'orchestration'>
  readonly round: Round
  readonly outer: Asked
}

/** Plays another orchestration in a context of its own; what stands there in the end is written below the node's name. */
async function playWithin(parts: RunParts, { node, round, outer }: Inner): Promise<TurnEnd> {
  const { id, with: work } = node
  const graph = parts.input.graphs?.find(({ name }) => name === work.orchestration)
  if (graph === undefined) return err({ code: 'unknown_orchestration', orchestration: work.orchestration, known: [] })
  const goal = work.goal ?? outer.goal
  const asked: Asked = { ...(goal !== undefined && { goal }), ...(work.task !== undefined && { task: work.task }) }
  const choice = choiceIn(graph, asked, parts.input)
  if (!choice.ok) return choice
  const path = `${id}${round.item === undefined ? '' : `[${round.item.index}]`}/`
  const play = playOf({ ...parts, ctx: round.ctx }, { graph, asked, choice: choice.value, path })
  const forget = round.stop.onStop(() => play.stop.because(round.stop.cause ?? ''))
  const ends = await play.all()
  forget()
  // What was not begun there because something failed elsewhere has not been done.
  if (round.stop.cause !== undefined && ends.some(({ end }) => !end.opens)) return err({ code: 'cancelled' })
  const concluded = conclude(graph.name, ends)
  if (!concluded.ok) return concluded
  const local = id.slice(id.lastIndexOf('/') + 1)
  return ok({ writes: writesBelow(local, play.context), message: `${graph.name}: ${count(ends.length, 'step')}` })
}

function choiceIn(
  graph: NamedGraph,
  asked: Asked,
  { candidates = [], agents }: OrchestrationInput,
): Result<readonly Chosen[], Failure> {
  const choice = choiceFor(graph, asked, candidates)
  if (!choice.ok) {
    const known = candidates.flatMap(({ kind, name }) => (kind === 'task' ? [name] : []))
    return err({ code: 'unknown_task', task: choice.error, known: known.slice(0, 50) })
  }
  if (choice.value.length > 0 || !needChoice(workersOf(graph.nodes, agents))) return choice
  const { goal } = asked
  return err({ code: 'nothing_planned', ...(goal !== undefined && { goal }), known: [] })
}

function writesBelow(id: string, context: OrchContext): Readonly<Record<string, Json>> {
  const values = Object.entries(context.values).filter(([key]) => !START_KEYS.some((start) => start === key))
  return Object.fromEntries(values.map(([key, value]) => [ownKey(id, key), value]))
}
