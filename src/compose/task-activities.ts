import type { ReplyBackend } from '#activities/reply-backend-port.ts'
import type { RestoreParts } from '#activities/restore.ts'
import type { SurroundingsPort } from '#activities/surroundings-port.ts'
import type { TaskHistory } from '#activities/task-history-port.ts'
import type { Activities, Activity } from '#engine/activities.ts'
import { once } from './once.ts'

interface TaskActivityParts {
  readonly command: Activity
  /** What runs the commands of agents, with variables of these names. */
  readonly agentCommands: () => Promise<(names: readonly string[]) => Activity>
  /** What the tools of agents do. */
  readonly tool: () => Promise<Activity>
  /** Files that are changed by facts, and can be put back. */
  readonly changeable: () => Promise<RestoreParts>
  readonly store: string
  /** Where our own files lie, which belong to no repository. */
  readonly own: () => Promise<readonly string[]>
  /** The directory of locks, which anybody may empty. */
  readonly locks: string
  readonly history: TaskHistory
  readonly inherited: () => Record<string, string>
  readonly surroundings: () => Promise<SurroundingsPort>
}

/** What is done with tasks, each loaded when a run comes to it: runs of jobs do not pay for them. */
export function taskActivities({
  command,
  agentCommands,
  tool,
  changeable,
  store,
  own,
  locks,
  history,
  inherited,
  surroundings,
}: TaskActivityParts): Activities {
  const files = async () => (await import('#adapters/files/expected-files.ts')).expectedFiles()
  const kept = async () => (await import('#adapters/files/expected-files.ts')).keptOutput(store)
  const pages = async () => {
    const [{ taskPages }, { exclusively }] = await Promise.all([
      import('#adapters/files/task-pages.ts'),
      import('#adapters/sqlite/exclusive.ts'),
    ])
    return taskPages((directory, work) => exclusively(locks, directory, work), (await changeable()).workspace)
  }
  const tools = async () => (await import('#adapters/git/repository-tools.ts')).repositoryTools(inherited())
  return {
    check: command,
    agent: later(async () => {
      const [{ agentCommandActivity }, { keptFiles }] = await Promise.all([
        import('#activities/agent-command.ts'),
        import('#adapters/files/kept-files.ts'),
      ])
      return agentCommandActivity({ command: await agentCommands(), readOutput: keptFiles(store).readText })
    }, command),
    reply: later(async () => (await import('#activities/reply.ts')).replyActivity(findBackend)),
    tool: later(tool, 'own'),
    look: later(async () => (await import('#activities/restore.ts')).lookActivity(await changeable())),
    restore: later(async () => (await import('#activities/restore.ts')).restoreActivity(await changeable()), 'own'),
    build: later(async () => (await import('#activities/build.ts')).buildActivity({ command, files }), command),
    plan: later(async () => (await import('#activities/plan-task.ts')).planActivity(history)),
    review: later(async () => (await import('#activities/review.ts')).reviewActivity({ files, kept, history })),
    document: later(async () => {
      return (await import('#activities/document.ts')).documentActivity({ pages: once(pages), history })
    }, 'own'),
    tree: later(async () => {
      const [{ treeActivity }, { workTrees }, { keptFiles }] = await Promise.all([
        import('#activities/tree.ts'),
        import('#adapters/git/work-trees.ts'),
        import('#adapters/files/kept-files.ts'),
      ])
      return treeActivity({ workTrees: workTrees(inherited(), await own()), kept: keptFiles(store), surroundings })
    }),
    issue: later(async () => (await import('#activities/repository-steps.ts')).issueActivity({ tools, history })),
    branch: later(async () => (await import('#activities/repository-steps.ts')).branchActivity({ tools, history })),
  }
}

/** What takes agents' turns reply by reply, each loaded when it is first asked. */
async function findBackend(name: string): Promise<ReplyBackend | undefined> {
  if (name !== 'scripted') return undefined
  return (await import('#adapters/scripted/scripted-backend.ts')).scriptedBackend
}

/**
 * An activity that is loaded when it is first to do something; what it leaves running is ended as `like` does it, or in
 * a way of its own.
 */
function later(load: () => Promise<Activity>, like?: Activity | 'own'): Activity {
  let loaded: Activity | undefined
  const made = once(async () => {
    loaded = await load()
    return loaded
  })
  const own: Activity['endLeftovers'] = async (key) => (await (await made()).endLeftovers?.(key)) ?? 0
  const endLeftovers = like === 'own' ? own : like?.endLeftovers
  return {
    run: async (input, attempt) => await (await made()).run(input, attempt),
    letGo: (runId) => loaded?.letGo?.(runId),
    ...(endLeftovers !== undefined && { endLeftovers }),
  }
}
