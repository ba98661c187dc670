import * as z from 'zod/mini'
import { about, document, erasureReason, exitCode, runId, status, time } from './shapes.ts'

const whole = z.int()

const fault = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unreadable'), reason: z.string(), line: z.optional(whole) }),
  z.object({ state: z.literal('altered'), seq: whole, reason: z.string(), line: z.optional(whole) }),
  z.object({ state: z.literal('behind'), known: whole, found: whole, reason: z.string() }),
  z.object({ state: z.literal('unknown_key'), key_hash: z.string(), size: whole }),
  z.object({ state: z.literal('projections_differ'), reason: z.string() }),
])

const verified = z.object({ state: z.literal('verified'), to: whole, later: whole })

const remark = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('clock_went_back'), times: whole, first: whole }),
  z.object({ kind: z.literal('nothing_signed') }),
  z.object({ kind: z.literal('no_mark') }),
  z.object({ kind: z.literal('other_stores'), stores: z.array(z.object({ store: z.string(), size: whole })) }),
  z.object({ kind: z.literal('mark_unreadable'), reason: z.string() }),
  z.object({ kind: z.literal('outside'), size: whole }),
  z.object({ kind: z.literal('run_goes_on') }),
  z.object({ kind: z.literal('erasing_unfinished'), runs: whole }),
])

const report = z.object({
  verdict: about(z.union([verified, fault]), 'the first of the faults, or that there is none'),
  faults: about(z.array(fault), 'the most serious first'),
  unlisted: about(whole, 'how many more there are than listed'),
  store: about(z.nullable(z.string()), "the store's id"),
  run: about(z.nullable(z.string()), 'the run that was proven; null for the whole log'),
  events: about(whole, 'how many events were looked at'),
  last: about(whole, 'the number of the last one'),
  checkpoint: about(
    z.nullable(z.object({ size: whole, at: time('when it was signed'), key_hash: z.string(), note: z.string() })),
    'the last checkpoint that holds',
  ),
  key: about(z.nullable(z.object({ key_hash: z.string(), pem: z.string() })), 'the public key that was believed'),
  erased: about(
    z.object({
      runs: whole,
      events: whole,
      listed: about(
        z.array(
          z.object({
            run: runId(),
            seq: about(whole, 'the event that says so'),
            at: time('when it was erased'),
            by: z.string(),
            events: about(whole, 'how many events were erased'),
            left: about(whole, 'how many of them still have what they said'),
          }),
        ),
        'the first of them',
      ),
    }),
    'runs that were erased, as signed events say',
  ),
  remarks: about(z.array(remark), 'what people should know, though nothing is wrong with the log'),
})

/** `verify`. */
export const verify = document('verify', { exit: exitCode('the exit code of the command'), report })

/** `backup`. */
export const backup = document('backup', {
  exit: exitCode('the exit code of the command'),
  is_new: about(z.boolean(), 'whether it was made now, or was there and was checked'),
  directory: about(z.string(), 'absolute'),
  artifacts: z.nullable(whole),
  bytes: z.nullable(whole),
  faults: about(z.array(z.string()), 'what is wrong with the files beside what the log says'),
  report: about(report, 'of the copied log'),
})

/** `runs prune`. */
export const runsPrune = document('runs-prune', {
  runs: about(
    z.array(
      z.object({
        run: runId(),
        name: z.string(),
        status: status(),
        ended_at: time('when it ended'),
        events: whole,
        bytes: about(whole, 'that come free with it'),
        reason: erasureReason,
      }),
    ),
    'what is erased, or would be',
  ),
  events: whole,
  bytes: whole,
  spared: about(whole, 'runs that the rules would take, were they not the last of a job'),
  open: about(whole, 'runs that are not over'),
  unfinished: about(whole, 'runs whose erasing was interrupted before'),
  erased: about(
    z.nullable(
      z.object({
        runs: whole,
        artifacts: whole,
        records: whole,
        waiting: about(whole, 'runs that could not be wholly erased yet'),
      }),
    ),
    'what was done; null where nothing was',
  ),
})

/** `rebuild`. */
export const rebuild = document('rebuild', { runs: whole, records: whole })

/** `runs export --output FILE`: what was written where. The lines themselves are described in docs/log-format.md. */
export const runsExport = document('runs-export', { lines: whole, output: z.string() })
