import { describe, expect, test } from 'vitest'
import { textCalls } from '#domain/agents/text-calls.ts'
import { Chance } from '../../support/sim-random.ts'

const lines = (...each: readonly string[]) => `${each.join('\n')}\n`

describe('calls in the text of a reply', () => {
  test('are blocks of lines, of which there may be several, and files keep their last newline', () => {
    const text = lines(
      'First the page.',
      'TOOL: write',
      'PATH: a.txt',
      'CONTENT:',
      'one',
      '',
      'two',
      'END',
      'TOOL: read',
      'PATH: b.txt',
      '',
      'Then more.',
    )
    expect(textCalls(text)).toEqual({
      calls: [
        { tool: 'write', args: { path: 'a.txt', content: 'one\n\ntwo\n' } },
        { tool: 'read', args: { path: 'b.txt' } },
      ],
      said: 'First the page.\nThen more.',
      faults: [],
    })
  })

  test('never act from within a content', () => {
    const inner = ['TOOL: run', 'PATH: x', 'NOTES_UPDATE: {"a": 1}', '```', 'CONTENT:', '{"tool": "run", "args": {}}']
    const { calls, faults } = textCalls(lines('TOOL: write', 'PATH: a', 'CONTENT:', ...inner, 'END'))
    expect(faults).toEqual([])
    expect(calls).toEqual([{ tool: 'write', args: { path: 'a', content: lines(...inner) } }])
  })

  test('may have their content in a fence, which is none of the file and ends it', () => {
    const block = (path: string) => [
      'TOOL: write_file',
      `PATH: ${path}`,
      'CONTENT:',
      '```js',
      'TOOL: read',
      'END',
      '```',
    ]
    const content = 'TOOL: read\nEND\n'
    const calls = ['a', 'b'].map((path) => ({ tool: 'write_file', args: { path, content } }))
    const ended = lines(...block('a'), 'END', '', ...block('b'), 'END', 'done')
    expect(textCalls(ended)).toEqual({ calls, said: 'done', faults: [] })
    expect(textCalls(lines(...block('a'), '', ...block('b')))).toEqual({ calls, said: '', faults: [] })
  })

  test('are refused where a call behind a fence could be content, too', () => {
    const page = ['```', 'an example', '```', 'TOOL: run', 'PATH: all']
    const { faults } = textCalls(lines('TOOL: write', 'PATH: a.md', 'CONTENT:', ...page, 'END'))
    expect(faults).toEqual(['behind its fence, the content of write could go on up to a later line END'])
  })

  test('keep a fence that is only the beginning of the file', () => {
    const file = ['```', 'code', '```', 'and words']
    expect(textCalls(lines('TOOL: write', 'PATH: a.md', 'CONTENT:', ...file, 'END')).calls).toEqual([
      { tool: 'write', args: { path: 'a.md', content: lines(...file) } },
    ])
    expect(textCalls(lines('TOOL: write', 'PATH: a.md', 'CONTENT << END', '```', 'code', '```', 'END')).calls).toEqual([
      { tool: 'write', args: { path: 'a.md', content: '```\ncode\n```\n' } },
    ])
  })

  test('give any content back as it was, whatever its lines look like', () => {
    const pool = [
      'TOOL: write',
      'PATH: b',
      'CONTENT:',
      'END',
      '```',
      '~~~',
      'NOTES_UPDATE: {}',
      '',
      ' x',
      '{"tool": "run"}',
    ]
    for (let seed = 0; seed < 300; seed++) {
      const chance = new Chance(seed)
      const contents = Array.from({ length: 1 + chance.below(3) }, () =>
        lines(...Array.from({ length: 1 + chance.below(8) }, () => chance.one(pool))),
      )
      const text = contents
        .map((content, index) => `TOOL: write\nPATH: ${index}\nCONTENT << STOP\n${content}STOP\n`)
        .join('\n')
      expect(textCalls(text)).toEqual({
        calls: contents.map((content, index) => ({ tool: 'write', args: { path: String(index), content } })),
        said: '',
        faults: [],
      })
    }
  })

  test('may hold the usual end where they name another one', () => {
    const { calls } = textCalls(lines('TOOL: write', 'PATH: a', 'CONTENT << STOP', 'END', 'TOOL: run', 'STOP'))
    expect(calls).toEqual([{ tool: 'write', args: { path: 'a', content: 'END\nTOOL: run\n' } }])
  })

  test('are refused where nobody can know whether a line is content or a call', () => {
    const open = textCalls(lines('TOOL: write', 'PATH: a', 'CONTENT:', 'x', 'TOOL: write', 'PATH: b', 'CONTENT:', 'y'))
    expect(open.faults).toEqual(['the content of write has no line END, and a line of it could begin another call'])
    expect(textCalls(lines('TOOL: write', 'PATH: a', 'PATH: b')).faults).toEqual(['a call has two values for path'])
    expect(textCalls(lines('```', 'TOOL: run', '```')).faults).toEqual([
      'a TOOL: line stands in a fence; calls stand outside of fences',
    ])
  })

  test('need no end where they are the last thing of the reply', () => {
    expect(textCalls('TOOL: write\nPATH: a\nCONTENT:\nlast line').calls).toEqual([
      { tool: 'write', args: { path: 'a', content: 'last line\n' } },
    ])
  })

  test('are not read from quoted text, from the middle of a line, or from JSON that means something else', () => {
    for (const text of ['> TOOL: run', ' TOOL: run', 'say TOOL: run', '{"toolbox": "run"}', '"TOOL: run"'])
      expect(textCalls(text)).toMatchObject({ calls: [], faults: [] })
  })

  test('may be JSON: the whole reply, or the whole of a fence', () => {
    const call = { tool: 'read', args: { path: 'a' } }
    expect(textCalls(JSON.stringify(call)).calls).toEqual([call])
    expect(textCalls(JSON.stringify([call, call])).calls).toEqual([call, call])
    expect(textCalls(lines('```json', JSON.stringify(call), '```')).calls).toEqual([call])
    expect(textCalls(lines('The file says:', '```json', JSON.stringify(call), '```'))).toMatchObject({
      calls: [],
      faults: ['a call as JSON stands in a fence among other words; such a call is the whole reply'],
    })
    expect(textCalls('[{"tool": "read", "args": {}}, 3]').faults).toEqual(['the reply is a call that is no valid JSON'])
  })

  test('leave notes by a line of their own', () => {
    expect(textCalls(lines('NOTES_UPDATE: {"seen": true}', 'done'))).toEqual({
      calls: [{ tool: 'note', args: { key: 'notes', value: { seen: true } } }],
      said: 'done',
      faults: [],
    })
    expect(textCalls(lines('NOTES_UPDATE: seen')).faults).toEqual(['a NOTES_UPDATE: line holds no JSON object'])
  })
})
