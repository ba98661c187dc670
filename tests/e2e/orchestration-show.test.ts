import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'

checkLeaks()

const CONFIG = `
[agents.Scout]
command = ["sh", "-c", "echo '{\\"scout.files\\": 7}'"]
writes = ["scout.files"]
[agents.Person]
backend = "human"
instructions = "Look at it"
[orchestrations.look]
agents = ["Scout", "Person"]
[orchestrations.all]
agents = ["PlannerAgent", "BuilderAgent", "ReviewerAgent", "DocAgent"]
[jobs.bad]
command = ["sh", "-c", "exit 3"]
`

/** What stands on each line, without the times. */
function shownLines(place: TestPlace, stdout: string): readonly string[] {
  return place
    .tidy(stdout)
    .split('\n')
    .map((line) => line.replace(/ +\+[\d.ms]+(?= )/g, '').replace(/ +/g, ' '))
}

describe.skipIf(onWindows)('runs show of an orchestration', () => {
  test('tells each node, what happened in its order, and who wrote what', async () => {
    const place = given({ config: CONFIG })
    const { stderr } = await place.run(['orchestration', 'run', 'look', '--goal', 'see'])
    await place.run(['answer', /answer (\d+)/.exec(stderr)?.[1] ?? '', 'done'])
    await place.untilStatus('succeeded')
    const { stdout, exit } = await place.run(['runs', 'show', 'look'])
    expect(exit).toBe(0)
    expect(shownLines(place, stdout)).toEqual([
      'look · succeeded after <t> · <time> · <run>',
      'goal: see',
      ' ok scout Scout command <t> wrote scout.files',
      expect.stringMatching(/^ ok person Person human <t> done by person:/),
      '',
      'timeline',
      ' run begins',
      ' scout begins (Scout, command)',
      expect.stringMatching(/^ scout run sh -c echo '\{"scout.files": 7\}' · <t>$/),
      ' scout ok after <t>: wrote scout.files',
      ' person begins (Person, human)',
      ' person asks: Look at it (goal: see) (done | failed)',
      ' run waits',
      expect.stringMatching(/^ person answered: done \(by person:.*\)$/),
      ' run goes on',
      expect.stringMatching(/^ person ok after <t>: done by person:/),
      ' run succeeded',
      '',
      'context',
      ' goal run see',
      ' scout.files scout (Scout) 7',
      '',
    ])
  })

  test('gives a verdict with its reasons, and says why the rest was left out', async () => {
    const place = given()
    place.configure(
      `${CONFIG}[tasks.site]\nrepo = "external"\nworking_dir = "${place.directory}"\ncommand = ["sh", "-c", "echo x > page"]\noutputs = ["page"]\nchecks = [["test", "-e", "nope"]]\n`,
    )
    await place.run(['orchestration', 'run', 'all', '--task', 'site'])
    const lines = shownLines(place, (await place.run(['runs', 'show', 'all'])).stdout)
    expect(lines).toContain(' - doc DocAgent skipped: reviewer did not succeed')
    const verdicts = lines.indexOf('verdicts')
    expect(lines.slice(verdicts + 1, verdicts + 4)).toEqual([
      ' reviewer rejected (ReviewerAgent, command)',
      ' checks failed: test -e nope',
      ' - check "test -e nope" of task site ended with exit code 1',
    ])
    expect(lines).toContain(' reviewer check test -e nope · FAIL · <t> · the command ended with exit code 1 after <t>')
    expect(lines).toContain(' doc - skipped: reviewer did not succeed')
  })

  test('tells where it stands as long as it goes on', async () => {
    const place = given({ config: CONFIG })
    await place.run(['orchestration', 'run', 'look'])
    const lines = shownLines(place, (await place.run(['runs', 'show', 'look'])).stdout)
    expect(lines).toContain(' run person Person human')
    expect(lines.at(-2)).toMatch(/^ \? (\d+) Look at it orchastration answer \1 done \| failed$/)
    const { orchestration } = await place.json(['runs', 'show', 'look'])
    expect(orchestration).toMatchObject({
      nodes: [
        { id: 'scout', status: 'success' },
        { id: 'person', status: 'running', ended_at: null },
      ],
      context: [{ key: 'scout.files', value: 7, writer: 'Scout', step: 'scout', at: expect.any(Number) }],
    })
  })

  test('of jobs has no course of an orchestration', async () => {
    const place = given({ config: CONFIG })
    await place.run(['run', 'bad'])
    expect((await place.json(['runs', 'show', 'bad']))['orchestration']).toBeNull()
  })
})
