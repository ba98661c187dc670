import { RUN_STATUSES } from '#domain/run/run.ts'
import type { CommandSpec, OptionSpec } from '../command-spec.ts'
import { detach, force, job, keepGoing, parallel, run } from './common.ts'

const follow: OptionSpec = { flag: 'follow', short: 'f', summary: 'go on showing what comes, until the run ends' }

/** What was run, and what may be done with it. */
export const runCommands: readonly CommandSpec[] = [
  {
    name: 'runs list',
    summary: 'list runs, the latest first',
    arguments: [],
    options: [
      { flag: 'job', value: 'NAME', completes: 'job', summary: 'only runs of this job' },
      {
        flag: 'status',
        value: 'STATUS',
        choices: [...RUN_STATUSES, 'interrupted'],
        summary: 'only runs that stand there',
      },
      { flag: 'limit', value: 'N', choices: 'whole number', summary: 'how many at most' },
    ],
    examples: ['orchastration runs list', 'orchastration runs list --job test --status failed --limit 5'],
  },
  {
    name: 'runs show',
    summary: 'show a run, its jobs and how they ended',
    arguments: [run],
    options: [],
    examples: ['orchastration runs show test', 'orchastration runs show 01k9 --json'],
  },
  {
    name: 'runs logs',
    summary: 'show what the jobs of a run wrote',
    arguments: [run, { ...job, required: false, summary: 'only this job of the run' }],
    options: [
      follow,
      { flag: 'stderr', summary: 'standard error only' },
      { flag: 'stdout', summary: 'standard output only' },
    ],
    examples: [
      'orchastration runs logs 01k9',
      'orchastration runs logs 01k9 test --stderr',
      'orchastration runs logs 01k9 -f',
    ],
  },
  {
    name: 'runs artifacts',
    summary: 'list the files that jobs of a run left to be kept, or write them out',
    arguments: [run, { ...job, required: false, summary: 'only this job of the run' }],
    options: [
      {
        flag: 'output',
        value: 'DIR',
        completes: 'directory',
        summary: 'write them below this directory; without a job, each job has a folder in it',
      },
      { flag: 'force', summary: 'replace files that are there' },
    ],
    examples: ['orchastration runs artifacts test', 'orchastration runs artifacts 01k9 test --output kept'],
  },
  {
    name: 'runs events',
    summary: 'show the recorded events of a run',
    arguments: [run],
    options: [
      follow,
      {
        flag: 'format',
        value: 'FORMAT',
        choices: ['orket'],
        summary: "as JSON lines by the names of Orket's event stream",
      },
    ],
    examples: [
      'orchastration runs events 01k9',
      'orchastration runs events 01k9 --follow --json',
      'orchastration runs events standard --format orket',
    ],
  },
  {
    name: 'runs resume',
    summary: 'go on with an interrupted or paused run',
    arguments: [run],
    options: [],
    examples: ['orchastration runs resume release'],
  },
  {
    name: 'runs wait',
    summary: 'wait until runs have ended, whoever executes them',
    arguments: [{ ...run, variadic: true }],
    options: [
      { flag: 'timeout', value: 'DURATION', summary: 'give up after this time, such as 30s or 1h30m' },
      { flag: 'no-questions', summary: 'do not wait for people: end where only one of them can help' },
    ],
    examples: [
      'orchastration runs wait 01k9 && echo released',
      'orchastration runs wait build test --timeout 10m --no-questions',
    ],
  },
  {
    name: 'runs retry',
    summary: 'run again what a run did not finish',
    arguments: [run],
    options: [parallel, keepGoing, force, detach],
    examples: ['orchastration runs retry 01k9', 'orchastration runs retry ci --keep-going'],
  },
  {
    name: 'runs replay',
    summary: 'run a run again from its records alone, and say where it differs',
    arguments: [run],
    options: [],
    examples: ['orchastration runs replay 01k9', 'orchastration runs replay release --json'],
  },
  {
    name: 'runs undo',
    summary: 'put files back as they were before the agents of a run changed them',
    arguments: [run],
    options: [
      { flag: 'node', value: 'NODE', summary: 'only what this node of the run changed' },
      { flag: 'dry-run', short: 'n', summary: 'show what would be put back, and change nothing' },
      { flag: 'force', summary: 'also files that somebody else has changed since' },
    ],
    examples: ['orchastration runs undo 01k9 --dry-run', 'orchastration runs undo 01k9 --node builder'],
  },
  {
    name: 'runs fork',
    summary: 'go on from a step of an earlier run, in a new directory that is as it was then',
    arguments: [run],
    options: [
      { flag: 'from', value: 'STEP', summary: 'the step with which it goes on, as runs show calls it' },
      {
        flag: 'patch',
        value: 'NAME=VALUE',
        repeatable: true,
        summary: 'change goal, script, or instructions (+= adds), backend, context.KEY or with.KEY of that step',
      },
      {
        flag: 'workspace',
        value: 'DIR',
        completes: 'directory',
        summary: 'the new directory; without it, one beside the repository',
      },
      detach,
    ],
    examples: [
      'orchastration runs fork 01k9 --from reviewer',
      'orchastration runs fork 01k9 --from builder --patch backend=human',
    ],
  },
  {
    name: 'runs diff',
    summary: 'compare two runs, job by job',
    arguments: [
      { ...run, name: 'first' },
      { ...run, name: 'second' },
    ],
    options: [],
    examples: ['orchastration runs diff 01k9 01ka'],
  },
  {
    name: 'runs cancel',
    summary: 'end a run and all that it started',
    arguments: [run],
    options: [],
    examples: ['orchastration runs cancel 01k9'],
  },
  {
    name: 'runs steer',
    summary: 'tell the run of an orchestration what to do between its steps',
    arguments: [
      run,
      {
        name: 'command',
        required: true,
        variadic: true,
        summary:
          'continue, pause, stop, skip, drop, repeat, disable, enable, patch, clear, backend, temperature, limit, set, approve, reject or snapshot; then the step or role that it is about, and values',
      },
    ],
    options: [
      { flag: 'append', value: 'TEXT', summary: 'with patch: say this, too' },
      { flag: 'replace', value: 'TEXT', summary: 'with patch: say this instead' },
      { flag: 'once', summary: 'with patch: for the next turn only' },
      { flag: 'as-json', summary: 'with set: the value is JSON' },
      { flag: 'reason', value: 'TEXT', summary: 'with stop and reject: why' },
    ],
    examples: [
      'orchastration runs steer 01k9 pause',
      'orchastration runs steer 01k9 skip reviewer',
      'orchastration runs steer 01k9 patch BuilderAgent --append "Use tabs." --once',
      'orchastration runs steer 01k9 continue',
    ],
  },
  {
    name: 'runs prune',
    summary: 'erase what runs did, for good',
    arguments: [{ ...run, required: false, variadic: true }],
    options: [
      { flag: 'older-than', value: 'AGE', summary: 'runs that ended longer ago, such as 30d' },
      { flag: 'keep', value: 'N', summary: 'all but the latest N runs of each name' },
      { flag: 'max-size', value: 'SIZE', summary: 'the oldest runs, until the rest takes no more, such as 1G' },
      { flag: 'job', value: 'NAME', completes: 'job', summary: 'only runs of this job' },
      { flag: 'dry-run', short: 'n', summary: 'show what would be erased, and erase nothing' },
      { flag: 'yes', summary: 'do not ask' },
    ],
    examples: [
      'orchastration runs prune --older-than 30d --keep 10 --dry-run',
      'orchastration runs prune --max-size 1G --yes',
      'orchastration runs prune 01k9 --yes',
    ],
  },
  {
    name: 'runs export',
    summary: 'write runs with their events and proofs to a file',
    arguments: [{ ...run, required: false }],
    options: [
      { flag: 'all', summary: 'every run' },
      { flag: 'output', value: 'FILE', completes: 'file', summary: 'where to write it; standard output without it' },
    ],
    examples: [
      'orchastration runs export 01k9 --output run.jsonl',
      'orchastration runs export --all --output all.jsonl',
    ],
  },
]
