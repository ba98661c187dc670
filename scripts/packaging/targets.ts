import { PackagingError } from './fail.ts'

/** A platform that the one binary is built for. */
export interface Target {
  /** `<os>-<arch>` in Debian's words, as in the names of the packages. */
  readonly name: string
  readonly os: 'linux' | 'windows' | 'darwin'
  readonly arch: 'amd64' | 'arm64'
  /** What Bun's `--target` calls it. */
  readonly bun: string
  /** The package in the lock file that holds Bun for it. */
  readonly runtime: string
  readonly program: string
}

export const targets: readonly Target[] = [
  target({ os: 'linux', arch: 'amd64', bun: 'bun-linux-x64' }),
  target({ os: 'linux', arch: 'arm64', bun: 'bun-linux-arm64', runtime: 'bun-linux-aarch64' }),
  target({ os: 'windows', arch: 'amd64', bun: 'bun-windows-x64' }),
  target({ os: 'windows', arch: 'arm64', bun: 'bun-windows-arm64', runtime: 'bun-windows-aarch64' }),
  target({ os: 'darwin', arch: 'amd64', bun: 'bun-darwin-x64' }),
  target({ os: 'darwin', arch: 'arm64', bun: 'bun-darwin-arm64', runtime: 'bun-darwin-aarch64' }),
]

interface TargetParts extends Pick<Target, 'os' | 'arch' | 'bun'> {
  readonly runtime?: string
}

function target({ os, arch, bun, runtime = bun }: TargetParts): Target {
  const program = os === 'windows' ? 'orchastration.exe' : 'orchastration'
  return { name: `${os}-${arch}`, os, arch, bun, runtime: `@oven/${runtime}`, program }
}

/** The target of this name; Bun's own names are understood, too. */
export function findTarget(name: string): Target {
  const found = targets.find((each) => each.name === name || each.bun === name)
  if (found === undefined) {
    const names = targets.map((each) => each.name).join(', ')
    throw new PackagingError(`there is no target "${name}"; there are ${names}`)
  }
  return found
}

/** The machine that this runs on. */
export function hostTarget(): Target {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  return findTarget(`${os}-${process.arch === 'x64' ? 'amd64' : process.arch}`)
}
