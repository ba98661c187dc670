import type { Json } from '#base/json.ts'
import { canonicalJson } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandReport } from '#domain/run/command-report.ts'
import type { Activity, ActivityAttempt } from '#engine/activities.ts'
import type { AgentCommandInput } from '#workflows/agents/own-agent.ts'

/** A variable of the environment takes no more on some systems. */
const MOST_CONTEXT_BYTES = 100_000
const MOST_OUTPUT_BYTES = 1_000_000

export interface AgentCommandParts {
  /** What runs commands with the usual variables and those of these names. */
  readonly command: (names: readonly string[]) => Activity
  /** The text of an output that was kept; undefined where it is gone. */
  readonly readOutput: (digest: string) => string | undefined
}

/** Runs the command of an agent with what it reads in `ORCHASTRATION_CONTEXT`; what it prints is what it writes. */
export function agentCommandActivity({ command, readOutput }: AgentCommandParts): Activity {
  const { endLeftovers } = command([])
  return {
    run: async (input, attempt) => await run(input as AgentCommandInput, attempt, { command, readOutput }),
    ...(endLeftovers !== undefined && { endLeftovers }),
  }
}

async function run(
  { argv, directory, context, variables = [] }: AgentCommandInput,
  attempt: ActivityAttempt,
  { command, readOutput }: AgentCommandParts,
): Promise<Result<Json, Failure>> {
  const given = canonicalJson(context)
  const bytes = Buffer.byteLength(given)
  if (bytes > MOST_CONTEXT_BYTES) {
    return err({ code: 'value_too_large', what: 'the context of the agent', bytes, limit_bytes: MOST_CONTEXT_BYTES })
  }
  const ran = await command(variables).run({ argv, directory, env: { ORCHASTRATION_CONTEXT: given } }, attempt)
  if (!ran.ok) return ran
  // The command's activity answers with a report, and only with that.
  const report = ran.value as CommandReport
  const writes = writesIn(report, readOutput)
  return writes === undefined ? err({ code: 'agent_output_invalid', report }) : ok({ ...report, writes })
}

/** One JSON object, or nothing at all. */
function writesIn(
  { stdout }: CommandReport,
  readOutput: AgentCommandParts['readOutput'],
): Readonly<Record<string, Json>> | undefined {
  if (stdout.bytes === 0) return {}
  if (stdout.bytes > MOST_OUTPUT_BYTES) return undefined
  try {
    const value: unknown = JSON.parse(readOutput(stdout.digest) ?? '')
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, Json>>) : undefined
  } catch {
    return undefined
  }
}
