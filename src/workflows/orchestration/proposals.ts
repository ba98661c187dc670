import type { ToolCall } from '#domain/agents/message.ts'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import type { WorkflowContext } from '#engine/workflow.ts'
import { OpenQuestions } from './open-questions.ts'

type Decision = Extract<SteeringCommand, { do: 'approve' | 'reject' }>

interface Proposal {
  readonly node: string
  readonly number: number
  readonly decide: (rejected: string | undefined) => void
}

type Obey = (said: { readonly command: Decision; readonly by: string }) => void

/** Calls of tools that agents make only once a person has approved them. */
export class Proposals {
  readonly #questions: OpenQuestions
  readonly #obey: Obey
  #open: readonly Proposal[] = []
  #last = 0
  #closed: string | undefined

  constructor(ctx: WorkflowContext, obey: Obey) {
    this.#questions = new OpenQuestions(ctx)
    this.#obey = obey
  }

  /** The steps that wait for a decision. */
  get nodes(): readonly string[] {
    return this.#open.map(({ node }) => node)
  }

  /** Why the call is not to be made; undefined where it may. */
  async about(node: string, call: ToolCall): Promise<string | undefined> {
    if (this.#closed !== undefined) return this.#closed
    const number = ++this.#last
    const decided = Promise.withResolvers<string | undefined>()
    this.#open = [...this.#open, { node, number, decide: decided.resolve }]
    this.#questions.ask(String(number), {
      text: `${node} wants to ${callText(call)}: let it?`,
      choices: ['approve', 'reject'],
      asker: node,
      answered: ({ choice, by }) =>
        this.#obey({ command: { do: choice === 'approve' ? choice : 'reject', node, proposal: number }, by }),
    })
    return await decided.promise
  }

  decide({ do: what, node, proposal, reason }: Decision, by: string): void {
    const found = this.#open.find((each) => each.node === node && (proposal === undefined || each.number === proposal))
    if (found === undefined) return
    this.#settle(found, what === 'approve' ? undefined : rejectedText(by, reason))
  }

  /** From now on nothing is approved: nobody decides any more. */
  close(reason: string): void {
    this.#closed ??= reason
    for (const proposal of this.#open) this.#settle(proposal, reason)
  }

  #settle(proposal: Proposal, rejected: string | undefined): void {
    this.#open = this.#open.filter((each) => each !== proposal)
    this.#questions.close(String(proposal.number))
    proposal.decide(rejected)
  }
}

/** What an agent is told whose call is not to be made. */
export function rejectedText(by: string, reason: string | undefined): string {
  return `Rejected by ${by}${reason === undefined ? '' : `: ${reason}`}`
}

const MOST_ARGUMENTS = 300

/** The call on one line: what it is about first. */
function callText({ tool, args: { path, ...args } }: ToolCall): string {
  const more = Object.keys(args).length === 0 ? '' : ` ${JSON.stringify(args)}`
  const shown = more.length > MOST_ARGUMENTS ? `${more.slice(0, MOST_ARGUMENTS)}…` : more
  return `${tool}${typeof path === 'string' ? ` ${path}` : ''}${shown}`
}
