import { describe, expect, test } from 'vitest'
import { commands } from '#surfaces/cli/command-table.ts'
import { helpText } from '#surfaces/cli/help.ts'

describe('help', () => {
  test('for all lists every command', () => {
    const text = helpText()
    for (const { name } of commands) expect(text).toContain(`\n  ${name} `)
  })

  test('for a command shows its usage, arguments, options and examples', () => {
    expect(helpText('runs logs')).toBe(`orchastration runs logs: show what the jobs of a run wrote

usage:
  orchastration runs logs <run> [job] [options]

arguments:
  <run>  a run's id, its beginning, or a job's name for its latest run
  [job]  only this job of the run

options:
  -f, --follow  go on showing what comes, until the run ends
      --stderr  standard error only
      --stdout  standard output only

options of every command:
      --config PATH        read this configuration file
      --trust              let the project's orchastration.toml count this once
      --state-dir PATH     keep records and store here
      --json               answer in JSON
      --log-format FORMAT  print log lines, then the answer: json
  -q, --quiet              nothing on standard error but failures and questions
  -v, --verbose            say where things lie and how long it took; of a run
                           also each event, and output as it comes
      --no-input           never ask here, also on a terminal
      --color WHEN         auto, always or never
  -h, --help               show help, for a command or for all
      --version            show the version

examples:
  orchastration runs logs 01k9
  orchastration runs logs 01k9 test --stderr
  orchastration runs logs 01k9 -f
`)
  })

  test('for the first word of several commands lists those', () => {
    expect(
      helpText('runs')
        .split('\n\n')[1]
        ?.split('\n')
        .filter((line) => !line.startsWith('   '))
        .map((line) => line.trim().split(' ').slice(0, 2).join(' ')),
    ).toEqual(['commands:', ...commands.filter(({ name }) => name.startsWith('runs ')).map(({ name }) => name)])
  })

  test.each([undefined, 'runs', ...commands.map(({ name }) => name)])('keeps to 80 columns: %s', (command) => {
    expect(
      helpText(command)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([])
  })

  test.each([undefined, 'runs', ...commands.map(({ name }) => name)])(
    'keeps to a narrow terminal, but for what is to be typed: %s',
    (command) => {
      for (const columns of [20, 30, 40, 60]) {
        const lines = helpText(command, columns).split('\n')
        const typed = /^ *(orchastration |\S+ <|-|\[|<)/
        const long = lines.filter((line) => line.length > columns && !typed.test(line) && line.trim().includes(' '))
        // Names of commands with their arguments are typed, too.
        expect(long.filter((line) => !commands.some(({ name }) => line.trim().startsWith(name)))).toEqual([])
      }
    },
  )

  test.each([undefined, 'runs', ...commands.map(({ name }) => name)])('has examples: %s', (command) => {
    expect(helpText(command)).toMatch(/\nexamples:\n {2}orchastration /)
  })

  test('is 80 columns wide where nobody knows, and no wider on a wide terminal', () => {
    expect(helpText('run', 0)).toBe(helpText('run', 80))
    expect(helpText('run', 300)).toBe(helpText('run', 80))
  })

  test('goes on below the second column with what is too long for it', () => {
    expect(helpText('runs list')).toContain(
      '      --status STATUS  only runs that stand there: queued, running, waiting,\n                       paused, succeeded, failed, cancelled, timed_out,\n                       interrupted\n',
    )
  })
})
