import { describe, expect, test } from 'vitest'
import { Script, ScriptPlayer } from '#domain/agents/script.ts'

const player = (replies: readonly unknown[]) => new ScriptPlayer(Script.parse({ replies }))
const texts = (script: ScriptPlayer, who: { node: string; role: string; item?: number }, count: number) =>
  Array.from({ length: count }, () => script.next({ item: null, ...who })?.reply.text)

describe('a script', () => {
  test('gives each step its own replies in their order, whatever others do in between', () => {
    const script = player([
      { agent: 'a', text: 'a1' },
      { agent: 'b', text: 'b1' },
      { agent: 'a', text: 'a2' },
    ])
    expect(texts(script, { node: 'a', role: 'X' }, 1)).toEqual(['a1'])
    expect(texts(script, { node: 'b', role: 'X' }, 2)).toEqual(['b1', undefined])
    expect(texts(script, { node: 'a', role: 'X' }, 2)).toEqual(['a2', undefined])
  })

  test('may name a role in any of its forms; what names the step counts before', () => {
    const script = player([
      { agent: 'BuilderAgent', text: 'role' },
      { agent: 'builder-2', text: 'step' },
    ])
    expect(texts(script, { node: 'builder', role: 'BuilderAgent' }, 1)).toEqual(['role'])
    expect(texts(script, { node: 'builder-2', role: 'BuilderAgent' }, 1)).toEqual(['step'])
    expect(texts(player([{ agent: 'make', text: 'x' }]), { node: 'ship/make', role: 'BuilderAgent' }, 1)).toEqual(['x'])
    expect(texts(player([{ agent: 'builder', text: 'x' }]), { node: 'make', role: 'BuilderAgent' }, 1)).toEqual(['x'])
  })

  test('gives each of a list all replies that are for no other one', () => {
    const script = player([
      { agent: 'a', item: 1, text: 'second' },
      { agent: 'a', text: 'each' },
    ])
    expect(texts(script, { node: 'a', role: 'X', item: 0 }, 2)).toEqual(['each', undefined])
    expect(texts(script, { node: 'a', role: 'X', item: 1 }, 2)).toEqual(['second', 'each'])
  })

  test('has faults, delays and the place of each reply', () => {
    const script = player([{ agent: 'a', fault: 'rate_limited', times: 2, delay: '1m30s' }])
    expect(script.next({ node: 'a', role: 'X', item: null })).toEqual({
      number: 1,
      reply: { text: '', calls: [], output: null },
      fault: 'rate_limited',
      times: 2,
      delay_ms: 90_000,
    })
  })

  test('is refused with keys that nobody reads', () => {
    expect(Script.safeParse({ replies: [{ agent: 'a', txt: 'x' }] }).success).toBe(false)
    expect(Script.safeParse({ replies: [] }).success).toBe(false)
  })
})
