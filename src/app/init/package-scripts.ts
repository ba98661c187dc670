import type { OfferedJob } from './offered-job.ts'

/** The managers of packages by the file that each leaves beside `package.json`. */
const MANAGERS = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
] as const

/** Scripts that a manager runs by itself around others. */
const LIFECYCLE =
  /^(?:pre|post)(?:install|publish|pack|version|prepare)$|^(?:install|prepare|prepublish|prepublishOnly|dependencies)$/

/** Which manager runs the scripts: the one whose lock file is there, else npm. */
export function packageManager(files: readonly string[]): string {
  return MANAGERS.find(([file]) => files.includes(file))?.[1] ?? 'npm'
}

/** The scripts of a `package.json` that people run; none where the text is no such file. */
export function packageScripts(text: string, manager: string): readonly OfferedJob[] {
  const scripts = scriptsIn(text)
  return Object.entries(scripts).flatMap(([name, script]): readonly OfferedJob[] => {
    if (typeof script !== 'string' || LIFECYCLE.test(name) || isAround(name, scripts)) return []
    return [{ name, argv: [manager, 'run', name], description: script, params: [] }]
  })
}

function scriptsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const file: unknown = JSON.parse(text)
    if (typeof file !== 'object' || file === null || !('scripts' in file)) return {}
    const { scripts } = file
    return typeof scripts === 'object' && scripts !== null ? { ...scripts } : {}
  } catch {
    return {}
  }
}

/** `pretest` runs before `test` by itself. */
function isAround(name: string, scripts: Readonly<Record<string, unknown>>): boolean {
  const [, inner] = /^(?:pre|post)(.+)$/.exec(name) ?? []
  return inner !== undefined && Object.hasOwn(scripts, inner)
}
