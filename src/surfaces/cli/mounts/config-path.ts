import type { ConfigPlace } from '#app/config-port.ts'
import { whyUntrusted } from '#app/failure-texts/project.ts'
import { pathText } from '#app/failure-texts/text.ts'
import type { ConfigPaths } from '#app/operations/config-path.ts'
import { onOneLine } from '#base/text.ts'
import type { Io } from '../io.ts'
import { mount, printJson } from '../mount.ts'

const KINDS = { user: 'yours', named: 'named', project: 'project' } as const
const WIDTH = 9

/** `config path`: a line for each file, a later one counting over an earlier one. */
export const configPath = mount<ConfigPaths>(({ io, json, home }) => ({
  answer: ({ files, replaced }) => {
    if (json) printJson(io, 'config path', { files, replaced })
    else {
      for (const file of files) say(file, io, home)
      if (replaced.length > 0) io.note(`the project has its own ${replaced.map(onOneLine).join(', ')}\n`)
    }
    return 0
  },
}))

function say({ kind, path, state, files }: ConfigPlace, io: Io, home: string | undefined): void {
  const line = `${KINDS[kind].padEnd(WIDTH)}${pathText(path, home)}`
  if (state === 'there') io.out(`${line}\n`)
  else if (state === 'absent') io.out(`${line} - not there\n`)
  else {
    io.out(`${line} - not trusted, does not count\n`)
    io.note(`${whyUntrusted({ reason: state, files: [...files] })}; look at it: orchastration trust\n`)
  }
}
