// The step every other script begins with: a checkout that has the packages of the lock file, and a Bun that starts.
// Plain JavaScript on Node, since nothing else can be expected before it has run.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LEAST_NODE = 20
const LOCK = 'package-lock.json'
// npm writes this file last, so it also tells a finished installation from a broken one.
const INSTALLED = 'node_modules/.package-lock.json'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
  fail(`Node ${LEAST_NODE} or later is needed to install; this is ${process.versions.node}`)
}
if (!starts('git', ['--version'])) fail('git is needed and was not found')
if (!isInstalled()) install()
if (!starts(bunPath(), ['--version'])) repairBun()

function isInstalled() {
  return existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs
}

function install() {
  // npm is a script on Windows, and Node starts scripts through a shell only.
  const npm = spawnSync('npm ci --no-fund --no-audit --no-update-notifier', { shell: true, stdio: ['ignore', 2, 2] })
  if (npm.status !== 0) fail('npm ci failed; see above')
}

// Where npm was told to run no scripts, Bun's package still lacks its program.
function repairBun() {
  spawnSync(process.execPath, ['node_modules/bun/install.js'], { stdio: ['ignore', 2, 2] })
  if (!starts(bunPath(), ['--version'])) fail('the Bun of node_modules does not start')
}

function bunPath() {
  return 'node_modules/bun/bin/bun.exe'
}

function starts(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function fail(message) {
  process.stderr.write(`setup: ${message}\n`)
  process.exit(1)
}
