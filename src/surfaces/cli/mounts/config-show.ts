import { pathText } from '#app/failure-texts/text.ts'
import type { ShownConfig, ShownKey } from '#app/operations/config-show.ts'
import { onOneLine } from '#base/text.ts'
import { tomlKey, tomlValue } from '#base/toml.ts'
import { mount, printJson } from '../mount.ts'

/** `config show`: the configuration as one file would have it; with `--origin` each key with its place. */
export const configShow = mount<ShownConfig>(({ io, json, home, options }) => ({
  answer: ({ config, keys }) => {
    const wantsOrigin = options['origin'] === true
    if (json) printJson(io, 'config show', { config, ...(wantsOrigin && { origins: keys.map(originOf) }) })
    else if (keys.length === 0) io.note('nothing is configured: orchastration config path\n')
    else io.out(textOf(keys, (key) => (wantsOrigin ? `  # ${placeText(key, home)}` : '')))
    return 0
  },
}))

function originOf({ table, key, path, line }: ShownKey): object {
  return { key: keyText([...table, ...(key === undefined ? [] : [key])]), path, line: line ?? null }
}

function textOf(keys: readonly ShownKey[], after: (key: ShownKey) => string): string {
  const tables = Map.groupBy(keys, ({ table }) => keyText(table))
  const blocks = [...tables].map(([table, members]) => {
    const lines = members.map((member) =>
      member.key === undefined ? '' : `${tomlKey(member.key)} = ${tomlValue(member.value)}${after(member)}`,
    )
    const [first] = members
    const header = first?.key === undefined && first !== undefined ? `[${table}]${after(first)}` : `[${table}]`
    return [header, ...lines.filter((line) => line !== '')].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

function placeText({ path, line }: ShownKey, home: string | undefined): string {
  return onOneLine(line === undefined ? pathText(path, home) : `${pathText(path, home)}:${line}`)
}

function keyText(path: readonly string[]): string {
  return path.map(tomlKey).join('.')
}
