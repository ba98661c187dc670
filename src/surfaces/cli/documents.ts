import type * as z from 'zod/mini'
import type { OperationName } from '#app/operations.ts'

/** A document that commands answer with under `--json`. */
export interface DocumentSpec {
  /** The commands that print it; none for what every command may print. */
  readonly commands: readonly string[]
  /** One document a line, as many as there are. */
  readonly lines?: true
  readonly load: () => Promise<z.ZodMiniType>
}

const run = async () => await import('./documents/run.ts')
const looking = async () => await import('./documents/looking.ts')
const undo = async () => await import('./documents/undo.ts')
const replay = async () => await import('./documents/replay.ts')
const config = async () => await import('./documents/config.ts')
const agents = async () => await import('./documents/agents.ts')
const tasks = async () => await import('./documents/tasks.ts')
const proof = async () => await import('./documents/proof.ts')
const hashing = async () => await import('./documents/hash.ts')
const program = async () => await import('./documents/program.ts')

/** A document has the name of its command, with a dash between two words. */
type NameOf<Command extends string> = Command extends `${infer First} ${infer Second}` ? `${First}-${Second}` : Command
/** Commands that answer as another one does. */
type Shared = 'runs resume' | 'runs retry' | (typeof TASK_COMMANDS)[number]
type Own = NameOf<Exclude<OperationName, Shared>>

const TASK_COMMANDS = [
  'plan create',
  'build run',
  'review run',
  'doc generate',
  'git issue create',
  'git branch create',
] as const satisfies readonly OperationName[]

/** Every document there is, by its name: `orchastration.<name>/1` stands in its field `schema`. */
export const documents = {
  run: { commands: ['run', 'runs resume', 'runs retry'], load: async () => (await run()).run },
  init: { commands: ['init'], load: async () => (await program()).init },
  list: { commands: ['list'], load: async () => (await looking()).list },
  show: { commands: ['show'], load: async () => (await looking()).show },
  plan: { commands: ['run --plan', 'run --dry-run'], load: async () => (await run()).plan },
  status: { commands: ['status'], load: async () => (await looking()).statusDocument },
  why: { commands: ['why'], load: async () => (await looking()).why },
  'plan-list': { commands: ['plan list'], load: async () => (await tasks()).planList },
  'plan-status': { commands: ['plan status'], load: async () => (await tasks()).planStatus },
  task: { commands: TASK_COMMANDS, load: async () => (await tasks()).task },
  answer: { commands: ['answer'], load: async () => (await run()).answer },
  work: { commands: ['work'], lines: true, load: async () => (await run()).work },
  'runs-list': { commands: ['runs list'], load: async () => (await looking()).runsList },
  'runs-show': { commands: ['runs show'], load: async () => (await looking()).runsShow },
  'runs-logs': { commands: ['runs logs'], lines: true, load: async () => (await looking()).runsLogs },
  'runs-artifacts': { commands: ['runs artifacts'], load: async () => (await looking()).runsArtifacts },
  'runs-events': { commands: ['runs events'], lines: true, load: async () => (await looking()).runsEvents },
  'runs-wait': { commands: ['runs wait'], load: async () => (await run()).runsWait },
  'runs-undo': { commands: ['runs undo'], load: async () => (await undo()).runsUndo },
  'runs-replay': { commands: ['runs replay'], load: async () => (await replay()).runsReplay },
  'runs-fork': { commands: ['runs fork'], load: async () => (await replay()).runsFork },
  'runs-diff': { commands: ['runs diff'], load: async () => (await looking()).runsDiff },
  'runs-cancel': { commands: ['runs cancel'], load: async () => (await run()).runsCancel },
  'runs-steer': { commands: ['runs steer'], load: async () => (await run()).runsSteer },
  'runs-prune': { commands: ['runs prune'], load: async () => (await proof()).runsPrune },
  'runs-export': { commands: ['runs export'], load: async () => (await proof()).runsExport },
  hash: { commands: ['hash'], load: async () => (await hashing()).hash },
  'orchestration-list': { commands: ['orchestration list'], load: async () => (await agents()).orchestrationList },
  'orchestration-show': { commands: ['orchestration show'], load: async () => (await agents()).orchestrationShow },
  'orchestration-explain': {
    commands: ['orchestration explain'],
    load: async () => (await agents()).orchestrationExplain,
  },
  'orchestration-run': { commands: ['orchestration run'], load: async () => (await agents()).orchestrationRun },
  'agent-show': { commands: ['agent show'], load: async () => (await agents()).agentShow },
  inbox: { commands: ['inbox'], load: async () => (await agents()).inbox },
  'agent-list': { commands: ['agent list'], load: async () => (await agents()).agentList },
  verify: { commands: ['verify'], load: async () => (await proof()).verify },
  doctor: { commands: ['doctor'], load: async () => (await program()).doctor },
  backup: { commands: ['backup'], load: async () => (await proof()).backup },
  rebuild: { commands: ['rebuild'], load: async () => (await proof()).rebuild },
  'config-path': { commands: ['config path'], load: async () => (await config()).configPath },
  'config-show': { commands: ['config show'], load: async () => (await config()).configShow },
  'config-validate': { commands: ['config validate'], load: async () => (await config()).configValidate },
  trust: { commands: ['trust'], load: async () => (await config()).trust },
  'config-schema': { commands: ['config schema'], load: async () => (await config()).configSchema },
  'config-example': { commands: ['config example'], load: async () => (await config()).configExample },
  completions: { commands: ['completions'], load: async () => (await program()).completions },
  complete: { commands: ['complete'], load: async () => (await program()).complete },
  man: { commands: ['man'], load: async () => (await program()).man },
  schema: { commands: ['schema'], load: async () => (await program()).schema },
  help: { commands: ['help'], load: async () => (await program()).help },
  version: { commands: [], load: async () => (await program()).version },
  failure: { commands: [], load: async () => (await program()).failureDocument },
} as const satisfies Readonly<Record<Own, DocumentSpec>> & Readonly<Record<string, DocumentSpec>>
