import { slug } from '../lib/slug.mjs'

const EXPECTED = { 'One Two Three': 'one-two-three', 'Hello, World!': 'hello-world' }

for (const [title, expected] of Object.entries(EXPECTED)) {
  const is = slug(title)
  if (is === expected) continue
  process.stderr.write(
    `slug(${JSON.stringify(title)}) is ${JSON.stringify(is)}, expected ${JSON.stringify(expected)}\n`,
  )
  process.exitCode = 1
}

if (process.exitCode === undefined) process.stdout.write('every title is as expected\n')
