import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { signingKey } from '#adapters/keys/signing-key.ts'
import { saltedDigest, sha256 } from '#base/digest.ts'
import { CHAIN_START, eventHash } from '#domain/proof/chain.ts'
import { checkpointText, KEY_NAME, parseNote } from '#domain/proof/checkpoint.ts'
import { headerLine, noteLine, readHeader, readLine } from '#domain/proof/export-line.ts'
import { isSealing } from '#domain/proof/sealing.ts'
import { VERDICT_EXITS } from '#domain/proof/verdict.ts'

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/log-format.md', import.meta.url)), 'utf8')
const [header = '', eventText = '', noteText = ''] = fenced('jsonl').split('\n')
const read = readLine(eventText)
const event = typeof read !== 'string' && read.kind === 'event' ? read.event : undefined

describe('the worked example of docs/log-format.md', () => {
  test('has the genesis hash that the chain begins with', () => {
    expect(fenced('genesis')).toBe(CHAIN_START.hash)
    expect(sha256('orchastration.event/1')).toBe(CHAIN_START.hash)
  })

  test('has the digest of its salt and body', () => {
    expect(event?.body).toBe(fenced('body'))
    expect(PAGE).toContain(`the salt \`${event?.salt}\``)
    expect(saltedDigest(event?.salt ?? '', fenced('body'))).toBe(fenced('body_digest'))
  })

  test('has the hash of the bytes that it shows', () => {
    expect(sha256(fenced('preimage'))).toBe(fenced('hash'))
    expect(event && eventHash(event)).toBe(fenced('hash'))
  })

  test('shows a checkpoint that its key has signed', async () => {
    const key = await signingKey('/nowhere').verifierOf(`${fenced('key')}\n`)
    const note = parseNote(`${fenced('note')}\n`)
    if (!note.ok) throw new Error(note.error)
    expect(note.value.checkpoint).toEqual({
      store: '01kab7d6s9f3v2m8qxw5r4t0ez',
      size: 1,
      hash: event?.hash,
      at: event?.at,
    })
    expect(checkpointText(note.value.checkpoint)).toBe(note.value.text)
    expect(key?.keyHash).toBe(note.value.keyHash)
    expect(PAGE).toContain(`the key hash \`${key?.keyHash}\``)
    expect(note.value.text).toMatch(new RegExp(`^${KEY_NAME}/`))
    expect(key?.verify(note.value.text, note.value.signature)).toBe(true)
  })

  test('is the export that these lines write', () => {
    const parsed = readHeader(header)
    expect(typeof parsed === 'string' ? parsed : headerLine(parsed)).toBe(header)
    expect(noteText).toBe(noteLine({ size: 1, note: `${fenced('note')}\n` }))
  })

  test('lists the events that a checkpoint follows, and the exit codes', () => {
    const named = /each event of type ([^;]*) is followed/s.exec(PAGE)?.[1]?.match(/run\.\w+/g) ?? []
    expect(named).toHaveLength(7)
    expect(named.every(isSealing)).toBe(true)
    expect(['run.queued', 'run.started', 'step.succeeded', 'store.created'].some(isSealing)).toBe(false)
    for (const [state, exit] of Object.entries(VERDICT_EXITS)) {
      expect(PAGE).toMatch(new RegExp(`\\| ${exit} \\| ${state.replace('_', ' ')}`))
    }
  })

  test('never says that a log could not be tampered with', () => {
    expect(PAGE).not.toMatch(/tamper-?proof/i)
  })
})

function fenced(name: string): string {
  return new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\\n\`\`\``).exec(PAGE)?.[1] ?? ''
}
