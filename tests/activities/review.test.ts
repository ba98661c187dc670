import { expect, test } from 'vitest'
import { reviewActivity } from '#activities/review.ts'
import { ok } from '#base/result.ts'
import type { TaskStatus } from '#domain/run/task-report.ts'
import type { ActivityAttempt } from '#engine/activities.ts'
import type { CheckEnd, ReviewInput } from '#workflows/task-activities.ts'

const never = new AbortController().signal
const attempt: ActivityAttempt = { key: 'r/1', step: 'review', attempt: 1, start: '1.1.1', signal: never, hurry: never }

async function reviewed(input: Partial<ReviewInput>, there: readonly string[] = [], status: TaskStatus = 'done') {
  const files = {
    resolve: (directory: string, path: string) => `${directory}/${path}`,
    signs: async () => new Map(),
    fault: (path: string) => (there.includes(path) ? undefined : { path, reason: 'missing' }),
  }
  const activity = reviewActivity({
    files: async () => files,
    kept: async () => ({ tail: (digest) => (digest === 'said' ? '1 failing' : '') }),
    history: { lastBuild: async () => ok(status) },
  })
  return await activity.run({ tasks: [], outputs: [], checks: [], builds: false, ...input }, attempt)
}

const about = { description: null, repo: 'external', outputs: ['out.txt'], documents: null } as const
const task = { task: 't', about, status: 'planned', directory: '/r' } as const
const check: CheckEnd = {
  task: 't',
  argv: ['npm', 'test'],
  passed: true,
  ended: 'exit',
  exit: 0,
  stdout: '',
  stderr: 'said',
}

test('a review with nothing to go by does not pass', async () => {
  const report = 'nothing to review: no outputs and no checks'
  expect(await reviewed({})).toEqual(ok({ status: 'failed', report, findings: [report], tasks: [] }))
})

test('a review passes where outputs are there and checks succeed', async () => {
  const report = '2 outputs there, 1 check passed'
  expect(await reviewed({ tasks: [task], outputs: ['/r/more'], checks: [check] }, ['/r/out.txt', '/r/more'])).toEqual(
    ok({
      status: 'passed',
      report,
      findings: [],
      tasks: [{ task: 't', action: 'review.run', status: 'done', about, message: report }],
    }),
  )
})

test('an expected output that is not there fails a review, whatever builds report', async () => {
  expect(await reviewed({ tasks: [task], outputs: ['/r/more'] }, ['/r/more'])).toMatchObject({
    value: { status: 'failed', report: 'missing outputs: /r/out.txt', findings: ['output /r/out.txt: missing'] },
  })
})

test('a failing check rejects, and a builder is told what it said', async () => {
  const failed = { ...check, passed: false, exit: 1 }
  expect(await reviewed({ tasks: [task], checks: [check, failed] })).toMatchObject({
    value: {
      status: 'rejected',
      report: 'checks failed: npm test',
      findings: ['output /r/out.txt: missing', 'check "npm test" of task t ended with exit code 1:\n1 failing'],
    },
  })
})

test('after a build that failed there is nothing to review, unless others may have done the work', async () => {
  const input = { tasks: [task], outputs: [] }
  expect(await reviewed({ ...input, builds: true }, ['/r/out.txt'], 'failed')).toMatchObject({
    value: { status: 'failed', report: 'not built: t is failed' },
  })
  expect(await reviewed({ ...input, builds: false }, ['/r/out.txt'], 'failed')).toMatchObject({
    value: { status: 'passed' },
  })
})
