import { describe, expect, test } from 'vitest'
import type { NodeState } from '#domain/run/node-state.ts'
import { type GraphShown, graphLines } from '#surfaces/cli/graph-region.ts'
import { widthOfText } from '#surfaces/cli/terminal-text.ts'

const SIZE = { columns: 80, rows: 24 }

function node(id: string, status: NodeState['status'], rest: Partial<NodeState> = {}): NodeState {
  const times = { started_at: status === 'waiting' ? null : 0, ended_at: status === 'success' ? 900 : null }
  const backend = status === 'waiting' ? null : 'scripted'
  return { id, name: 'Coder', backend, round: 1, item: null, status, message: '', ...times, ...rest }
}

function shown(nodes: readonly NodeState[], rest: Partial<GraphShown> = {}): GraphShown {
  return {
    nodes,
    among: nodes,
    now: 1200,
    doing: ({ id }) => ({ number: 7, action: `write src/${id}.ts` }),
    needs: (id) => (id === 'last' ? ['first', 'second'] : []),
    items: () => undefined,
    questions: [],
    tail: ({ id }, most) => Array.from({ length: Math.min(most, 2) }, (_, line) => `${id} line ${line}`),
    ...rest,
  }
}

const ask = (text: string) => ({ number: 7, asker: 'first', text, choices: ['yes', 'no'] })

describe('what moves while an orchestration goes on', () => {
  test('is what each node does, with which backend, what comes next, and how far all is', () => {
    const nodes = [
      node('zero', 'success'),
      node('first', 'running'),
      node('second', 'running'),
      node('last', 'waiting'),
    ]
    expect(graphLines(shown(nodes), SIZE)).toEqual([
      '  run   first   Coder  scripted    1.2s   write src/first.ts',
      '        | first line 0',
      '        | first line 1',
      '  run   second  Coder  scripted    1.2s   write src/second.ts',
      '        | second line 0',
      '        | second line 1',
      '  -     last    Coder                     after first, second',
      '  1 of 4 done · 2 at work',
    ])
  })

  test('tells rounds apart, and counts a node that is done again as not done', () => {
    const nodes = [node('first', 'success'), node('first', 'running', { round: 2 })]
    expect(graphLines(shown(nodes), SIZE)).toEqual([
      '  run   first round 2  Coder  scripted    1.2s   write src/first.ts',
      '        | first line 0',
      '        | first line 1',
      '  0 of 1 done · 1 at work',
    ])
  })

  test('counts items and nodes within other ones as part of theirs', () => {
    const items = [0, 1, 2].map((item) => node('each', item < 2 ? 'running' : 'success', { item }))
    const nodes = [node('each', 'running'), ...items, node('inner', 'running'), node('inner/deep', 'running')]
    const quiet = { tail: () => [], doing: () => undefined }
    const lines = graphLines(shown(nodes, { ...quiet, items: () => 3 }), SIZE)
    expect(lines[0]).toMatch(/^ {2}run {3}each .* 1 of 3 items done$/)
    expect(lines[1]).toMatch(/^ {2}run {3}each item 1 /)
    expect(lines.at(-1)).toBe('  0 of 2 done · 2 at work')
    expect(graphLines(shown(nodes, quiet), SIZE)[0]).toMatch(/ 1 item done$/)
  })

  test('has the questions with the commands that answer them', () => {
    const lines = graphLines(shown([node('first', 'running')], { questions: [ask('May I?')], tail: () => [] }), SIZE)
    expect(lines.slice(1)).toEqual([
      '  ?  7  first asks: May I?   orchastration answer 7 yes | no',
      '  0 of 1 done · 1 at work · 1 question',
    ])
    const long = graphLines(shown([], { questions: [ask(`May I ${'really '.repeat(20)}?`)] }), SIZE)
    expect(long[1]).toBe('        orchastration answer 7 yes | no')
  })

  test('names the nodes that come next as far as there is room', () => {
    const nodes = [node('first', 'running'), ...Array.from({ length: 50 }, (_, index) => node(`n${index}`, 'waiting'))]
    const lines = graphLines(shown(nodes, { tail: () => [] }), SIZE)
    expect(lines.at(-2)).toBe('  -     45 more nodes')
    expect(lines).toHaveLength(8)
  })

  test.each([
    [80, 24],
    [80, 6],
    [40, 10],
    [30, 24],
    [20, 8],
    [14, 5],
  ])('keeps to a terminal of %i columns and %i rows', (columns, rows) => {
    const nodes = Array.from({ length: 300 }, (_, index) => node(`node-${index}`, index < 200 ? 'running' : 'waiting'))
    const questions = [ask('May I?'), ask('And 日本語 日本語 日本語 日本語?')]
    const lines = graphLines(shown(nodes, { questions }), { columns, rows })
    expect(lines.length).toBeLessThanOrEqual(rows - 2)
    expect(Math.max(...lines.map(widthOfText))).toBeLessThan(columns)
  })

  test('is one line where nobody knows the size, and nothing where nothing moves', () => {
    const nodes = [node('first', 'running'), node('second', 'running')]
    const size = { columns: 0, rows: 0 }
    expect(graphLines(shown(nodes), size)).toEqual(['  run   first       1.2s · second 1.2s'])
    expect(graphLines(shown([node('first', 'success')]), SIZE)).toEqual([])
  })
})
