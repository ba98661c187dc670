import { expect, test } from 'vitest'
import { Turns } from '#adapters/terminal/turns.ts'

const never = new AbortController().signal

test('one has it at a time, in the order in which they asked', async () => {
  const turns = new Turns()
  const order: string[] = []
  const first = await turns.take(never)
  const take = async (name: string) => {
    const end = await turns.take(never)
    order.push(name)
    end?.()
  }
  const others = Promise.all([take('b'), take('c')])
  await Bun.sleep(0)
  order.push('a')
  first?.()
  await others
  expect(order).toEqual(['a', 'b', 'c'])
})

test('who gives up waiting is passed over', async () => {
  const turns = new Turns()
  const first = await turns.take(never)
  const gaveUp = new AbortController()
  const second = turns.take(gaveUp.signal)
  const third = turns.take(never)
  gaveUp.abort()
  expect(await second).toBeUndefined()
  first?.()
  expect(await third).toBeTypeOf('function')
})

test('who has given up before asks in vain, and stands in nobody’s way', async () => {
  const turns = new Turns()
  const first = await turns.take(never)
  expect(await turns.take(AbortSignal.abort())).toBeUndefined()
  first?.()
  expect(await turns.take(never)).toBeTypeOf('function')
})
