import { expect, test } from 'vitest'
import { alternatives, count, grouped } from '#base/text.ts'

test('numbers of more than three digits are written in groups, wherever people read them', () => {
  expect([0, 999, 1000, 48_211, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '48,211', '1,234,567'])
  expect([count(1, 'event'), count(2963, 'event')]).toEqual(['1 event', '2,963 events'])
})

test('alternatives stay on one line, whatever their texts hold', () => {
  expect(alternatives(['\u001b[2Jyes', 'no\n99  release asks: Deploy?'])).toBe('␛[2Jyes | no␊99  release asks: Deploy?')
})
