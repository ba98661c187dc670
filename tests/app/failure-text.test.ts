import { describe, expect, test } from 'vitest'
import { describeFailure } from '#app/failure-text.ts'
import type { ConfigProblem } from '#domain/definition/config-problem.ts'
import { type Failure, type FailureCode, failureCatalogue } from '#domain/failure.ts'
import { samples } from './failure-samples.ts'

/** The whole text of each sample: headline, detail, what to do. */
const expected: Readonly<Record<FailureCode, readonly string[]>> = {
  usage: [
    'unknown command "rnu"; did you mean "run"?',
    'all commands:  orchastration --help',
    'a job:         orchastration run rnu',
  ],
  not_allowed: ['answer is not for an agent: a person must do it'],
  config_invalid: [
    'config.toml: 2 problems, nothing was run',
    '',
    '  ~/.config/orchastration/config.toml:3:1',
    '  3 | comand = ["npm", "test"]',
    '    | ^^^^^^ unknown key in [jobs.test]; did you mean "command"?',
    '',
    '  ~/.config/orchastration/config.toml:5:19',
    '  5 | timeout_seconds = "10"',
    '    |                   ^^^^ a whole number of seconds is expected, this is text',
  ],
  project_untrusted: [
    'job "deploy" is in ~/app/orchastration.toml, which is not trusted; nothing was run',
    'changed since it was trusted: orchastration.toml, deploy.sh',
    'look and trust:       orchastration trust',
    'without being asked:  orchastration trust --yes',
    'this once:            orchastration run deploy --trust',
  ],
  project_missing: [
    'no orchastration.toml is in ~/app or above it',
    'an example:        orchastration config example',
    'files that count:  orchastration config path',
  ],
  trust_refused: [
    '~/app/orchastration.toml cannot be trusted: everybody on this machine may change deploy.sh',
    'for you to change:  chmod o-w deploy.sh',
  ],
  config_missing: [
    'configuration file not found: ~/x.toml',
    'check the path after --config, or leave --config out to use the usual place',
  ],
  config_unreadable: [
    'the configuration file cannot be read: ~/x.toml',
    'permission denied',
    'make it a readable file, or name another one with --config',
  ],
  directory_invalid: [
    'XDG_CACHE_HOME must be an absolute path, it is "cache"',
    'set XDG_CACHE_HOME to an absolute path, or unset it',
  ],
  unknown_job: [
    'unknown job "tset", which "ci" needs; did you mean "test"?',
    'configured: ci, test',
    'all jobs:  orchastration list',
  ],
  unknown_task: [
    'unknown task: sampel; did you mean "sample"?',
    'configured: docs, sample',
    'all tasks:  orchastration plan list',
  ],
  task_not_initialized: ['task not initialized: sample', 'take it up:  orchastration plan create sample'],
  outputs_not_made: [
    'the command succeeded, but did not make all that is expected of it',
    'not there: ~/app/dist/a.txt',
    'as it was before: ~/app/dist/b.txt',
    'correct the command or "outputs" in the configuration; what lies there from before counts only if it is written anew',
  ],
  review_not_passed: [
    'review rejected: checks failed: npm test',
    '  check "npm test" of task sample ended with exit code 1:',
    '  1 failing',
  ],
  tool_missing: ['program not found: "gh", which is needed for issues on GitHub', 'install it, or extend PATH'],
  tool_failed: [
    'git ended with exit code 128',
    "  fatal: a branch named 'task/sample' already exists",
    'in: ~/app',
    'put right what git says, then try again',
  ],
  params_invalid: [
    '3 parameters are not right, nothing was run',
    '  deploy needs "host": give it with --param host=…',
    '  deploy takes one of dev, prod for "stage", not "prdo"; did you mean "prod"?',
    '  no job of the run has a parameter "hsot"; did you mean "host"?',
    'what deploy takes:  orchastration show deploy',
  ],
  plan_unknown: [
    'no plan "3f9a" is kept',
    'jobs:           orchastration list',
    'make one, say:  orchastration run ci --plan',
  ],
  plan_changed: [
    'what would run now is not what was planned; nothing was run',
    '  test changed: command, env',
    '  lint is no longer part of it',
    'run it as it is now:  orchastration run --plan c1d2e3f4a5b6c7d8',
  ],
  needs_cycle: ['jobs need each other in a circle: a, b, a', 'take one of these needs out of the configuration'],
  env_file_invalid: [
    '~/app/.env:3:7: the quote that begins here is never closed',
    'expected are lines NAME=value, "export" before them, quotes around values, and comments after #',
    'correct the line; what stands in it is not shown, since it may be a secret',
  ],
  secret_unusable: [
    'the secret "TOKEN" of the job "deploy" is missing: the command "pass show x" ended with exit code 2',
    'run the command by hand: what it says on standard error is not kept',
  ],
  secret_exposed: [
    'the value of the secret "TOKEN" stands in "params.token" of the job "deploy"',
    'nothing was recorded and nothing was run',
    'take it out there: the command finds it in its variable TOKEN',
  ],
  program_missing: [
    'program not found: "npmm"',
    `command: npm run 'it'\\''s here'`,
    'in: ~/app',
    'install the program, correct "command" in the configuration, or extend PATH',
  ],
  program_not_executable: [
    'the program may not be executed: "./run.sh"',
    'permission denied',
    'permit it:  chmod +x ./run.sh',
  ],
  working_dir_missing: [
    'the working directory is not there, or is no directory: ~/gone',
    'create it, or correct "working_dir" in the configuration',
  ],
  spawn_failed: [
    'the operating system did not start "npm"',
    'the machine has no process or memory left for it',
    'try again once the machine can start it',
  ],
  pty_unsupported: [
    'the job wants a terminal of its own ("pty"), which this system cannot give it',
    'take "pty" out of the configuration, or run the job on Linux or macOS',
  ],
  command_failed: [
    'the command ended with exit code 3 after 3.1s',
    `command: npm run 'it'\\''s here'`,
    'in: ~/app',
    'runs:    orchastration runs list',
    'output:  orchastration runs logs <run>',
  ],
  command_killed: [
    'signal SIGKILL from elsewhere ended the command after 3.1s',
    `command: npm run 'it'\\''s here'`,
    'in: ~/app',
    'runs:    orchastration runs list',
    'output:  orchastration runs logs <run>',
  ],
  output_lost: [
    'the output of the command could not be kept in ~/out',
    'no space is left on the device',
    'make room or give write permission there, then run the job again',
  ],
  input_unusable: [
    'the input "src/pipe" is neither a file nor a directory',
    'in: ~/app',
    'nothing was started',
    'put it right, correct "inputs" in the configuration, or leave it out with a pattern that begins with "!"',
  ],
  result_unusable: [
    'the command succeeded, but its artifact "core" makes it more than 1 GiB',
    `command: npm run 'it'\\''s here'`,
    'in: ~/app',
    'correct "artifacts" in the configuration, or leave it out with a pattern that begins with "!"',
  ],
  timed_out: [
    'took longer than 10s and was ended',
    `command: npm run 'it'\\''s here'`,
    'in: ~/app',
    'runs:    orchastration runs list',
    'output:  orchastration runs logs <run>',
    'raise "timeout_seconds", of a node "timeout", in the configuration if it needs more time',
  ],
  cancelled: ['cancelled by person:ada (SIGINT)', 'jobs:  orchastration list'],
  declined: [
    'answered with no by person:ada',
    'the question was: Release now?',
    'start anew:  orchastration run release',
  ],
  jobs_failed: [
    'a job did not succeed: test',
    'package was skipped: needs test',
    'output:  orchastration runs logs test test',
  ],
  unknown_run: ['no run has the name "01kx" or an id that begins with it', 'runs:  orchastration runs list'],
  run_ended: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa is over: timed out',
    'what happened:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  run_not_of_jobs: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa is none of jobs: build:sample is a run of workflow "task"',
    'what happened:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  nothing_to_retry: [
    'there is nothing to do again of run 01k9aaaaaaaaaaaaaaaaaaaaaa: waiting',
    'go on with it:  orchastration runs resume 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  run_owned: [
    'another process executes run 01k9aaaaaaaaaaaaaaaaaaaaaa: process 4711',
    'follow it:  orchastration runs logs 01k9aaaaaaaaaaaaaaaaaaaaaa --follow',
    'end it:     orchastration runs cancel 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  run_open: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa is not over, so it can neither be erased nor undone: waiting',
    'end it:  orchastration runs cancel 01k9aaaaaaaaaaaaaaaaaaaaaa',
    'go on:   orchastration runs resume 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  body_erased: [
    'what run 01k9aaaaaaaaaaaaaaaaaaaaaa did was erased',
    'by person:ada at 2026-11-20T12:00:00.000Z, in event 48,211',
    'what is left:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  not_confirmed: [
    'runs prune was not confirmed; nothing was done',
    'what it does cannot be undone, and nobody is here to be asked',
    'look first:  orchastration runs prune --dry-run',
    'say yes:     orchastration runs prune --yes',
  ],
  run_fenced: [
    'another process took over run 01k9aaaaaaaaaaaaaaaaaaaaaa; this one wrote nothing more',
    'this process held it in epoch 3',
    'what happened:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  signal_late: [
    'too late for run 01k9aaaaaaaaaaaaaaaaaaaaaa: it waited until 2025-11-20T13:00:00.000Z',
    'what happened:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  workflow_unknown: ['this program has no workflow "release"', 'use the version of orchastration that started the run'],
  workflow_version: [
    'the run was started with version 2 of workflow "job", this program has version 1',
    'use the version of orchastration that started the run, or start a new run',
  ],
  replay_mismatch: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa cannot go on: its workflow asks for something else than it did before',
    'command 4 was: activity command',
    'command 4 is:  timer',
    'what happened:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  nondeterministic_await: [
    'the workflow waits for something that is no command of its context',
    'nothing is open and the handler has not returned',
    'await only what the context returns: run, sleep, signal, race',
  ],
  value_too_large: [
    'the input is too large for the log: 2,000,000 bytes, the limit is 1,048,576 bytes',
    "write it to a file and pass on the file's path",
  ],
  unknown_question: ['no question has the number "9"', 'open: 7, 8', 'open questions:  orchastration inbox'],
  question_closed: ['question 7 was answered before with "yes" by person:ada', 'open questions:  orchastration inbox'],
  invalid_choice: [
    '"yse" is no answer to question 7; did you mean "yes"?',
    'choices: yes, no',
    'answer:  orchastration answer 7 yes',
  ],
  unknown_orchestration: [
    'unknown orchestration "shp"; did you mean "ship"?',
    'there are: default, ship',
    'all of them:  orchastration orchestration list',
  ],
  unknown_agent: [
    'unknown agent "Bulider"; did you mean "Builder"?',
    'there are: Builder',
    'all of them:  orchastration agent list',
  ],
  orchestration_invalid: [
    'orchestration "ship" cannot run, nothing was run',
    '  agents: "agents" is missing at the top of the file; a list of agents is expected',
    '  nodes[1].needs[0]: no node "bild" is there; did you mean "build"?',
    '  nodes[2].id: a and b would write "note" side by side',
    '  nodes[0].needs[0]: these nodes need each other in a circle: a, b, a',
    '  nodes[3].id: another node is called "a" already',
    '  nodes[4].when: a condition in CEL is expected: Unexpected token: EOF',
  ],
  no_orket_events: [
    "test is no orchestration, so its run has no events in Orket's form",
    'all its events:  orchastration runs events 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  unknown_flow: [
    'there is no flow "standart"; did you mean "standard"?',
    'there are: standard',
    'look at one:  orchastration orchestration explain --flow standard',
  ],
  flow_beyond: [
    'flow "ship" would let its agents write in ~/mail; nothing was run',
    'that is beyond ~/app, and files that come with a flow do not decide it',
    'where they write:   orchastration orchestration run --flow <flow> --workspace <directory>',
    'or start it there:  cd /home/ada/mail',
  ],
  flow_invalid: [
    'flow "ship": 4 problems in 2 files, nothing was run',
    '',
    '  ~/app/model/band/ship.json:4:16',
    '  4 |     "coder": { "promt": "Write." }',
    '    |                ^^^^^^^ unknown key in [roles.coder]; did you mean "prompt"?',
    '',
    '  ~/app/model/score/ship.json:1:1',
    '  1 |',
    '    | ^ not valid JSON: empty',
    '',
    '  and 2 problems more in ~/app/model/score/ship.json',
  ],
  nothing_planned: [
    'nothing to plan: the goal "sing" speaks of nothing that is configured',
    'configured: lint, test',
    'name a task with --task, or say the goal in words of their names, descriptions and keywords',
    'a planner with a model can decompose any goal; this version has none',
  ],
  review_failed: ['the review did not pass: 1 of 2 outputs is missing', '  dist/app is missing'],
  undeclared_write: [
    'Security wrote what it does not declare: x',
    'it declares: security.report',
    'declare the keys in its "writes", or do not write them',
  ],
  agent_output_invalid: [
    'the agent printed something else than one JSON object',
    'what it prints is what it writes into the shared context; words for people go to standard error',
    'what it printed:  orchastration runs logs <run>',
  ],
  backend_missing: [
    'Architect has nothing to take its turn: it has no model backend',
    'its turns are meant for the model qwen3-coder',
    'give it another backend, as with --backend scripted or --backend human',
  ],
  backend_failed: ['the scripted backend of Scout did not answer: too many requests', 'entry 2 of the script says so'],
  backend_refused: ['the scripted backend of Scout refused: it knows no such key', 'key 7'],
  agent_file_invalid: ['the file of the agent "Scout" cannot be used: ~/scout.md', '  tools must be a list'],
  script_invalid: [
    'the script cannot be read: ~/replies.json',
    '  replies must be a list',
    'docs/agents.md has its format',
  ],
  script_missing: [
    'no script was given for scout, builder',
    'give it with --script FILE, or with "script" of the orchestration',
  ],
  script_exhausted: ['the script has no further reply for scout; it has 2', 'add replies with "agent": "scout"'],
  answer_invalid: ['what reviewer handed in cannot be taken', '  verdict must be one of "passed"'],
  turn_limit: [
    'the turn of scout came to its limit: replies = 50',
    'raise "replies" in the "limits" of the agent; what it is:  orchastration agent show <agent>',
  ],
  work_not_buildable: [
    'builder runs tasks and jobs, and none does this work: new_page',
    'configure a task for it, or give the builder another backend',
  ],
  node_input_invalid: ['ask cannot tell "deadline": "soon" is no duration'],
  condition_failed: [
    'ship: "review.status == "passed"" cannot be decided',
    'No such key: status',
    'ask with has(…) whether a value was written before it is used',
  ],
  limit_reached: ['poll was done 10 times, and "site.up" still does not hold'],
  orchestration_failed: [
    'BuilderAgent of "ship" failed: unknown job "tset"',
    'configured: test',
    'all jobs:  orchastration list',
  ],
  steering_invalid: [
    'the run has no step and no role "bilder"; did you mean "builder"?',
    'expected: one of planner, builder',
    'all commands:  orchastration help runs steer',
  ],
  rules_invalid: [
    '~/rules.toml: 3 problems, nothing was run',
    '  a file of [[conductor.rules]] and nothing else is expected, this is "jobs"',
    '  rule 1: nothing is called "bilder"; did you mean "builder"?; one of planner, builder is expected',
    '  rule 2: either before or after is expected',
  ],
  run_not_forkable: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa cannot be forked: test is a run of workflow "job"',
    'only runs of orchestrations are forked',
    'do what failed again:  orchastration runs retry 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  unknown_step: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa has begun no step "bilder"; did you mean "builder"?',
    'begun: planner, builder',
    'its course:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  no_tree: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa cannot be forked from "builder": its tree was not recorded',
    '~/app: it lies in no git repository',
    'trees are recorded where a run works in git repositories: git init there, and run it again',
  ],
  patch_invalid: [
    '--patch "goals=x": nothing of that name can be patched',
    'expected: goal, instructions, backend',
    'all forms:  orchastration help runs fork',
  ],
  workspace_taken: ['~/fork cannot be the directory of a fork: it is not empty', 'name another one: --workspace DIR'],
  checkout_failed: [
    'the recorded tree cannot be put into ~/fork: no space is left on the device',
    'name another directory: --workspace DIR',
  ],
  run_not_steerable: [
    'run 01k9aaaaaaaaaaaaaaaaaaaaaa cannot be steered: test is a run of workflow "job"',
    'only runs of orchestrations are steered',
    'end it:  orchastration runs cancel 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  terminal_missing: [
    '--interactive-conductor asks a person at a terminal, and there is none',
    'standard input and standard error must be a terminal, without --detach, --json and --no-input',
    'steer a run from elsewhere:  orchastration runs steer <run> <command>',
  ],
  steering_refused: [
    'nothing was done by "skip builder": builder has ended',
    'where it stands:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  nothing_to_undo: [
    'node "planner" of the run changed no files by tools of agents',
    'nodes that did: builder, doc',
    'what it did:  orchastration runs show 01k9aaaaaaaaaaaaaaaaaaaaaa',
  ],
  undo_refused: [
    '2 files cannot be put back as they were',
    '~/app/a.txt: somebody else has changed it since',
    '~/app/b.txt: what it held before is not kept any more',
    '1 other file had been put back before',
    'overwrite what was changed since:  orchastration runs undo <run> --force',
  ],
  store_missing: [
    'nothing was ever run here: there is no store yet',
    'looked for ~/.local/state/orchastration',
    'jobs:       orchastration list',
    'start one:  orchastration run <job>',
  ],
  store_read_only: [
    'the store cannot be written: /srv/store',
    'the file system is read-only',
    'make its directory writable, or choose another one with --state-dir',
  ],
  store_full: [
    'the disk is full: /srv/store',
    'no space is left on the device',
    'what was recorded before is kept',
    'make room, then go on',
    'runs:   orchastration runs list',
    'go on:  orchastration runs resume <run>',
  ],
  store_busy: ['other processes kept the store locked for 30s: /srv/store', 'try again; nothing was changed'],
  store_damaged: [
    'the store is damaged, or is no store of orchastration: /srv/store',
    'database disk image is malformed',
    'keep a copy of it before anything else',
    'what can be read:  orchastration verify',
  ],
  store_newer: [
    'a newer version of orchastration wrote the store: /srv/store',
    'its format is 3, this version knows formats up to 2',
    'update orchastration, or choose another place with --state-dir',
  ],
  store_io: [
    'input or output error on the store: /srv/store',
    'an input or output error of the device',
    'check it:  orchastration verify',
  ],
  event_unreadable: [
    'event 48,211 of run 01k9aaaaaaaaaaaaaaaaaaaaaa cannot be read',
    'its digest differs',
    'it is left out and not repaired; everything else is shown',
    'check the store:  orchastration verify',
  ],
  key_unusable: [
    'the signing key cannot be used: ~/key file',
    'others may read it',
    "for your eyes only:  chmod 600 '/home/ada/key file'",
  ],
  file_unreadable: ['the file cannot be read: ~/all.jsonl', 'it is not there', 'check the path and who may read it'],
  file_exists: [
    'the file is there already: ~/app/orchastration.toml',
    'leave it as it is, or write it anew with --force',
  ],
  file_unwritable: [
    'the file cannot be written: /srv/all.jsonl',
    'no space is left on the device',
    'check the path and who may write there, then do it again',
  ],
  backup_exists: [
    'there is something of that name: /srv/backup',
    'name a directory that is not there yet: a backup never overwrites anything',
  ],
  file_missing: ['file not found: ~/gone', 'check the path'],
  file_special: [
    'not a regular file: ~/queue',
    'it is a named pipe',
    'name a regular file, or write what comes out of it to one first',
  ],
  file_changed: ['changed while it was read: ~/app.log', 'it grew', 'do it again once nobody writes to it'],
  link_broken: ['broken link: ~/latest', 'it leads to "v7", which is not there', 'repair or remove the link'],
  link_loop: ['links in a circle: ~/self', 'the link leads back to itself', 'repair or remove the link'],
  hash_without_file: ['hash requires --file', 'for instance:  orchastration hash --file README.md'],
  algorithm_unknown: [
    'unsupported algorithm: sah256; did you mean "sha256"?',
    'supported: sha256, sha512, sha1, xxh64',
  ],
  manifest_unusable: [
    'no checksum line in ~/SUMS',
    '~/SUMS:1: neither "digest  file" nor "SHA256 (file) = digest": "<html>"',
    'and 2 more like it',
    'expected are lines as sha256sum writes them: a digest, two blanks, the name of the file',
  ],
  internal: [
    'internal error 01k9bbbbbbbbbbbbbbbbbbbbbb',
    'this is a mistake in orchastration, not in what you did; what was recorded is kept',
    'the log file has the details: look for 01k9bbbbbbbbbbbbbbbbbbbbbb',
  ],
}

describe('every failure is told in words', () => {
  const codes = Object.keys(failureCatalogue).map((code) => code as FailureCode)

  test('and has a sample here that its own schema accepts', () => {
    expect(Object.keys(samples).toSorted()).toEqual(codes.toSorted())
    for (const code of codes)
      expect(failureCatalogue[code].data.safeParse(samples[code]), code).toMatchObject({ success: true })
  })

  test.each(codes)('%s', (code) => {
    const lines = linesOf(samples[code])
    expect(lines).toEqual(expected[code])
    expect(lines[0]).not.toBe('')
    expect(lines.join('\n')).not.toMatch(/undefined|\[object|NaN/)
  })

  test('and where all that may be missing is missing', () => {
    for (const code of codes) {
      const { data } = failureCatalogue[code]
      const entries = Object.entries(samples[code]).filter(([key]) => key === 'code' || !optional(data.shape[key]))
      const text = linesOf(Object.fromEntries(entries) as Failure).join('\n')
      expect(text, code).not.toMatch(/undefined|\[object|NaN/)
    }
  })
})

describe('what to do next is a whole command', () => {
  const run = '01k9aaaaaaaaaaaaaaaaaaaaaa'

  test.each<readonly [string, Failure, readonly string[]]>([
    [
      'of a run that succeeded, its own jobs',
      { code: 'nothing_to_retry', run, status: 'succeeded', jobs: ['ci', 'test'] },
      ['run its jobs anew:  orchastration run ci test'],
    ],
    [
      'of a run that succeeded, of which an older version told no jobs',
      { code: 'nothing_to_retry', run, status: 'succeeded' },
      [`its jobs:  orchastration runs show ${run}`],
    ],
    [
      'of no plan, the only job',
      { code: 'plan_unknown', plan: 'x', known: ['ci'] },
      ['make one:  orchastration run ci --plan'],
    ],
    ['of no plan and no job', { code: 'plan_unknown', plan: 'x', known: [] }, ['jobs:  orchastration list']],
    [
      'of a job that a run does not have, the jobs of that run',
      { code: 'unknown_job', job: 'nope', run, known: ['lint'] },
      [`all its jobs:  orchastration runs show ${run}`],
    ],
  ])('%s', (_title, failure, todo) => {
    expect(describeFailure(failure).todo).toEqual(todo)
  })

  test('and a run is not called a configuration', () => {
    const { headline, detail } = describeFailure({ code: 'unknown_job', job: 'nope', run, known: ['lint'] })
    expect([headline, ...detail]).toEqual([`run ${run} has no job "nope"`, 'it has: lint'])
  })
})

describe('text from elsewhere', () => {
  test('cannot colour the screen, move the cursor or break a line', () => {
    const evil = 'a\u001b[31m\u202eb\nc\r'
    const failures: readonly Failure[] = [
      { code: 'unknown_job', job: evil, known: [evil] },
      { code: 'working_dir_missing', directory: evil },
      { code: 'usage', problem: 'unknown_option', word: evil },
      { code: 'store_damaged', path: '/x', reason: evil },
      { code: 'invalid_choice', question: 1, choice: evil, choices: [evil] },
    ]
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    for (const failure of failures) for (const line of linesOf(failure)) expect(line).not.toMatch(/[\0-\x1f\u202e]/)
  })

  test('names the jobs that failed, and counts those that were skipped for them', () => {
    const skipped = { status: 'skipped', because: 'test' } as const
    const [headline] = linesOf({
      code: 'jobs_failed',
      failed: ['a', 'test', 'b'],
      jobs: { a: skipped, test: { status: 'failed' }, b: skipped },
    })
    expect(headline).toBe('a job did not succeed: test; 2 jobs skipped')
  })

  test('is shortened, and a list says how many more there are', () => {
    const known = Array.from({ length: 1234 }, (_, index) => `job-${index}`)
    expect(linesOf({ code: 'unknown_job', job: 'x'.repeat(1000), known })).toEqual([
      `unknown job "${'x'.repeat(79)}…"`,
      'configured: job-0, job-1, job-2, job-3, job-4, job-5, job-6, job-7, job-8, job-9 and 1,224 more',
      'all jobs:  orchastration list',
    ])
  })

  test('is a whole path where it only begins like the home directory', () => {
    expect(describeFailure({ code: 'config_missing', path: '/home/ada2/x' }, '/home/ada').headline).toContain(
      ': /home/ada2/x',
    )
    expect(describeFailure({ code: 'config_missing', path: '/x' }, '/').headline).toContain(': /x')
    expect(describeFailure({ code: 'config_missing', path: '/home/ada/x' }).headline).toContain(': /home/ada/x')
    expect(describeFailure({ code: 'config_missing', path: 'C:\\Users\\ada\\x' }, 'C:\\Users\\ada').headline).toContain(
      ': ~\\x',
    )
  })
})

describe('the caret', () => {
  const problem: ConfigProblem = {
    kind: 'syntax',
    line: 1,
    column: 1,
    width: 1,
    source: '',
    key: '',
    table: '',
    found: 'x',
  }

  test('stands below an empty line', () => {
    expect(caretLines(problem)).toEqual(['  c.toml:1:1', '  1 |', '    | ^ not valid TOML: x'])
  })

  test('stands behind the end of a line that ends too early', () => {
    expect(caretLines({ ...problem, source: 'a =', column: 4 })).toEqual([
      '  c.toml:1:4',
      '  1 | a =',
      '    |    ^ not valid TOML: x',
    ])
  })

  test('stands below the second half of a line with letters of two columns', () => {
    expect(caretLines({ ...problem, source: '日本 = x', column: 6, line: 10 })).toEqual([
      '  c.toml:10:6',
      '  10 | 日本 = x',
      '     |        ^ not valid TOML: x',
    ])
  })

  test('is as wide as what it marks, within the window that is shown', () => {
    const source = `key = "${'日'.repeat(200)}"`
    const [, shown = '', caret = ''] = caretLines({ ...problem, source, column: 7, width: 202 })
    expect(shown).toBe(`  1 | ${source.slice(0, 100)}…`)
    expect(caret).toBe(`    | ${' '.repeat(6)}${'^'.repeat(1 + 93 * 2)} not valid TOML: x`)
  })

  test('has a window of its own in a line beyond all bounds', () => {
    const [, shown = '', caret = ''] = caretLines({ ...problem, source: 'x'.repeat(10_000), column: 50_000 })
    expect(shown).toBe(`  1 | …${'x'.repeat(60)}`)
    expect(caret).toBe(`    | ${' '.repeat(61)}^ not valid TOML: x`)
  })

  function caretLines(given: ConfigProblem): readonly string[] {
    return describeFailure({ code: 'config_invalid', path: 'c.toml', problems: [given] }).detail.slice(1)
  }
})

function linesOf(failure: Failure): readonly string[] {
  const { headline, detail, todo } = describeFailure(failure, '/home/ada')
  return [headline, ...detail, ...todo]
}

function optional(type: unknown): boolean {
  return typeof type === 'object' && type !== null && 'type' in type && type.type === 'optional'
}

test('a run that is not the only one says so, and names one', () => {
  expect(describeFailure({ code: 'unknown_run', run: '01k', nearest: '01k9aaaaaaaaaaaaaaaaaaaaaa' })).toEqual({
    headline: 'more than one run begins with "01k"',
    detail: ['one of them: 01k9aaaaaaaaaaaaaaaaaaaaaa'],
    todo: ['runs:  orchastration runs list'],
  })
})
