import type { CommandSpec } from '../command-spec.ts'
import { detach, force, job, keepGoing, parallel, run } from './common.ts'

/** Jobs, and what becomes of them. */
export const jobCommands: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'run jobs and all they need',
    arguments: [{ ...job, required: false, variadic: true }],
    options: [
      parallel,
      {
        flag: 'param',
        value: 'NAME=VALUE',
        completes: 'parameter',
        summary: 'give a parameter of the jobs a value',
        repeatable: true,
      },
      keepGoing,
      force,
      { flag: 'dry-run', short: 'n', summary: 'say what would run, and run nothing' },
      {
        flag: 'plan',
        value: 'DIGEST',
        valueWhen: /^[0-9a-f]{8,64}$/,
        summary: 'without a digest, make a plan; with one, run only what that plan says',
      },
      detach,
    ],
    rest: "further arguments of the job's command",
    examples: [
      'orchastration run test',
      'orchastration run lint test --jobs 2 --keep-going',
      'orchastration run deploy --param stage=prod -- --verbose',
      'orchastration run release --plan',
      'orchastration run --plan 3f9ac1d2',
    ],
  },
  {
    name: 'init',
    summary: 'write a configuration for a directory',
    arguments: [{ name: 'directory', required: false, completes: 'directory', summary: 'the current one without it' }],
    options: [
      { flag: 'print', summary: 'print it, and write nothing' },
      { flag: 'force', summary: 'write over one that is there' },
    ],
    examples: ['orchastration init', 'orchastration init --print'],
  },
  {
    name: 'list',
    summary: 'list the jobs of the configuration',
    arguments: [],
    options: [{ flag: 'group', value: 'NAME', completes: 'group', summary: 'only jobs of this group' }],
    examples: ['orchastration list', 'orchastration list --group build', 'orchastration list --json'],
  },
  {
    name: 'show',
    summary: 'show what the configuration says of a job',
    arguments: [job],
    options: [],
    examples: ['orchastration show test', 'orchastration show deploy --json'],
  },
  {
    name: 'status',
    summary: 'show how each job last ended, and what waits',
    arguments: [],
    options: [],
    examples: ['orchastration status'],
  },
  {
    name: 'why',
    summary: 'say which fact made a job or a run do what it did',
    arguments: [
      { ...run, name: 'subject', completes: 'job', summary: "a job's name, or a run's id" },
      { ...job, required: false, summary: 'a job of that run, or a node of an orchestration' },
    ],
    options: [{ flag: 'at', value: 'TIME', summary: 'then, rather than last: 02:00, "2h ago", 2026-11-20T02:00:00Z' }],
    examples: ['orchastration why test', 'orchastration why 01k9 lint', 'orchastration why nightly --at 02:00'],
  },
  {
    name: 'inbox',
    summary: 'list the questions that wait for a person',
    arguments: [],
    options: [],
    examples: ['orchastration inbox'],
  },
  {
    name: 'answer',
    summary: 'answer a question that a run asks',
    arguments: [
      { name: 'question', required: true, completes: 'question', summary: "the question's number" },
      { name: 'choice', required: true, completes: 'choice', summary: 'one of its choices' },
    ],
    options: [{ flag: 'text', value: 'TEXT', summary: 'words that go with it, for whoever asks' }],
    examples: ['orchastration answer 7 yes', 'orchastration answer 8 rejected --text "the title is missing"'],
  },
  {
    name: 'work',
    summary: 'go on with runs whose time or answer has come',
    arguments: [],
    options: [
      { flag: 'run', value: 'ID', completes: 'run', summary: 'serve this run only' },
      { flag: 'once', summary: 'do what is due now, then end' },
    ],
    examples: ['orchastration work', 'orchastration work --once'],
  },
]
