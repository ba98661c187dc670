import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Finding, figure, type Group } from './support/measure.ts'
import { installed, ownBinary, type Program, program, WORKSHOP } from './support/programs.ts'

const BIG_BYTES = 1_610_612_736
const PIECE_BYTES = 2 ** 24
const FILES = 10_000
const FOLDERS = 100
/** From a few lines to a page, as in a tree of sources: 5.8 kB on average. */
const SIZES = [200, 1000, 4000, 8000, 16_000]
const BIG_ROUNDS = 9
const TREE_ROUNDS = 15

/** Digests of one large file, and of a tree of 10,000 small ones, as whole processes with everything in the cache. */
export const hash: Group = { name: 'hash', measure }

async function measure(): Promise<readonly Finding[]> {
  makeBig(join(WORKSHOP, 'big'))
  makeTree(join(WORKSHOP, 'tree'))
  const own = ownBinary()
  const big = (name: string, ...argv: [string, ...string[]]): Program => ({ name, argv: [...argv, 'big'] })
  return [
    ...(await against(
      'xxh64 of 1.5 GiB',
      [['xxhsum', big('xxhsum -H64', 'xxhsum', '-H64')]],
      big('orchastration hash --algo xxh64', own, 'hash', '--algo', 'xxh64'),
    )),
    ...(await against(
      'sha256 of 1.5 GiB',
      [
        ['openssl', big('openssl dgst -sha256', 'openssl', 'dgst', '-sha256')],
        ['sha256sum', big('sha256sum', 'sha256sum')],
      ],
      big('orchastration hash', own, 'hash'),
    )),
    ...(await against(
      'sha256 of 10,000 files, 58 MB',
      [
        ['b3sum', shell('find | xargs b3sum', 'find tree -type f -print0 | xargs -0 b3sum')],
        ['sha256sum', shell('find | xargs sha256sum', 'find tree -type f -print0 | xargs -0 sha256sum')],
        ['parallel', shell('find | parallel -m sha256sum', 'find tree -type f -print0 | parallel -0 -m sha256sum')],
        ['xargs', shell('find | xargs -P2 sha256sum', 'find tree -type f -print0 | xargs -0 -P2 -n2500 sha256sum')],
      ],
      { name: 'orchastration hash tree', argv: [own, 'hash', 'tree'] },
    )),
  ]
}

/** What is not installed is not measured, and it is said. */
async function against(
  title: string,
  others: readonly (readonly [tool: string, program: Program])[],
  own: Program,
): Promise<readonly Finding[]> {
  const there = others.filter(([tool]) => installed(tool) !== undefined).map(([, other]) => other)
  const missing = others.filter(([tool]) => installed(tool) === undefined)
  const rounds = own.argv.includes('tree') ? TREE_ROUNDS : BIG_ROUNDS
  const compared = await compare(title, rounds, [...there, own].map(program))
  return [compared, ...missing.map(([tool]) => figure(`${title}, ${tool}`, 'not measured: not installed'))]
}

function shell(name: string, line: string): Program {
  return { name, argv: ['sh', '-c', line] }
}

function makeBig(path: string): void {
  // Noise from a fixed beginning would be no better: none of the algorithms looks at what it hashes.
  const { status } = spawnSync('sh', ['-c', `head -c ${BIG_BYTES} /dev/urandom > "$0"`, path])
  if (status !== 0) throw new Error(`${path} cannot be written`)
  spawnSync('dd', [`if=${path}`, 'of=/dev/null', `bs=${PIECE_BYTES}`], { stdio: 'ignore' })
}

function makeTree(root: string): void {
  for (let number = 0; number < FILES; number++) {
    const folder = join(root, `d${number % FOLDERS}`)
    if (number < FOLDERS) mkdirSync(folder, { recursive: true })
    const content = crypto.getRandomValues(new Uint8Array(SIZES[number % SIZES.length] ?? 0))
    writeFileSync(join(folder, `f${number}.txt`), content)
  }
}
