import { expect, test } from 'vitest'
import { branchName } from '#domain/definition/branch-name.ts'

test.each([
  ['sample_task', 'orchastration', 'task/sample_task'],
  ['Sample', 'external', 'task/external-sample'],
  ['a b/c', 'orchastration', 'task/a-b-c'],
  ['--x--', 'orchastration', 'task/x'],
  ['ä', 'external', 'task/external-task'],
  ['a..b.lock', 'orchastration', 'task/a.b-lock'],
] as const)('the branch of task %s in %s is %s', (task, repo, branch) => {
  expect(branchName(task, repo)).toBe(branch)
})
