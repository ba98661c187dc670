import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptContent } from '#activities/kept-content-port.ts'
import { sha256 } from '#base/digest.ts'
import { artifactPath, keep, runningFolder, stepOf } from './outputs.ts'

/** What files held before they were changed, among the artifacts. */
export function keptContent(store: string): KeptContent {
  return {
    keep: (key, content) => keepContent(store, key, content),
    read: (digest) => readContent(store, digest),
  }
}

function keepContent(store: string, key: string, content: Uint8Array): void {
  const digest = sha256(content)
  if (readContent(store, digest) !== undefined) return
  const { runId, number } = stepOf(key)
  const folder = runningFolder(store, runId)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // What a dead process left of the same step is written over.
  const draft = join(folder, `${number}.content`)
  writeFileSync(draft, content, { mode: 0o600 })
  const file = openSync(draft, 'r+')
  try {
    keep(file, draft, artifactPath(store, digest))
  } finally {
    closeSync(file)
  }
}

function readContent(store: string, digest: string): Uint8Array | undefined {
  try {
    const content = readFileSync(artifactPath(store, digest))
    return sha256(content) === digest ? content : undefined
  } catch {
    return undefined
  }
}
