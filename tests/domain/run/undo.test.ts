import { describe, expect, test } from 'vitest'
import type { RunEvent } from '#domain/run/event.ts'
import type { FileChange } from '#domain/run/file-change.ts'
import { changesOf } from '#domain/run/undo.ts'

/** The events of steps of these nodes, each of which changed a file from one content to another. */
function changed(...steps: readonly (readonly [node: string, path: string, from: string | null, to: string | null])[]) {
  return steps.flatMap(([node, path, before, sha256], index) => {
    const number = index + 1
    const output: FileChange = {
      path,
      root: '/ws',
      bytes: 1,
      sha256,
      before,
      mode: 0o644,
      made: before === null ? ['new'] : [],
    }
    const started = {
      type: 'step.started',
      body: { number, activity: 'tool', name: 'x', input: { node, tool: 'write' } },
    }
    const ended = {
      type: 'step.succeeded',
      body: { number, activity: 'tool', name: 'x', output: { ok: true, ...output } },
    }
    return [started, ended] as unknown as readonly RunEvent[]
  })
}

const file = (path: string, found: string | null, left: string | null) => ({ path, found, left })

describe('what a run changed', () => {
  test('is undone in reverse, one step a file where its changes follow from one another', () => {
    const { files, nodes } = changesOf(changed(['a', 'x', '1', '2'], ['b', 'y', null, '5'], ['a', 'x', '2', '3']))
    expect(files).toMatchObject([file('x', '1', '3'), { ...file('y', null, '5'), made: ['new'] }])
    expect(nodes).toEqual(['a', 'b'])
  })

  test('counts the commands that ran, and none that an agent was refused', () => {
    const asked = (number: number, output: object) =>
      [
        { type: 'step.started', body: { number, activity: 'tool', name: 'x', input: { node: 'a', tool: 'run' } } },
        { type: 'step.succeeded', body: { number, activity: 'tool', name: 'x', output } },
      ] as unknown as readonly RunEvent[]
    const refused = asked(1, { ok: false, error: 'unknown_command', message: '' })
    expect(changesOf([...refused, ...asked(2, { ok: true, exit: 1 })]).others).toBe(1)
    // Of one that was cut off nobody knows what it did.
    expect(changesOf(asked(3, { ok: true }).slice(0, 1)).others).toBe(1)
  })

  test('stays apart where somebody else wrote between two changes', () => {
    const { files } = changesOf(changed(['a', 'x', '1', '2'], ['a', 'x', '9', '3']))
    expect(files).toMatchObject([file('x', '9', '3'), file('x', '1', '2')])
  })

  test('is that of one node where one is named', () => {
    const events = changed(['a', 'x', '1', '2'], ['b', 'x', '2', '3'], ['b', 'y', '4', '5'])
    expect(changesOf(events, 'b').files).toMatchObject([file('y', '4', '5'), file('x', '2', '3')])
    expect(changesOf(events, 'c')).toMatchObject({ files: [], nodes: ['a', 'b'] })
  })

  test('is nothing where a step left a file as it was, or was refused', () => {
    const refused = {
      type: 'step.succeeded',
      body: { number: 9, activity: 'tool', name: 'x', output: { ok: false, error: 'outside', message: '' } },
    }
    expect(changesOf([...changed(['a', 'x', '1', '1']), refused as unknown as RunEvent]).files).toEqual([])
  })
})
