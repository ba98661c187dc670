import { describe, expect, test } from 'vitest'
import { onWindows } from '../support/binary.ts'
import { checkLeaks, given, type TestPlace } from '../support/given.ts'
import { onTerminal } from '../support/terminal.ts'

checkLeaks()

const BAND = `
[agents.Ann]
backend = "scripted"
instructions = "Own words."
reads = ["goal"]
[agents.Bob]
backend = "scripted"
[orchestrations.band]
agents = ["Ann", "Bob"]
script = "replies.json"
`

const says = (agent: string) => ({ agent, text: 'done' })
const REPLIES = { replies: [says('ann'), says('ann'), says('bob'), says('bob')] }

interface Case {
  readonly say: readonly string[]
  /** How each step ended. */
  readonly ends: readonly string[]
  readonly status?: string
  /** What the last turn of the first step was asked with. */
  readonly asked?: readonly RegExp[]
  readonly not?: RegExp
}

/** Every command that is about steps and the run's course, some of them together. */
const CASES: readonly Case[] = [
  {
    say: [
      'patch ann --append "More words."',
      'temperature Ann 0.25',
      'limit ann max_reply_bytes=4321',
      'set goal fame',
    ],
    ends: ['ann success', 'bob success'],
    asked: [/Own words\.\\n\\nMore words\./, /"temperature":0\.25/, /"max_reply_bytes":4321/, /fame/],
  },
  {
    say: ['patch Ann --replace "Other words."', 'snapshot here', 'repeat ann'],
    ends: ['ann success', 'ann success', 'bob success'],
    asked: [/Other words\./],
    not: /Own words/,
  },
  {
    say: ['patch ann --append "Once." --once', 'repeat ann', 'drop bob'],
    ends: ['ann success', 'ann success', 'bob skipped'],
    asked: [/Own words/],
    not: /Once/,
  },
  { say: ['patch ann --append Not.', 'clear ann', 'disable Bob'], ends: ['ann success', 'bob skipped'], not: /Not\./ },
  { say: ['disable Bob', 'enable Bob', 'skip ann'], ends: ['ann skipped', 'bob success'] },
  { say: ['skip Ann', 'backend bob command'], ends: ['ann skipped', 'bob failed'], status: 'failed' },
  { say: ['stop --reason enough'], ends: ['ann skipped', 'bob skipped'], status: 'cancelled' },
]

const PAUSE = '[[conductor.rules]]\nbefore = "ann"\nround = 1\ndo = "pause"\n'

type Source = (place: TestPlace, say: readonly string[]) => Promise<void>

/** All the ways in which a run is steered. */
const SOURCES: Readonly<Record<string, Source>> = {
  'a second terminal': async (place, say) => {
    place.write('rules.toml', PAUSE)
    expect((await place.run(['orchestration', 'run', 'band', '--conductor', 'rules.toml'])).exit).toBe(3)
    for (const line of say) expect((await place.shell(`orchastration runs steer band ${line}`)).exit, line).toBe(0)
    if (!say.some((line) => line.startsWith('stop'))) await place.run(['runs', 'steer', 'band', 'continue'])
  },
  rules: async (place, say) => {
    const round = 'before = "ann"\nround = 1\n'
    place.write('rules.toml', `[[conductor.rules]]\n${round}do = ${JSON.stringify(say)}\n`)
    await place.run(['orchestration', 'run', 'band', '--conductor', 'rules.toml'])
  },
  'its own terminal': async (place, say) => {
    const terminal = onTerminal(place, ['orchestration', 'run', 'band', '--interactive-conductor'])
    await terminal.until('begin ann?')
    for (const [index, line] of say.entries()) {
      terminal.type(`${line}\r`)
      await place.untilEvent('conductor.obeyed', index + 1)
    }
    // What is still asked is let go on.
    const letGo = setInterval(() => terminal.type('continue\r'), 100)
    await terminal.exit
    clearInterval(letGo)
  },
}

const ALL = Object.keys(SOURCES).flatMap((source) => CASES.map((each) => ({ source, each })))

describe.skipIf(onWindows)('every command is obeyed, and by a replay, too', () => {
  test.each(ALL)('from $source: $each.say', async ({ source, each }) => {
    const { say, ends, status = 'succeeded', asked = [], not } = each
    const place = given({ config: BAND, files: { 'replies.json': JSON.stringify(REPLIES) } })
    await SOURCES[source]?.(place, say)
    await place.untilStatus(status)
    expect(place.events('node.ended').map(({ body }) => `${body['node']} ${body['status']}`)).toEqual(ends)
    const turns = place.events('step.started').filter(({ body }) => body['name'] === 'ann:reply')
    const last = JSON.stringify(turns.at(-1)?.body['input'] ?? null)
    // A rule's patch is for the turn that it stands before, and for no other.
    const isPatched = source !== 'rules' || !say.some((line) => line.startsWith('repeat'))
    if (isPatched) for (const part of asked) expect(last).toMatch(part)
    if (isPatched && not !== undefined) expect(last).not.toMatch(not)
    const { exit, stderr } = await place.run(['runs', 'replay', place.lastRun()])
    expect([exit, stderr]).toEqual([0, ''])
  })
})
