import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { targets } from './targets.ts'
import { version } from './version.ts'

/** Writes SHA256SUMS over all packages of this version that lie in a folder, for `sha256sum -c` there. */
export function writeSums(folder: string): void {
  const names = packageNames().filter((name) => existsSync(join(folder, name)))
  writeFileSync(join(folder, 'SHA256SUMS'), names.map((name) => `${sha256(join(folder, name))}  ${name}\n`).join(''))
}

function packageNames(): readonly string[] {
  const archives = targets.map(
    ({ name, os }) => `orchastration-${version}-${name}.${os === 'windows' ? 'zip' : 'tar.gz'}`,
  )
  const debs = targets.filter(({ os }) => os === 'linux').map(({ arch }) => `orchastration_${version}_${arch}.deb`)
  return [...archives, ...debs, `orchastration-${version}.tgz`].toSorted()
}

function sha256(file: string): string {
  return new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('hex')
}
