import { describe, expect, test } from 'vitest'
import { CONDUCTOR_STEP, OrchContext } from '#domain/context/orch-context.ts'
import { placedEdits } from '#domain/context/placed-edits.ts'

describe('values that are put into a context', () => {
  test('stand behind all that had begun before them, and before what begins after them', () => {
    const edit = (entry: string, ...later: readonly string[]) => ({
      entry,
      isBefore: (other: string) => later.includes(other),
    })
    expect(placedEdits(['a', 'b', 'c'], [edit('1', 'b', 'c'), edit('2', 'c')])).toEqual(['a', '1', 'b', '2', 'c'])
    expect(placedEdits(['a', 'b', 'c'], [edit('1', 'a')])).toEqual(['b', 'c', '1', 'a'])
    expect(placedEdits(['a'], [])).toEqual(['a'])
  })

  test('take the place of what stands before them, of a whole list, too, which grows on from there', () => {
    const wrote = (step: string, outputs: readonly string[]) => ({
      writer: step,
      step,
      writes: { 'build.outputs': outputs, word: step },
    })
    const before = OrchContext.start({}).with([wrote('a', ['x']), wrote(CONDUCTOR_STEP, ['y'])])
    expect(before.values).toEqual({ 'build.outputs': ['y'], word: CONDUCTOR_STEP })
    expect(before.with([wrote('b', ['z'])]).values).toEqual({ 'build.outputs': ['y', 'z'], word: 'b' })
  })
})
