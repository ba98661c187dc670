import type { OperationName } from '#app/operations.ts'
import type { Mount } from './mount.ts'

/** How each operation looks at the command line, loaded with it. */
export const mounts: Readonly<Record<OperationName, () => Promise<Mount>>> = {
  run: async () => (await import('./mounts/run.ts')).run,
  init: async () => (await import('./mounts/init.ts')).init,
  list: async () => (await import('./mounts/list.ts')).list,
  show: async () => (await import('./mounts/show.ts')).show,
  status: async () => (await import('./mounts/status.ts')).status,
  why: async () => (await import('./mounts/why.ts')).why,
  'config path': async () => (await import('./mounts/config-path.ts')).configPath,
  'config show': async () => (await import('./mounts/config-show.ts')).configShow,
  'config validate': async () => (await import('./mounts/config-validate.ts')).configValidate,
  trust: async () => (await import('./mounts/trust.ts')).trust,
  answer: async () => (await import('./mounts/answer.ts')).answer,
  work: async () => (await import('./mounts/work.ts')).work,
  'runs list': async () => (await import('./mounts/runs-list.ts')).runsList,
  'runs show': async () => (await import('./mounts/runs-show.ts')).runsShow,
  'runs logs': async () => (await import('./mounts/runs-logs.ts')).runsLogs,
  'runs events': async () => (await import('./mounts/runs-events.ts')).runsEvents,
  'runs resume': async () => (await import('./mounts/runs-resume.ts')).runsResume,
  'runs wait': async () => (await import('./mounts/runs-wait.ts')).runsWait,
  'runs retry': async () => (await import('./mounts/runs-retry.ts')).runsRetry,
  'runs diff': async () => (await import('./mounts/runs-diff.ts')).runsDiff,
  'runs cancel': async () => (await import('./mounts/runs-cancel.ts')).runsCancel,
  'runs prune': async () => (await import('./mounts/runs-prune.ts')).runsPrune,
  'runs export': async () => (await import('./mounts/runs-export.ts')).runsExport,
  hash: async () => (await import('./mounts/hash.ts')).hash,
  verify: async () => (await import('./mounts/verify.ts')).verify,
  doctor: async () => (await import('./mounts/doctor.ts')).doctor,
  backup: async () => (await import('./mounts/backup.ts')).backup,
  rebuild: async () => (await import('./mounts/rebuild.ts')).rebuild,
}
