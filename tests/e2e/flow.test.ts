import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

describe.skipIf(onWindows)("a flow in Orket's files", () => {
  test('is shown as the graph that it comes to, wherever the program is', async () => {
    const place = given()
    await place.gives(['orchestration', 'explain', '--flow', 'standard', '--workspace', 'out'], {
      stdout: `standard - Design a small program, write it file by file, and review it
  architect  architect
  coder      coder      after architect
  coder-2    coder      after coder
  coder-3    coder      after coder-2
  reviewer   reviewer   after coder-3

flow        configs/flows/standard/flow.json
task        Write a small command-line program that greets whoever it is told to, with a page that says how to use it.
workspace   <work>/out
domain      <work>
may read    workspace, reference, domain
may write   workspace
role        architect: tools read, list; model qwen3-coder, temperature 0.2, seed 7
role        coder: tools read, write, list; model qwen3-coder, temperature 0.2, seed 7
role        reviewer: tools read, list; must read; model qwen3-coder, temperature 0.2, seed 7
`,
      exit: 0,
    })
    expect((await place.run(['orchestration', 'explain', '--flow', 'standard', '--mermaid'])).stdout).toContain(
      '  coder --> coder-2\n',
    )
  })

  test('with mistakes is told with each of them at its place', async () => {
    const place = given()
    place.write('f.json', '{\n  "name": "f",\n  "bnd": "b"\n}\n')
    await place.gives(['orchestration', 'explain', '--flow', 'f.json'], {
      stderr: [
        'flow "f.json": 2 problems, nothing was run',
        '',
        '  <work>/f.json:1:1',
        '  1 | {',
        '    | ^ "score" is missing at the top of the file; it, or "sequence", is expected',
        '',
        '  <work>/f.json:3:3',
        '  3 |   "bnd": "b"',
        '    |   ^^^^^ unknown key at the top of the file; did you mean "band"?',
        '',
      ].join('\n'),
      exit: 2,
    })
  })
})
