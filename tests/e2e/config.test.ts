import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkLeaks, given } from '../support/given.ts'

checkLeaks()

const shipped = (path: string) => readFileSync(fileURLToPath(new URL(`../../configs/${path}`, import.meta.url)), 'utf8')

describe('config example', () => {
  test('prints the example of the repository', async () => {
    await given().gives(['config', 'example'], { stdout: shipped('config.example.toml'), exit: 0 })
  })

  test('prints what works as it is, with every example that the ancestor has', async () => {
    const place = given()
    const { stdout } = await place.run(['config', 'example'])
    place.configure(stdout)
    expect(stdout).toMatch(
      /\[tasks\.sample_task\][\s\S]*\[orchestrations\.hello_multi_agent\][\s\S]*\[orchestrations\.parallel_example\]/,
    )
    const ran = await place.run(['run', 'sample', 'greet', '--param', 'name=Ada'])
    expect(ran).toMatchObject({ stdout: expect.stringMatching(/^job=sample exit=0 .*\njob=greet exit=0 /), exit: 0 })
    expect(ran.stderr).toContain('Hello, Ada')
  })
})

describe('config schema', () => {
  test('prints the JSON Schema of the repository', async () => {
    const { stdout, exit } = await given().run(['config', 'schema'])
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(shipped('config.schema.json')))
    const { schema, json_schema } = await given().json(['config', 'schema'])
    expect(schema).toBe('orchastration.config-schema/1')
    expect(json_schema).toEqual(JSON.parse(stdout))
  })

  test('knows every key of the example, and describes it', () => {
    const schema = JSON.parse(shipped('config.schema.json'))
    expect(strangers(Bun.TOML.parse(shipped('config.example.toml')), schema, '')).toEqual([])
  })
})

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly anyOf?: readonly Schema[]
}

/** The paths of keys that the schema does not know or does not describe. */
function strangers(value: unknown, schema: Schema, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const table = [schema, ...(schema.anyOf ?? [])].find((each) => each.properties ?? each.additionalProperties)
  return Object.entries(value).flatMap(([key, held]) => {
    const named = table?.properties?.[key]
    const member = named ?? (table?.additionalProperties || undefined)
    if (member === undefined || (named !== undefined && named.description === undefined)) return [`${path}.${key}`]
    return strangers(held, member, `${path}.${key}`)
  })
}
