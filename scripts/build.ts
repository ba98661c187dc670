// Builds the one binary: for this machine into dist/; `bun scripts/build.ts TARGET`, such as windows-amd64, into dist/TARGET/.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBinary } from './packaging/binary.ts'
import { runScript } from './packaging/fail.ts'
import { findTarget, hostTarget } from './packaging/targets.ts'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

await runScript('build', () => {
  const name = process.argv[2]
  if (name === undefined) buildBinary(hostTarget(), 'dist')
  else buildBinary(findTarget(name), join('dist', findTarget(name).name))
})
