import { type DocumentSpec, documents } from '#surfaces/cli/documents.ts'
import { jsonSchemaOf } from '#surfaces/cli/json-schema.ts'

interface Node {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Node>>
}

interface Field {
  readonly path: string
  readonly type: string
  readonly meaning: string
}

const INTRODUCTION = `# JSON documents

Made from \`src/surfaces/cli/documents.ts\` by \`bun scripts/generate-docs.ts\`; do not edit.

Every command takes \`--json\`. It then answers on standard output with one document on one line, or with one document a
line where it says so below, and leaves words out. Each has its name and version in \`schema\`. Within a version fields
may be added; what is there keeps its meaning. \`orchastration schema NAME\` prints the JSON Schema of a document.

A command that fails answers with a \`failure\` document and its usual exit code. Times are milliseconds since the Unix
epoch. A field with \`?\` may be missing, \`[]\` stands for each item of a list, and \`*\` for one of several shapes.`

/** docs/json.md: every document, field by field, from the schemas that the real output is tested against. */
export async function jsonReference(): Promise<string> {
  const sections = await Promise.all(Object.entries(documents).map(sectionOf))
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`
}

async function sectionOf([name, spec]: readonly [string, DocumentSpec]): Promise<string> {
  const root: Node = jsonSchemaOf(name, await spec.load())
  const commands = spec.commands.map((command) => `\`${command} --json\``).join(', ')
  const from = name === 'version' ? '`--version --json`' : commands === '' ? 'Any command that fails.' : commands
  const fields = fieldsOf(root, root, '').map(({ path, type, meaning }) => `| \`${path}\` | ${type} | ${meaning} |`)
  return [
    `## ${name}`,
    `${from}${spec.lines === true ? ', one document a line' : ''}`,
    ['| field | type | meaning |', '|---|---|---|', ...fields].join('\n'),
  ].join('\n\n')
}

function fieldsOf(node: Node, root: Node, prefix: string): readonly Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, found]) => {
    const property = resolved(found, root)
    const path = `${prefix}${name}${node.required?.includes(name) === true ? '' : '?'}`
    const own = {
      path,
      type: typeOf(property, root),
      meaning: (found.description ?? property.description ?? '').replaceAll('|', '\\|').replaceAll('<', '&lt;'),
    }
    return [own, ...inner(property, root, path)]
  })
}

/** The fields inside of what a field holds. Failures have a page of their own. */
function inner(node: Node, root: Node, path: string): readonly Field[] {
  if (isFailure(node)) return []
  if (node.items !== undefined) return inner({ ...resolved(node.items, root) }, root, `${path}[]`)
  const variants = (node.anyOf ?? node.oneOf ?? [])
    .map((each) => resolved(each, root))
    .filter(({ type }) => type !== 'null')
  const [only] = variants
  if (only === undefined) return fieldsOf(node, root, `${path}.`)
  if (variants.length === 1) return inner(only, root, path)
  const all = new Map(variants.flatMap((each) => fieldsOf(each, root, `${path}*.`)).map((field) => [field.path, field]))
  const isFlat = variants.every(({ anyOf, oneOf }) => anyOf === undefined && oneOf === undefined)
  return isFlat && variants.every(({ type }) => type === 'object') ? [...all.values()].map(withoutConst) : []
}

function withoutConst(field: Field): Field {
  return field.type.startsWith('`') && field.meaning === ''
    ? { ...field, meaning: 'tells the shapes apart', type: 'text' }
    : field
}

function typeOf(node: Node, root: Node): string {
  if (isFailure(node)) return 'failure'
  if (node.const !== undefined) return `\`${String(node.const)}\``
  if (node.enum !== undefined) return node.enum.map((each) => `\`${String(each)}\``).join(' ')
  const variants = (node.anyOf ?? node.oneOf ?? []).map((each) => resolved(each, root))
  if (variants.length > 0) return [...new Set(variants.map((each) => typeOf(each, root)))].join(' or ')
  if (node.items !== undefined) return `list of ${typeOf(resolved(node.items, root), root)}`
  return [node.type]
    .flat()
    .map((type) => WORDS[String(type)] ?? String(type))
    .join(' or ')
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
}

/** The union of all failures, which has as many members as there are codes. */
function isFailure(node: Node): boolean {
  return (node.anyOf ?? []).length > FEW
}

const FEW = 12

function resolved(node: Node, root: Node): Node {
  if (node.$ref === undefined) return node
  const found = root.$defs?.[node.$ref.slice('#/$defs/'.length)]
  if (found === undefined) throw new Error(`${node.$ref} is not there`)
  return { ...found, ...(node.description !== undefined && { description: node.description }) }
}
