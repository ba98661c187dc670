import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { listed, windows } from '#adapters/process/windows.ts'

test('the list of Windows is read, with the name where the command line is hidden', () => {
  // In the shape that the query prints; written by hand, not recorded there.
  const output = `[{"pid":4,"parent":0,"name":"System","command":null,"started":1763640000000},
    {"pid":900,"parent":4,"name":"cmd.exe","command":"cmd /c pause","started":1763640001234}]\r\n`
  expect(listed(output).map(({ command, ...entry }) => ({ ...entry, command: command() }))).toEqual([
    {
      pid: 4,
      program: 'System',
      parent: 0,
      group: 0,
      session: 0,
      started: 1763640000000,
      stopped: false,
      marked: false,
      command: 'System',
    },
    {
      pid: 900,
      program: 'cmd.exe',
      parent: 4,
      group: 0,
      session: 0,
      started: 1763640001234,
      stopped: false,
      marked: false,
      command: 'cmd /c pause',
    },
  ])
})

test('a program is searched for in the Path that was set last, however it is written', () => {
  const [program = '', directory] = [basename(process.execPath), '/']
  const spec = (environment: Record<string, string>) => ({ ...SPEC, argv: [program] as const, environment, directory })
  const folder = dirname(process.execPath)
  expect(windows.findProgram(spec({ PATH: '/nowhere', Path: folder }))).toEqual({ ok: true, value: process.execPath })
  expect(windows.findProgram(spec({ Path: folder, PATH: '/nowhere' }))).toEqual({
    ok: false,
    error: { code: 'program_missing', program },
  })
})

test('of two variables that Windows takes for one, the child is given the one set last', () => {
  const variables = { Path: 'inherited', TEMP: 'kept', path: 'job' }
  expect(windows.environment(variables)).toEqual({ TEMP: 'kept', path: 'job' })
})

const SPEC = { stdoutPath: '', stderrPath: '', mark: { step: '', notePath: '' } }
