import { onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import { pathText, quoted, reasonText, type TextsFor, words } from './text.ts'

type SurroundingsCode = 'env_file_invalid' | 'secret_unusable' | 'secret_exposed' | 'pty_unsupported'

/** What a job finds around it. None of these holds a value: it may be a secret. */
export const surroundingsTexts: TextsFor<SurroundingsCode> = {
  env_file_invalid: ({ path, problem, line, column, cause = '' }, home) =>
    problem === 'unreadable'
      ? words(`the file of variables cannot be read: ${pathText(path, home)}`, {
          detail: [ENV_FILE_REASONS[cause] ?? reasonText(cause)],
          todo: [ENV_FILE_STEPS[cause] ?? 'correct it, or "env_file" in the configuration'],
        })
      : words(
          `${[pathText(path, home), line, column].filter((part) => part !== undefined).join(':')}: ${LINE_PROBLEMS[problem]}`,
          {
            detail: ['expected are lines NAME=value, "export" before them, quotes around values, and comments after #'],
            todo: ['correct the line; what stands in it is not shown, since it may be a secret'],
          },
        ),
  secret_unusable: (failure) =>
    words(`the secret ${quoted(failure.secret)}${ofJob(failure.job)} ${unusable(failure)}`, {
      todo: [wayOut(failure)],
    }),
  secret_exposed: ({ secret, job, key, isRecorded }) =>
    words(`the value of the secret ${quoted(secret)} stands in ${quoted(key)}${ofJob(job)}`, {
      detail: [
        isRecorded
          ? 'it is in the log already; the command was not started'
          : 'nothing was recorded and nothing was run',
      ],
      todo: [
        `take it out there: the command finds it in its variable ${onOneLine(secret)}`,
        ...(isRecorded ? ['change the secret: whoever reads the store can read it'] : []),
      ],
    }),
  pty_unsupported: () =>
    words('the job wants a terminal of its own ("pty"), which this system cannot give it', {
      todo: ['take "pty" out of the configuration, or run the job on Linux or macOS'],
    }),
}

const ENV_FILE_STEPS: Readonly<Record<string, string>> = {
  ENOENT: 'create it, or correct "env_file" in the configuration',
  special: 'it is a pipe or a device: name a file in "env_file"',
  EISDIR: 'it is a directory: name a file in "env_file"',
}

const ENV_FILE_REASONS: Readonly<Record<string, string>> = {
  large: 'it is larger than 1 MiB',
  binary: 'it is not UTF-8 text',
  special: 'it is a pipe or a device, a file is expected',
}

const LINE_PROBLEMS: Readonly<Record<Exclude<FailureOf<'env_file_invalid'>['problem'], 'unreadable'>, string>> = {
  name: 'a line must begin with the name of a variable',
  equals: 'the name must be followed by =',
  unclosed: 'the quote that begins here is never closed',
  escape: 'within double quotes a backslash stands before n, r, t, \\, " or $ only',
  after_quote: 'nothing but a comment may follow a closing quote',
  nul: 'a variable cannot hold a NUL byte',
}

function ofJob(job: string | undefined): string {
  return job === undefined ? '' : ` of the job ${quoted(job)}`
}

/** What is wrong with it, and where it was to come from. */
function unusable({ reason, detail = '', ...from }: FailureOf<'secret_unusable'>): string {
  const source = sourceText(from)
  switch (reason) {
    case 'unset':
      return `is missing: ${source} is not set`
    case 'empty':
      return `is missing: ${source} gives nothing`
    case 'short':
      return `cannot be masked: ${source} gives fewer than 4 bytes, which would be found in every other word`
    case 'large':
      return `is too large for a variable: ${source} gives more than 64 KiB`
    case 'binary':
      return `fits into no variable: ${source} gives no UTF-8 text, or a NUL byte`
    case 'unreadable':
      return `is missing: ${source} cannot be read: ${detail === 'special' ? 'it is a pipe or a device' : reasonText(detail)}`
    case 'not_started':
      return `is missing: ${source} did not start: ${reasonText(detail)}`
    case 'exit':
      return `is missing: ${source} ended with exit code ${onOneLine(detail)}`
    case 'killed':
      return `is missing: ${source} was ended by ${onOneLine(detail)}`
    case 'slow':
      return `is missing: ${source} took longer than a minute and was ended`
    default:
      return unreachable(reason)
  }
}

function sourceText({ source, from }: Pick<FailureOf<'secret_unusable'>, 'source' | 'from'>): string {
  if (source === 'env') return `the variable ${onOneLine(from)}`
  return `the ${source} ${quoted(from)}`
}

function wayOut({ source, from, reason }: FailureOf<'secret_unusable'>): string {
  if (reason === 'short') return 'use a longer value, or hand it over by "env" if it need not be kept secret'
  if (source === 'env') return `set ${onOneLine(from)} where orchastration is started`
  if (source === 'file')
    return 'check the file and who may read it; a relative path counts from the directory of the job'
  return 'run the command by hand: what it says on standard error is not kept'
}
