import type { JobEnd } from '#app/command-ends.ts'
import { describeFailure } from '#app/failure-text.ts'
import type { OutputPaths } from '#app/services.ts'
import { onOneLine } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'
import type { FoldedNode } from '#domain/run/orchestration-fold.ts'
import { failureText } from './failure-tail.ts'
import { isCancelled } from './job-lines.ts'
import { nodeLabel } from './node-lines.ts'

/** The end of a command that did not succeed, and the round of the node that ran it. */
export type FailedStep = JobEnd & {
  readonly failure: Failure
  /** As `nodeLabel` has it. */
  readonly label: string
}

/** After so many failures nobody reads on. */
const MOST_NODES = 20

interface Where {
  readonly files: OutputPaths
  readonly runId: string
  readonly home: string | undefined
}

/** Whether all there is to say is how its command ended, and what that wrote. */
export function isOfCommand({ code }: Failure): boolean {
  return code === 'command_failed' || code === 'command_killed'
}

/** Each node that failed, in full: why, and what its commands wrote or what to do. Whoever cancelled knows why. */
export function nodeFailures(nodes: readonly FoldedNode[], steps: readonly FailedStep[], where: Where): string {
  const failed = nodes.filter(({ status, failure }) => status === 'failed' && failure !== null && !isCancelled(failure))
  const ofItems = new Set(failed.flatMap(({ id, item }) => (item === null ? [] : [id])))
  return failed
    .filter(({ id, item }) => item !== null || !ofItems.has(id))
    .slice(0, MOST_NODES)
    .map((node) => {
      const label = nodeLabel({ ...node, node: node.id })
      const own = steps.filter((step) => step.label === label)
      const isTold = node.failure !== null && isOfCommand(node.failure) && own.length > 0
      const output = failureText(own, where)
      // That a command failed is told with what it wrote.
      return isTold ? output : `${whyText(label, node, where)}${output}`
    })
    .join('')
}

function whyText(label: string, { name, failure }: FoldedNode, { home, runId }: Where): string {
  if (failure === null) return ''
  const { headline, detail, todo } = describeFailure(failure, home)
  const title = [label, onOneLine(name), headline].join(' · ')
  // Which run it was is known here: nobody has to look for it.
  const steps = todo
    .filter((line) => !line.endsWith('orchastration runs list'))
    .map((line) => line.replaceAll('<run>', runId))
  return `\n${[title, ...[...detail, ...steps].map((line) => `  ${line}`)].join('\n')}\n`
}
