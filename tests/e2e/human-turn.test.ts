import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { until } from '../support/given-place.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const CONFIG = `
[agents.Teller]
backend = "human"
output = "text"
instructions = "Tell a story"
writes = ["story"]
[agents.Filler]
backend = "human"
instructions = "Fill the form"
writes = ["form.size", "form.colour"]
[orchestrations.tell]
agents = ["Teller"]
[orchestrations.fill]
agents = ["Filler"]
[orchestrations.plan]
agents = ["PlannerAgent"]
[orchestrations.review]
agents = ["ReviewerAgent"]
[jobs.lint]
command = ["true"]
`

/** The number of the only open question, with its text. */
async function asked(place: TestPlace): Promise<readonly [number: string, text: string]> {
  const { stdout } = await place.run(['inbox'])
  const [, number = '', text = ''] = /^(\d+) {2}\S+ asks: (.*)$/m.exec(stdout) ?? []
  return [number, text]
}

async function answer(place: TestPlace, choice: string, text?: string): Promise<string> {
  const [number, question] = await asked(place)
  expect((await place.run(['answer', number, choice, ...(text === undefined ? [] : ['--text', text])])).exit).toBe(0)
  return question
}

const writes = (place: TestPlace) => place.events('node.ended').at(-1)?.body['writes']
const run = (name: string, ...more: readonly string[]) => ['orchestration', 'run', name, '--backend', 'human', ...more]

/** Whether the run asks once more: who answered has set it going in the background. */
async function untilAsked(place: TestPlace, text: string): Promise<void> {
  const texts = () => place.events('wait.opened').map(({ body }) => JSON.stringify(body['question']))
  await until(() => texts().some((each) => each.includes(text)), `somebody is asked: ${text}`)
  const [, question] = await asked(place)
  expect(question).toContain(text)
}

describe.skipIf(onWindows)('a person who takes a turn', () => {
  test('writes what the role is for, and is asked again where that is missing', async () => {
    const place = given({ config: CONFIG })
    expect((await place.run(run('tell'))).exit).toBe(3)
    const [first] = await asked(place)
    expect(await answer(place, 'done')).toBe('Tell a story (answer done with --text, which is what it writes)')
    const questions = () => place.events('wait.opened').filter(({ body }) => body['question'] !== null)
    await until(() => questions().length > 1, 'somebody is asked again')
    expect((await asked(place))[0]).not.toBe(first)
    await answer(place, 'done', 'Once upon a time')
    await place.untilStatus('succeeded')
    expect(writes(place)).toEqual({ story: 'Once upon a time' })
    expect((await place.run(['verify'])).exit).toBe(0)
  })

  test('says the words behind the choice where it is asked on the terminal', async () => {
    const place = given({ config: CONFIG })
    const told = onTerminal(place, run('tell'))
    await told.until('done | failed: ')
    told.type('a story\r')
    await told.until('"a story" is no answer to question')
    await told.until('choices: done, failed')
    told.type('done --text "Once upon"\r')
    await told.until('orchestration=tell status=success')
    expect(await told.exit).toBe(0)
    expect(writes(place)).toEqual({ story: 'Once upon' })
    const filled = onTerminal(place, run('fill'))
    await filled.until('answer done with --text and a JSON object of: form.size, form.colour')
    await filled.until('done | failed: ')
    filled.type('done {"form.size": 3}\r')
    await filled.until('orchestration=fill status=success')
    expect(writes(place)).toEqual({ 'form.size': 3 })
  })

  test('gives values by their keys, and none but those that the role declares', async () => {
    const place = given({ config: CONFIG })
    await place.run(run('fill'))
    await answer(place, 'done', '{"form.size": 3, "review.status": "passed"}')
    await untilAsked(place, 'it does not write review.status')
    await answer(place, 'done', '{"form.size": 3}')
    await place.untilStatus('succeeded')
    expect(writes(place)).toEqual({ 'form.size': 3 })
  })

  test('plans in lines', async () => {
    const place = given({ config: CONFIG })
    await place.run(run('plan', '--goal', 'a page'))
    expect(await answer(place, 'done', 'lint: no findings\npage: it is there\n')).toContain('(goal: a page)')
    await place.untilStatus('succeeded')
    expect(writes(place)).toMatchObject({
      'plan.tasks': ['lint', 'page'],
      'plan.items': [
        { name: 'lint', kind: 'job', criteria: ['no findings'] },
        { name: 'page', kind: 'work', criteria: ['it is there'] },
      ],
    })
  })

  test('judges in words, and is told how the declared checks ended', async () => {
    const place = given({ config: CONFIG })
    const task = `[tasks.site]\nrepo = "external"\nworking_dir = ${JSON.stringify(place.directory)}\ncommand = ["true"]\nchecks = [["true"]]\n`
    place.configure(CONFIG + task)
    await place.run(run('review', '--task', 'site'))
    expect(await answer(place, 'rejected', 'the title is missing')).toContain('(checks: ')
    await place.untilStatus('failed')
    expect(place.events('node.ended')[0]?.body).toMatchObject({
      status: 'rejected',
      writes: { 'review.status': 'rejected', 'review.findings': ['the title is missing'] },
    })
    expect(String(place.events('node.ended')[0]?.body['message'])).toMatch(
      /^rejected by person:.*: the title is missing$/,
    )
  })
})
