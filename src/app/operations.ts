/**
 * Everything that the product can do, by name. Surfaces mount this list; each operation is loaded when it is asked
 * for, so that a short command pays for nothing but itself.
 */
export const operations = {
  run: async () => (await import('./operations/run-jobs.ts')).runJobs,
  init: async () => (await import('./operations/init.ts')).init,
  list: async () => (await import('./operations/list-jobs.ts')).listJobs,
  show: async () => (await import('./operations/show-job.ts')).showJob,
  status: async () => (await import('./operations/show-status.ts')).showStatus,
  why: async () => (await import('./operations/why.ts')).why,
  'config path': async () => (await import('./operations/config-path.ts')).configPath,
  'config show': async () => (await import('./operations/config-show.ts')).configShow,
  'config validate': async () => (await import('./operations/config-validate.ts')).configValidate,
  trust: async () => (await import('./operations/trust-project.ts')).trustProject,
  answer: async () => (await import('./operations/answer.ts')).answer,
  work: async () => (await import('./operations/work.ts')).work,
  'runs list': async () => (await import('./operations/list-runs.ts')).listRuns,
  'runs show': async () => (await import('./operations/show-run.ts')).showRun,
  'runs logs': async () => (await import('./operations/show-logs.ts')).showLogs,
  'runs artifacts': async () => (await import('./operations/run-artifacts.ts')).runArtifacts,
  'runs events': async () => (await import('./operations/follow-events.ts')).followEvents,
  'runs resume': async () => (await import('./operations/resume-run.ts')).resumeRun,
  'runs wait': async () => (await import('./operations/wait-for-runs.ts')).waitForRuns,
  'runs retry': async () => (await import('./operations/retry-run.ts')).retryRun,
  'runs diff': async () => (await import('./operations/diff-runs.ts')).diffRuns,
  'runs cancel': async () => (await import('./operations/cancel-run.ts')).cancelRun,
  'runs prune': async () => (await import('./operations/prune-runs.ts')).pruneRuns,
  'runs export': async () => (await import('./operations/export-runs.ts')).exportRuns,
  hash: async () => (await import('./operations/hash-files.ts')).hashFiles,
  'orchestration list': async () => (await import('./operations/list-orchestrations.ts')).listOrchestrations,
  'orchestration explain': async () => (await import('./operations/explain-orchestration.ts')).explainOrchestration,
  'orchestration run': async () => (await import('./operations/run-orchestration.ts')).runOrchestration,
  'agent list': async () => (await import('./operations/list-agents.ts')).listAgents,
  verify: async () => (await import('./operations/verify.ts')).verify,
  doctor: async () => (await import('./operations/doctor.ts')).doctor,
  backup: async () => (await import('./operations/backup.ts')).backup,
  rebuild: async () => (await import('./operations/rebuild.ts')).rebuild,
} as const

export type OperationName = keyof typeof operations
