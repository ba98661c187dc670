import { expect, test } from 'vitest'
import type { Json } from '#base/json.ts'
import { maskOf } from '#base/masker.ts'
import { exposedAt } from '#domain/definition/exposed-secret.ts'

const mask = maskOf(['hush-hush'])

test.each<readonly [at: string | undefined, value: Json | undefined]>([
  [undefined, undefined],
  [undefined, null],
  [undefined, { a: 1, b: true, c: ['x', null], d: { e: 'hush' } }],
  ['a', { a: 'say hush-hush now' }],
  ['a.b', { x: 'fine', a: { b: ['fine', 'hush-hush'] } }],
  ['a', { a: Buffer.from('user:hush-hush').toString('base64') }],
  ['env', { env: { 'hush-hush': '1' } }],
  ['first', { first: 'hush-hush', second: 'hush-hush' }],
])('it stands at %s', (at, value) => {
  expect(exposedAt(value, mask)).toBe(at)
})
