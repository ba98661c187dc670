import { RUN_STATUSES } from '#domain/run/run.ts'

/** What a word names: completions offer what there is of it, and paths are left to the shell. */
export type Named =
  | 'job'
  | 'run'
  | 'group'
  | 'parameter'
  | 'question'
  | 'choice'
  | 'command'
  | 'document'
  | 'algorithm'
  | 'file'
  | 'directory'

/** A word after the command's name. */
export interface ArgumentSpec {
  readonly name: string
  readonly required: boolean
  /** The last argument only: it takes all that is left. */
  readonly variadic?: boolean
  /** The words there are; others are refused before anything is done. */
  readonly choices?: readonly string[]
  readonly completes?: Named
  readonly summary: string
}

export interface OptionSpec {
  /** Without dashes. */
  readonly flag: string
  readonly short?: string
  /** What the value is called in help; an option without it takes none. */
  readonly value?: string
  /** What a following word must look like to be the value; otherwise the option stands without one. */
  readonly valueWhen?: RegExp
  /** The values there are, or the only kind of them; other values are refused before anything is done. */
  readonly choices?: readonly string[] | 'whole number'
  readonly completes?: Named
  readonly summary: string
  /** May be given more than once; otherwise the last one counts. */
  readonly repeatable?: boolean
}

export interface CommandSpec {
  /** One word or two. */
  readonly name: string
  readonly summary: string
  readonly arguments: readonly ArgumentSpec[]
  readonly options: readonly OptionSpec[]
  /** What the words after `--` are, where they are none of the arguments. */
  readonly rest?: string
  /** Whole commands. */
  readonly examples: readonly string[]
}

/** The shells that completions are written for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

const job: ArgumentSpec = { name: 'job', required: true, completes: 'job', summary: 'a job of the configuration' }
const run: ArgumentSpec = {
  name: 'run',
  required: true,
  completes: 'run',
  summary: "a run's id, its beginning, or a job's name for its latest run",
}
const follow: OptionSpec = { flag: 'follow', short: 'f', summary: 'go on showing what comes, until the run ends' }

const parallel: OptionSpec = {
  flag: 'jobs',
  value: 'N',
  choices: 'whole number',
  summary: 'how many jobs may run at the same time',
}
const keepGoing: OptionSpec = { flag: 'keep-going', summary: 'after a failure, go on with all that does not need it' }
const detach: OptionSpec = { flag: 'detach', summary: 'start in the background and return at once' }

/** What the program can be asked to do, in the order in which help lists it. Data only: help reads it without zod. */
export const commands: readonly CommandSpec[] = [
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
      { flag: 'force', summary: 'run every job, whether its files have changed or not' },
      { flag: 'dry-run', summary: 'say what would run, and run nothing' },
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
      { ...job, required: false, summary: 'a job of that run' },
    ],
    options: [{ flag: 'at', value: 'TIME', summary: 'then, rather than last: 02:00, "2h ago", 2026-11-20T02:00:00Z' }],
    examples: ['orchastration why test', 'orchastration why 01k9 lint', 'orchastration why nightly --at 02:00'],
  },
  {
    name: 'answer',
    summary: 'answer a question that a run asks',
    arguments: [
      { name: 'question', required: true, completes: 'question', summary: "the question's number" },
      { name: 'choice', required: true, completes: 'choice', summary: 'one of its choices' },
    ],
    options: [],
    examples: ['orchastration answer 7 yes'],
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
    options: [follow],
    examples: ['orchastration runs events 01k9', 'orchastration runs events 01k9 --follow --json'],
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
    options: [parallel, keepGoing, detach],
    examples: ['orchastration runs retry 01k9', 'orchastration runs retry ci --keep-going'],
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
    name: 'runs prune',
    summary: 'erase what runs did, for good',
    arguments: [{ ...run, required: false, variadic: true }],
    options: [
      { flag: 'older-than', value: 'AGE', summary: 'runs that ended longer ago, such as 30d' },
      { flag: 'keep', value: 'N', summary: 'all but the latest N runs of each name' },
      { flag: 'max-bytes', value: 'SIZE', summary: 'the oldest runs, until the rest takes no more, such as 1G' },
      { flag: 'job', value: 'NAME', completes: 'job', summary: 'only runs of this job' },
      { flag: 'dry-run', summary: 'show what would be erased, and erase nothing' },
      { flag: 'yes', summary: 'do not ask' },
    ],
    examples: [
      'orchastration runs prune --older-than 30d --keep 10 --dry-run',
      'orchastration runs prune --max-bytes 1G --yes',
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
  {
    name: 'hash',
    summary: 'hash files, write and check manifests',
    arguments: [
      {
        name: 'path',
        required: false,
        variadic: true,
        completes: 'file',
        summary: 'a file, or a directory with all that is below it',
      },
    ],
    options: [
      { flag: 'file', value: 'P', completes: 'file', repeatable: true, summary: 'hash this file, too' },
      { flag: 'algo', value: 'A', completes: 'algorithm', summary: 'sha256, sha512, sha1 or xxh64' },
      {
        flag: 'manifest',
        value: 'FILE',
        completes: 'file',
        summary: 'write lines as sha256sum does; - is standard output',
      },
      { flag: 'tag', summary: "write the manifest's lines in BSD's style" },
      { flag: 'check', summary: 'the path is a manifest, - for standard input: compare files with it' },
      { flag: 'strict', summary: 'lines that are no checksums fail the check' },
      { flag: 'ignore-missing', summary: 'check only files that are there' },
    ],
    examples: [
      'orchastration hash --file dist/app.tar.gz',
      'orchastration hash src --algo xxh64 --manifest SUMS',
      'orchastration hash --check SUMS',
    ],
  },
  {
    name: 'trust',
    summary: "let a project's orchastration.toml count",
    arguments: [
      {
        name: 'directory',
        required: false,
        completes: 'directory',
        summary: 'a directory of the project; without it, the current one',
      },
    ],
    options: [
      { flag: 'yes', summary: 'do not ask' },
      { flag: 'list', summary: 'list the projects that are trusted' },
      { flag: 'revoke', summary: 'trust the project no more' },
    ],
    examples: ['orchastration trust', 'orchastration trust --list', 'orchastration trust app --revoke'],
  },
  {
    name: 'verify',
    summary: 'check that no record was changed, cut or restored',
    arguments: [{ name: 'file', required: false, completes: 'file', summary: 'an export; without it, the store' }],
    options: [
      { flag: 'key', value: 'PUB', summary: 'the public key to trust, kept elsewhere' },
      { flag: 'checkpoint', value: 'FILE', completes: 'file', summary: 'a checkpoint kept elsewhere' },
      { flag: 'run', value: 'ID', completes: 'run', summary: 'check this run only' },
      { flag: 'outputs', summary: 'check what the jobs wrote, too' },
    ],
    examples: ['orchastration verify', 'orchastration verify all.jsonl --key PUB --checkpoint head.note'],
  },
  {
    name: 'doctor',
    summary: 'look for what may be wrong, and say what to do',
    arguments: [],
    options: [{ flag: 'repair', summary: 'remove what dead processes left of themselves' }],
    examples: ['orchastration doctor', 'orchastration doctor --json'],
  },
  {
    name: 'backup',
    summary: 'copy the store while others write to it',
    arguments: [{ name: 'directory', required: true, completes: 'directory', summary: 'the new directory for it' }],
    options: [
      { flag: 'check', summary: 'check a backup instead: its files, its log, its outputs' },
      { flag: 'key', value: 'PUB', summary: 'the public key to trust, kept elsewhere' },
    ],
    examples: [
      'orchastration backup /media/disk/orchastration',
      'orchastration backup /media/disk/orchastration --check',
    ],
  },
  {
    name: 'rebuild',
    summary: 'make the tables and JSON records anew',
    arguments: [],
    options: [],
    examples: ['orchastration rebuild'],
  },
  {
    name: 'config path',
    summary: 'show which configuration files count here',
    arguments: [],
    options: [],
    examples: ['orchastration config path'],
  },
  {
    name: 'config show',
    summary: 'show the configuration that counts here',
    arguments: [],
    options: [{ flag: 'origin', summary: 'with the file and line of each key' }],
    examples: ['orchastration config show', 'orchastration config show --origin'],
  },
  {
    name: 'config validate',
    summary: 'check configuration files',
    arguments: [
      {
        name: 'file',
        required: false,
        variadic: true,
        completes: 'file',
        summary: 'a configuration file; without it, those that count here',
      },
    ],
    options: [],
    examples: ['orchastration config validate', 'orchastration config validate orchastration.toml'],
  },
  {
    name: 'config schema',
    summary: 'print the JSON Schema of configuration files',
    arguments: [],
    options: [],
    examples: ['orchastration config schema'],
  },
  {
    name: 'config example',
    summary: 'print an example of a configuration file',
    arguments: [],
    options: [],
    examples: ['orchastration config example'],
  },
  {
    name: 'completions',
    summary: "print a shell's completion script",
    arguments: [{ name: 'shell', required: true, choices: SHELLS, summary: `one of ${SHELLS.join(', ')}` }],
    options: [],
    examples: ['orchastration completions bash', 'orchastration completions fish'],
  },
  {
    name: 'complete',
    summary: 'print what may come next on a command line',
    arguments: [
      {
        name: 'word',
        required: false,
        variadic: true,
        summary: 'the words so far; the last one is being written, and may be empty',
      },
    ],
    options: [{ flag: 'next', summary: 'all words are whole: what may come behind them' }],
    examples: ['orchastration complete --next -- runs show', 'orchastration complete -- run bui'],
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of a document that --json gives',
    arguments: [
      { name: 'document', required: false, completes: 'document', summary: 'its name; without it, all names' },
    ],
    options: [],
    examples: ['orchastration schema', 'orchastration schema run'],
  },
  {
    name: 'man',
    summary: 'print the manual page',
    arguments: [],
    options: [],
    examples: ['orchastration man'],
  },
  {
    name: 'help',
    summary: 'show help, for a command or for all',
    arguments: [
      { name: 'command', required: false, variadic: true, completes: 'command', summary: 'its one word or two' },
    ],
    options: [],
    examples: ['orchastration help runs list'],
  },
]

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
  { flag: 'config', value: 'PATH', completes: 'file', summary: 'read this configuration file' },
  { flag: 'trust', summary: "let the project's orchastration.toml count this once" },
  { flag: 'state-dir', value: 'PATH', completes: 'directory', summary: 'keep records and store here' },
  { flag: 'json', summary: 'answer in JSON' },
  {
    flag: 'log-format',
    value: 'FORMAT',
    choices: ['json'],
    summary: 'print log lines, then the answer',
  },
  { flag: 'quiet', short: 'q', summary: 'nothing on standard error but failures and questions' },
  {
    flag: 'verbose',
    short: 'v',
    summary: 'say where things lie and how long it took; of a run also each event, and output as it comes',
  },
  { flag: 'no-input', summary: 'never ask here, also on a terminal' },
  { flag: 'color', value: 'WHEN', choices: ['auto', 'always', 'never'], summary: 'auto, always or never' },
  { flag: 'help', short: 'h', summary: 'show help, for a command or for all' },
  { flag: 'version', summary: 'show the version' },
]
