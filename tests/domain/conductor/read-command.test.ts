import { describe, expect, test } from 'vitest'
import type { SteeringCommand } from '#domain/conductor/command.ts'
import { VERBS } from '#domain/conductor/command-forms.ts'
import { wordsOf } from '#domain/conductor/command-words.ts'
import { readCommand } from '#domain/conductor/read-command.ts'
import { runCommands } from '#surfaces/cli/commands/runs.ts'

const GRAPH = {
  nodes: [
    { id: 'planner', role: 'PlannerAgent', needs: [] },
    { id: 'builder', role: 'BuilderAgent', needs: ['planner'] },
    { id: 'pack', needs: ['builder'] },
  ],
}

const read = (...words: string[]) => readCommand({ words }, GRAPH)

const COMMANDS: readonly (readonly [words: readonly string[], command: SteeringCommand])[] = [
  [['continue'], { do: 'continue', node: null }],
  [['continue', 'builder'], { do: 'continue', node: 'builder' }],
  [['pause'], { do: 'pause' }],
  [['stop'], { do: 'stop' }],
  [['stop', '--reason', "it's enough"], { do: 'stop', reason: "it's enough" }],
  [['skip', 'pack'], { do: 'skip', node: 'pack' }],
  [['skip', 'BuilderAgent'], { do: 'disable', role: 'BuilderAgent' }],
  [['drop', 'builder'], { do: 'drop', node: 'builder' }],
  [['repeat', 'builder'], { do: 'repeat', node: 'builder' }],
  [['disable', 'planner'], { do: 'disable', role: 'PlannerAgent' }],
  [['enable', 'BuilderAgent'], { do: 'enable', target: { role: 'BuilderAgent' } }],
  [['enable', 'pack'], { do: 'enable', target: { node: 'pack' } }],
  [
    ['patch', 'builder', '--append=Use tabs.\nOnly tabs.', '--once'],
    { do: 'patch', target: { node: 'builder' }, how: 'append', text: 'Use tabs.\nOnly tabs.', once: true },
  ],
  [
    ['patch', 'PlannerAgent', '--replace', '--once'],
    { do: 'patch', target: { role: 'PlannerAgent' }, how: 'replace', text: '--once', once: false },
  ],
  [['clear', 'builder'], { do: 'clear', target: { node: 'builder' } }],
  [['backend', 'builder', 'human'], { do: 'backend', target: { node: 'builder' }, backend: 'human' }],
  [['temperature', 'BuilderAgent', '0.7'], { do: 'temperature', target: { role: 'BuilderAgent' }, temperature: 0.7 }],
  [
    ['limit', 'builder', 'replies=3', 'timeout_seconds=60'],
    { do: 'limit', target: { node: 'builder' }, limits: { replies: 3, timeout_seconds: 60 } },
  ],
  [['set', 'notes.style', 'short'], { do: 'set', key: 'notes.style', value: 'short' }],
  [['set', 'plan.tasks', 'site'], { do: 'set', key: 'plan.tasks', value: ['site'] }],
  [['set', 'limits', '--as-json', '{"a":[1]}'], { do: 'set', key: 'limits', value: { a: [1] } }],
  [['approve', 'builder'], { do: 'approve', node: 'builder' }],
  [['reject', 'builder', '--reason', 'no'], { do: 'reject', node: 'builder', reason: 'no' }],
  [['snapshot', 'before-review'], { do: 'snapshot', name: 'before-review' }],
]

test('the help of the command line names every command', () => {
  const { arguments: [, command] = [] } = runCommands.find(({ name }) => name === 'runs steer') ?? {}
  for (const verb of VERBS) expect(command?.summary).toContain(verb)
})

describe('the words of a command', () => {
  test.each(COMMANDS)('%j', (words, command) => {
    expect(read(...words)).toEqual({ ok: true, value: command })
  })

  test.each(COMMANDS)('%j can be said again by a shell', (_, command) => {
    const words = wordsOf(command).match(/'(?:[^']|'\\'')*'|\S+/g) ?? []
    const plain = words.map((word) => (word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word))
    expect(read(...plain)).toEqual({ ok: true, value: command })
  })

  test.each([
    [[], 'missing', ''],
    [['fly'], 'unknown_command', 'fly'],
    [['skip'], 'missing', 'skip'],
    [['skip', 'nobody'], 'unknown_target', 'nobody'],
    [['disable', 'pack'], 'unknown_target', 'pack'],
    [['drop', 'PlannerAgent'], 'unknown_target', 'PlannerAgent'],
    [['pause', 'builder'], 'unexpected', 'builder'],
    [['pause', '--once'], 'unexpected', '--once'],
    [['pause', '--ones'], 'unexpected', '--ones'],
    [['patch', 'builder'], 'missing', 'patch'],
    [['patch', 'builder', '--append', 'a', '--replace', 'b'], 'missing', 'patch'],
    [['patch', 'builder', '--append'], 'missing', '--append'],
    [['temperature', 'builder', '3'], 'bad_value', '3'],
    [['temperature', 'builder', 'hot'], 'bad_value', 'hot'],
    [['limit', 'builder', 'tries=3'], 'bad_value', 'tries=3'],
    [['limit', 'builder', 'replies=0'], 'bad_value', 'builder replies=0'],
    [['snapshot', '../x'], 'bad_value', '../x'],
    [['set', 'Goal', 'x'], 'bad_value', 'Goal'],
    [['set', 'goal'], 'missing', 'set'],
    [['set', 'goal', '--as-json', '{'], 'bad_value', '{'],
    [['set', 'plan.tasks', '--as-json', '"x"'], 'bad_value', '"x"'],
    [['backend', 'builder', 'gpt'], 'bad_value', 'gpt'],
    [['backend', 'pack', 'human'], 'bad_value', 'pack'],
    [['patch', 'pack', '--append', 'a'], 'bad_value', 'pack'],
  ])('%j is a mistake, and says which', (words, problem, word) => {
    expect(read(...words)).toMatchObject({ ok: false, error: { problem, word } })
  })

  test('a value may be several words, as people type them', () => {
    expect(read('set', 'goal', 'mend', 'the', 'tests')).toEqual({
      ok: true,
      value: { do: 'set', key: 'goal', value: 'mend the tests' },
    })
  })

  test('what is nearly right is named', () => {
    expect(read('skp', 'builder')).toMatchObject({ error: { nearest: 'skip' } })
    expect(read('skip', 'bilder')).toMatchObject({ error: { nearest: 'builder' } })
  })
})
