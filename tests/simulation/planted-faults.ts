/** A mistake that somebody could make in a source file, and by which tests it must be found. */
export interface PlantedFault {
  readonly name: string
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** Without it, the simulation must find the fault. */
  readonly by?: string
}

const JOURNAL = 'src/adapters/sqlite/journal.ts'
const PROJECTION = 'src/adapters/sqlite/projection.ts'
const HOST = 'src/engine/embedded-host.ts'
const MAILBOX = 'src/engine/mailbox.ts'
const WORKER = 'src/engine/worker.ts'
const RECOVERY = 'src/engine/recovery.ts'
const REPLAY = 'src/engine/replay.ts'

/** No fault at all: what must find the others finds nothing here. */
export const UNCHANGED: readonly PlantedFault[] = [undefined, 'tests/engine'].map((by) => ({
  name: `nothing, by ${by ?? 'the simulation'}`,
  file: REPLAY,
  find: 'export class Replay',
  replace: 'export class Replay',
  ...(by !== undefined && { by }),
}))

const AUDIT = 'src/domain/proof/erasure-audit.ts'
const ERASER = 'src/adapters/sqlite/eraser.ts'
const ERASE = 'src/app/erase.ts'
const PLAY = 'src/workflows/orchestration/play.ts'
const GRAPHS = 'tests/workflows/play.test.ts'

export const PLANTED: readonly PlantedFault[] = [
  {
    name: 'an append does not look at the epoch',
    file: JOURNAL,
    find: 'return run.epoch === append.epoch - raise ? undefined : fenced(append.runId, run)',
    replace: 'return run.epoch > 1e9 ? fenced(append.runId, run) : undefined',
  },
  {
    name: 'a takeover ignores a living owner',
    file: JOURNAL,
    find: 'if (isOwned(run)) return {',
    replace: 'if (isOwned(run) && run.epoch < 0) return {',
  },
  {
    name: 'a run is parked although something came for it',
    file: JOURNAL,
    find: 'append.park !== undefined && inbound.value.length === 0',
    replace: 'append.park !== undefined',
  },
  {
    name: 'the journal does not say what came before a takeover',
    file: JOURNAL,
    find: 'inbound: inbound.value, parked })',
    replace: "inbound: append.take === 'takeover' ? [] : inbound.value, parked })",
  },
  {
    name: 'a takeover overlooks the last word of the dead owner',
    file: JOURNAL,
    find: 'inbound.value.length < runSeq - append.seenRunSeq',
    replace: 'runSeq < 0',
  },
  {
    name: 'a dedupe key is ignored',
    file: JOURNAL,
    find: "if (first !== undefined) return ok({ seq: Number(first['seq']), fresh: false })",
    replace: '',
  },
  {
    name: 'the time when a parked run goes on is not projected',
    file: PROJECTION,
    find: '      body.ready_at,\n',
    replace: '      null,\n',
  },
  {
    name: 'a signal does not make the run that waits for it ready',
    file: PROJECTION,
    find: "WHERE id = ? AND status = 'waiting'\n       AND EXISTS",
    replace: "WHERE id = ? AND status = 'nowhere'\n       AND EXISTS",
  },
  {
    name: 'the chain does not go on from the event before',
    file: 'src/adapters/sqlite/event-writer.ts',
    find: 'prevHash: head.hash,\n      }',
    replace: 'prevHash: CHAIN_START.hash,\n      }',
  },
  {
    name: 'the end of a run is not signed',
    file: 'src/adapters/sqlite/commit-queue.ts',
    find: 'signer === undefined || !hasWritten ? undefined : seal(signer, at)',
    replace: 'undefined',
  },
  {
    name: 'completions are written in another order than told',
    file: HOST,
    find: 'if (draft === undefined) return undefined\n    this.#pending.push(draft)',
    replace: 'if (draft === undefined) return undefined\n    this.#pending.unshift(draft)',
  },
  {
    name: 'a step starts before it is written down',
    file: HOST,
    find: 'const stop = this.#pending.length > 0 ? await this.#commit() : undefined\n    if',
    replace:
      'this.#startCommitted()\n    const stop = this.#pending.length > 0 ? await this.#commit() : undefined\n    if',
  },
  {
    name: 'a next try starts before its fact is written down',
    file: HOST,
    find: 'if (this.#pending.length > 0) return undefined',
    replace: '',
    by: 'tests/engine/retry.test.ts',
  },
  {
    name: 'the time of the next try is not recorded',
    file: HOST,
    find: 'failure, due_at: dueAt } })',
    replace: 'failure, due_at: 0 } })',
  },
  {
    name: 'tries are counted from 1 again after a crash',
    file: HOST,
    find: 'step.attempt = retry?.attempt ?? 1',
    replace: 'step.attempt = 1',
  },
  {
    name: 'a timer is armed without the time that is left',
    file: HOST,
    find: 'this.#parts.timers.at(timer.dueAt, ',
    replace: 'this.#parts.timers.at(0, ',
  },
  {
    name: 'a timer that was cancelled still fires',
    file: HOST,
    find: 'this.#ended.splice(fired, 1)',
    replace: 'this.#ended.at(fired)',
  },
  {
    name: 'the end of a wait is not written down',
    file: HOST,
    find: "else this.#pending.push({ type: open.kind === 'timer'",
    replace: "else if (open.kind === 'timer') this.#pending.push({ type: open.kind === 'timer'",
  },
  {
    name: 'the owner claims to have seen more than it has',
    file: HOST,
    find: 'this.#lastRunSeq = appended.value.lastRunSeq',
    replace: 'this.#lastRunSeq = appended.value.lastRunSeq + 1',
  },
  {
    name: 'what was drawn is not journalled',
    file: HOST,
    find: "this.#pending.push({ type: 'value.drawn', body: { number, kind, value } })",
    replace: '',
  },
  {
    name: 'what was recorded is not journalled',
    file: HOST,
    find: 'else this.#pending.push(draft)\n  }',
    replace: '}',
  },
  {
    name: 'a recorded step runs again',
    file: HOST,
    find: "if (completion.value.kind === 'ended') this.#open.delete(completion.value.number)",
    replace: "if (completion.value.kind === 'ended') this.#open.get(completion.value.number)",
  },
  {
    name: 'a run is parked while a step of it runs',
    file: HOST,
    find: 'if (this.#attempts.count === 0) return await this.#park()',
    replace: 'if (this.#attempts.count >= 0) return await this.#park()',
  },
  {
    name: 'a host that let go still waits for its next try',
    file: HOST,
    find: 'if (step === undefined || this.#abandoned !== undefined) return\n',
    replace: 'if (step === undefined) return\n',
  },
  {
    name: 'the cancellation is told again and again',
    file: MAILBOX,
    find: 'return this.#isCancelTold ? undefined : 0',
    replace: 'return 0',
  },
  {
    name: 'the cancellation is never told',
    file: MAILBOX,
    find: 'return this.#isCancelTold ? undefined : 0',
    replace: 'return undefined',
  },
  {
    name: 'a signal that is told twice counts twice',
    file: MAILBOX,
    find: 'if (this.#received.has(inbound.runSeq)) return\n',
    replace: '',
  },
  {
    name: 'a signal that was taken is taken again after a crash',
    file: MAILBOX,
    find: 'if (!taken.has(event.runSeq)) this.#untaken.push(event)',
    replace: 'this.#untaken.push(event)',
  },
  {
    name: 'what came during a takeover is lost',
    file: WORKER,
    find: 'history: [...history.events, ...inbound]',
    replace: 'history: history.events',
  },
  {
    name: 'what a dead process left running is left running',
    file: WORKER,
    find: 'await this.endLeftovers(runId, history.events)',
    replace: '',
  },
  {
    name: 'a step that is not idempotent starts again unasked',
    file: RECOVERY,
    find: 'find((step) => !step.body.idempotent)',
    replace: 'find(() => false)',
  },
  {
    name: 'a run goes on unattended for ever',
    file: RECOVERY,
    find: 'return times >= UNATTENDED_LIMIT ?',
    replace: 'return times >= 99 ?',
  },
  {
    name: 'a next try after parking does not count as in flight',
    file: RECOVERY,
    find: "else if (event.type === 'run.resumed') move(backingOff, resting, open)",
    replace: '',
  },
  {
    name: 'what came while a run had no host yet is lost',
    file: WORKER,
    find: 'for (const inbound of this.#taking.get(run.runId) ?? []) host.notice(inbound)',
    replace: '',
    by: 'tests/engine/worker.test.ts',
  },
  {
    name: 'a second run moves the place from which the first one listens',
    file: WORKER,
    find: 'if (this.#isIdle) this.#inboundSeq = page.value.lastSeq',
    replace: 'this.#inboundSeq = page.value.lastSeq',
    by: 'tests/engine/worker.test.ts',
  },
  {
    name: 'a replay ignores the input of a step',
    file: REPLAY,
    find: 'return sha256(canonicalJson(input))',
    replace: 'return sha256(typeof input)',
    by: 'tests/engine/replay.test.ts',
  },
  {
    name: 'a replay accepts fewer commands',
    file: REPLAY,
    find: 'if (this.isOver) return undefined',
    replace: 'return undefined',
    by: 'tests/engine/replay.test.ts',
  },
  {
    name: 'a replay accepts more commands',
    file: REPLAY,
    find: 'if (entry === undefined || describeEntry(entry) !== found)',
    replace: 'if (entry !== undefined && describeEntry(entry) !== found)',
    by: 'tests/engine/replay.test.ts',
  },
  {
    name: 'after a foreign await was found out, steps still start',
    file: HOST,
    find: "if (this.#abandoned !== undefined) return { kind: 'stopped', failure: this.#abandoned }\n",
    replace: '',
    by: 'tests/engine/scheduler.test.ts',
  },
  {
    name: 'a job that failed counts as up to date by a success before',
    file: PROJECTION,
    find: 'report.fingerprint !== undefined : report.stale !== undefined',
    replace: 'report.fingerprint !== undefined : false',
    by: 'tests/adapters/sqlite/job-history.test.ts',
  },
  {
    name: 'a job that did not run counts as its last end',
    file: PROJECTION,
    find: 'if (up_to_date !== undefined) return\n',
    replace: '',
    by: 'tests/adapters/sqlite/job-history.test.ts',
  },
  {
    name: 'a fact that nobody signed explains what is missing',
    file: AUDIT,
    find: 'return [...unexplained, ...unproven, ...late]',
    replace: 'return [...unexplained, ...late]',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a fact that was signed later counts',
    file: AUDIT,
    find: "if (unsigned.length > 0 && type !== 'run.erased') refuseUnsigned()",
    replace: '',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a fact erases a run that was not over',
    file: AUDIT,
    find: 'if (known !== undefined && !(isEnding(known.lastType) && known.lastRunSeq === through)) return NOT_OVER',
    replace: '',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a fact need not reach to the event before it',
    file: AUDIT,
    find: '|| through !== (runSeq ?? 0) - 1',
    replace: '',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'what is missing without a fact is no fault',
    file: AUDIT,
    find: 'return [...unexplained, ...unproven, ...late]',
    replace: 'return [...unproven, ...late]',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a run that is not over is erased',
    file: ERASER,
    find: "if (!isEnded(run.status)) return err({ code: 'run_open', run: runId, status: run.status })",
    replace: '',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a fact that nobody signed is signed with the next one',
    file: ERASER,
    find: 'if (forged !== undefined) return err(',
    replace: 'if (forged !== undefined && forged < 0) return err(',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a refused fact is signed all the same',
    file: 'src/adapters/sqlite/commit-queue.ts',
    find: 'const hasWritten = writer.head().seq > begin',
    replace: 'const hasWritten = writer.head().seq >= begin',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'facts are written before what others write in their transaction',
    file: 'src/adapters/sqlite/commit-queue.ts',
    find: 'for (const isLast of [false, true])',
    replace: 'for (const isLast of [true, false])',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'bodies are emptied on the word of a fact that nobody signed',
    file: ERASER,
    find: 'return seq <= signedUpTo ? [{ runId, summary: body.summary }] : []',
    replace: 'return [{ runId, summary: body.summary }]',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'the runs of others are emptied, too',
    file: ERASER,
    find: 'AND EXISTS (SELECT 1 FROM runs WHERE id = run_id AND erased_at IS NOT NULL)`,\n  )\n  inTransaction',
    replace: '`,\n  )\n  inTransaction',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'what cannot be read is not counted',
    file: 'src/adapters/sqlite/projection-check.ts',
    find: 'if (readable === undefined) projection.pass(event.type)',
    replace: 'if (readable === undefined) return',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'an erased run keeps its questions',
    file: PROJECTION,
    find: "for (const table of ['run_jobs', 'forks', 'waits', 'questions', ",
    replace: "for (const table of ['run_jobs', 'forks', 'waits', ",
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'a fork asks again for what it borrowed',
    file: 'src/engine/replay.ts',
    find: 'return this.#borrowed.has(number)',
    replace: 'return false',
    by: 'tests/workflows/orchestration/fork.test.ts',
  },
  {
    name: 'a fork takes over what was still open',
    file: 'src/domain/run/borrow.ts',
    find: 'return over.has(event.body.number)',
    replace: 'return true',
    by: 'tests/engine/fork.test.ts',
  },
  {
    name: 'a tree counts from one that was never told',
    file: 'src/activities/tree.ts',
    find: 'memory.digest === known ? known : null',
    replace: 'true ? memory.digest : null',
    by: 'tests/activities/tree.test.ts',
  },
  {
    name: 'an erased end of a job comes after later ones',
    file: PROJECTION,
    find: ' WHERE excluded.seq >= seq`',
    replace: '`',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'an erased run is replayed from what is left',
    file: JOURNAL,
    find: 'if (erased !== undefined) return err(erased)',
    replace: '',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'what came for an erased run stops all that listen',
    file: JOURNAL,
    find: 'AND NOT (body IS NULL\n     AND EXISTS',
    replace: 'AND NOT (seq < 0\n     AND EXISTS',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'readers see what an interrupted erasing left',
    file: 'src/adapters/sqlite/reader.ts',
    find: 'if (erased !== undefined) return {',
    replace: 'if (erased !== undefined && erased.seq < 0) return {',
    by: 'tests/app/erasure.test.ts',
  },
  {
    name: 'an output goes although another run names it',
    file: ERASE,
    find: 'filter((digest) => !names.kept.has(digest))',
    replace: 'filter(() => true)',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'an output goes that another run came to meanwhile',
    file: ERASE,
    find: 'for (const digest of since.digests) names.kept.add(digest)',
    replace: '',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'an output goes that a step may just have kept',
    file: 'src/adapters/files/erased-files.ts',
    find: 'return existsSync(join(runningFolder(store, stepOf(key).runId), `',
    replace: "return existsSync(join(store, '..')) || existsSync(join(key, `",
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'what was taken away is not put back',
    file: 'src/adapters/files/erased-files.ts',
    find: 'else renameSync(join(aside, digest), path)',
    replace: '',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'bodies go before all that they name is gone',
    file: ERASE,
    find: 'if (removed.value === undefined) waiting += batch.length',
    replace: 'if (removed.value === undefined && waiting < 0) waiting += batch.length',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'the file is not written anew',
    file: ERASER,
    find: "ok(database.exec('VACUUM'))",
    replace: 'ok()',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'the WAL is not truncated',
    file: ERASER,
    find: 'wal_checkpoint(TRUNCATE)',
    replace: 'wal_checkpoint(PASSIVE)',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'that an erasing began is not noted',
    file: ERASE,
    find: 'const noted = files.begin()',
    replace: 'const noted = ok()',
    by: 'tests/app/erase.test.ts',
  },
  {
    name: 'a node does not wait for all that it needs',
    file: PLAY,
    find: 'if (!this.#ends.has(need) || this.#rejecting.has(need)) return',
    replace: 'if (this.#atWork.has(need) || this.#rejecting.has(need)) return',
    by: GRAPHS,
  },
  {
    name: 'what nodes write comes together in the order in which they end',
    file: PLAY,
    find: 'return this.#parts.nodes.flatMap((node) => {\n      const writes = of(node)',
    replace:
      'return [...this.#written.keys()].flatMap((id) => this.#byId.get(id) ?? []).flatMap((node) => {\n      const writes = of(node)',
    by: GRAPHS,
  },
  {
    name: 'rejected work begins again while others still look at it',
    file: PLAY,
    find: 'if (redone.some(isDue)) return false',
    replace: 'if (redone.length < 0 && redone.some(isDue)) return false',
    by: GRAPHS,
  },
  {
    name: 'what builds on work does not wait for the judge',
    file: PLAY,
    find: 'if (mayHold && this.#isHeld(node.id)) continue',
    replace: 'if (mayHold && this.#isHeld(node.id) && node.id < node.id) continue',
    by: GRAPHS,
  },
]
