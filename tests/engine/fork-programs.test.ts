import { drainMicrotasks } from 'bun:jsc'
import { expect, test } from 'vitest'
import { sha256 } from '#base/digest.ts'
import { canonicalJson, type Json } from '#base/json.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import { borrowedBefore, replayable } from '#domain/run/borrow.ts'
import type { RunId } from '#domain/run/run.ts'
import { replayRun } from '#engine/replay-run.ts'
import { workflow } from '#engine/workflow.ts'
import { programWorkflow, randomProgram } from '../simulation/programs.ts'
import { Chance } from '../support/sim-random.ts'
import { Rig, RUN } from './rig.ts'

const PROGRAMS = 150
const FORKS = 8

/** What a step comes to follows from what it is given. */
function answer(input: Json): Result<Json, Failure> {
  const value = Number.parseInt(sha256(canonicalJson(input)).slice(0, 4), 16)
  if (value % 7 === 0) return err({ code: 'spawn_failed', program: 'work', reason: String(value) })
  return ok({ value })
}

/** Lets a run come as far as it can: time passes, signals come, a waiting run is taken up. */
function goOn(
  rig: Rig,
  runId: RunId,
  { owner, code }: { owner: string; code: ReturnType<typeof programWorkflow> },
): void {
  const sent = new Map<string, number>()
  for (let round = 0; round < 40; round++) {
    const last = rig.types(runId).at(-1) ?? ''
    if (/^run\.(succeeded|failed|paused)/.test(last)) return
    rig.pass(500)
    if (last !== 'run.waiting') continue
    const opened = rig.events(runId).flatMap(({ type, body }) => (type === 'wait.opened' ? [body.signal] : []))
    const signal = opened.find((name) => name !== 'never' && (sent.get(name) ?? 0) < 3)
    if (signal !== undefined) {
      sent.set(signal, (sent.get(signal) ?? 0) + 1)
      rig.signal(signal, { choice: 'yes', by: 'person:ada' }, runId)
    }
    rig.goOn(rig.process(owner, code), false, runId)
  }
}

test('whatever a program does, it can be forked before anything that it began, and both replay', async () => {
  let ended = 0
  let forks = 0
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const chance = new Chance(seed)
    const program = randomProgram(chance)
    if (JSON.stringify(program).includes('"foreign"')) continue
    const plain = programWorkflow({ wait: async () => undefined })
    const code = workflow('program', 1, (ctx) => plain.handler(ctx, program))
    const rig = new Rig({ answer })
    rig.begin(rig.process('a', code), code)
    goOn(rig, RUN, { owner: 'a', code })
    const events = rig.events()
    if (events.at(-1)?.type === 'run.succeeded') ended += 1
    const begun = events.filter(
      ({ type }) => /\.started$|^wait\.opened$|^conductor\./.test(type) && type !== 'run.started',
    )
    for (let time = 0; time < Math.min(FORKS, begun.length); time++) {
      const seq = chance.one(begun).seq
      const fork = `01k9${'b'.repeat(20)}${String(time).padStart(2, '0')}` as RunId
      const borrowed = borrowedBefore(replayable(events), seq)
      const first =
        borrowed.length === 0 ? [] : [{ type: 'run.borrowed' as const, body: { run: RUN, events: borrowed } }]
      const about = {
        workflow: 'program',
        workflow_version: 1,
        name: 'fork',
        input: null,
        resume: 'auto',
        config: null,
      } as const
      const worker = rig.process('b', code)
      const called = rig.call(async () => await worker.begin(fork, about, first))
      goOn(rig, fork, { owner: 'b', code })
      const what = `seed ${seed}, before ${seq}`
      expect(called.outcome?.kind, what).not.toBe('stopped')
      const parts = { findWorkflow: async () => code, drain: drainMicrotasks }
      expect(await replayRun(fork, rig.events(fork), parts), what).toMatchObject({ value: { difference: undefined } })
      const numbers = rig.events(fork).flatMap(({ type, body }) => (type === 'step.started' ? [body.number] : []))
      expect(new Set(numbers).size, what).toBe(numbers.length)
      forks += 1
    }
  }
  // A test that forks nothing would find nothing.
  expect(ended).toBeGreaterThan(PROGRAMS / 5)
  expect(forks).toBeGreaterThan(PROGRAMS)
}, 60_000)
