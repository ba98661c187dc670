import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripElf } from './elf.ts'
import { PackagingError } from './fail.ts'
import { untarOne } from './tar.ts'
import { hostTarget, type Target } from './targets.ts'

interface LockedPackage {
  readonly version: string
  readonly integrity?: string
}

const CACHE = 'build/runtimes'
// Without a network, npm's own patience is more than a minute.
const QUIETLY = '--loglevel=error --no-update-notifier --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=3000'

/** The path of the Bun to embed for a target: for this machine the one that runs this, else the one of the lock file. */
export function runtimeFor(target: Target): string {
  const original = target === hostTarget() ? readFileSync(process.execPath) : fetchedRuntime(target)
  // A finished binary must never be stripped (it would turn into plain Bun); the runtime that goes into it may.
  const bytes = target.os === 'linux' ? stripElf(original) : original
  const file = join(CACHE, target.name, target.program.replace('orchastration', 'bun'))
  writeWhole(file, bytes)
  chmodSync(file, 0o755)
  return file
}

function fetchedRuntime({ runtime, os }: Target): Buffer {
  const locked = lockedPackage(runtime)
  const tarball = join(CACHE, `${runtime.replace('@oven/', '')}-${locked.version}.tgz`)
  // What lies there is checked at every use, so a cache that was tampered with does no harm.
  if (!existsSync(tarball) || !isLocked(tarball, locked)) fetch(`${runtime}@${locked.version}`, tarball)
  if (!isLocked(tarball, locked)) {
    rmSync(tarball)
    throw new PackagingError(
      `${runtime}@${locked.version} is not what the lock file says by its sha512; it was thrown away`,
    )
  }
  const program = `package/bin/${os === 'windows' ? 'bun.exe' : 'bun'}`
  const found = untarOne(Buffer.from(Bun.gunzipSync(new Uint8Array(readFileSync(tarball)))), program)
  if (found === undefined) throw new PackagingError(`${runtime}@${locked.version} holds no ${program}`)
  return found
}

function lockedPackage(name: string): LockedPackage {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> }
  const locked = lock.packages[`node_modules/${name}`]
  if (locked?.integrity === undefined) throw new PackagingError(`the lock file has no digest of ${name}`)
  return locked
}

function isLocked(file: string, { integrity }: LockedPackage): boolean {
  return integrity === `sha512-${new Bun.CryptoHasher('sha512').update(readFileSync(file)).digest('base64')}`
}

function fetch(spec: string, tarball: string): void {
  console.log(`fetching ${spec}, once`)
  const folder = join(CACHE, `fetch-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    // npm is a script on Windows, which is started through a shell only; nothing in the line comes from outside.
    const { status, stdout } = spawnSync(`npm pack ${spec} ${QUIETLY} --pack-destination ${folder}`, {
      shell: true,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (status !== 0) {
      throw new PackagingError(
        `${spec} could not be fetched from the package registry; packages for other systems than this one need a network once`,
      )
    }
    renameSync(join(folder, stdout.trim()), tarball)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Nobody sees half a file, and two builds at once do not write into each other's. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const unfinished = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(unfinished, bytes)
  renameSync(unfinished, file)
}
