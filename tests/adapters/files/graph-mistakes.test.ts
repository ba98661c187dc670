import { describe, expect, test } from 'vitest'
import { readConfig } from '#adapters/files/read-config.ts'
import { describeFailure } from '#app/failure-text.ts'

/** What is told of the mistakes in a file, each with its line and column. */
async function mistakesIn(text: string): Promise<readonly string[]> {
  const read = await readConfig('/x.toml', new TextEncoder().encode(text), { isDeep: true })
  if (read.ok || read.error.code !== 'config_invalid') return []
  const { problems } = read.error
  const { detail } = describeFailure(read.error)
  const words = detail.filter((line) => line.includes('^')).map((line) => line.replace(/^.*\^ /, ''))
  return problems.map(({ line, column, width }, index) => `${line}:${column}+${width} ${words[index]}`)
}

/** A node each; the first line is the second of the file. */
const nodes = (...tables: readonly string[]) => tables.map((table) => `[[orchestrations.o.nodes]]\n${table}\n`).join('')

const run = 'kind = "command", with = { command = ["x"] }'.replace(', ', '\n')

describe('a mistake in the graph of an orchestration is told with its place', () => {
  const cases: readonly (readonly [mistake: string, text: string, ...told: string[]])[] = [
    [
      'a need that is no node',
      nodes(`id = "build"\n${run}`, `id = "b"\n${run}\nneeds = ["bild"]`),
      '9:10+6 no node "bild" is there; did you mean "build"?',
    ],
    [
      'nodes that need each other',
      nodes(`id = "a"\n${run}\nneeds = ["b"]`, `id = "b"\n${run}\nneeds = ["a"]`),
      '5:10+3 these nodes need each other in a circle: a, b, a',
    ],
    [
      'a node that needs itself',
      nodes(`id = "a"\n${run}\nneeds = ["a"]`),
      '5:10+3 these nodes need each other in a circle: a, a',
    ],
    [
      'two nodes of one name',
      nodes(`id = "a"\n${run}`, `id = "a"\n${run}`),
      '6:6+3 another node is called "a" already',
    ],
    [
      'an agent that nobody knows',
      nodes('id = "a"\nwith = { agent = "BuildrAgent" }'),
      '3:18+13 an agent that is configured is expected, this is "BuildrAgent"; did you mean "BuilderAgent"?',
    ],
    [
      'a job that nobody knows',
      nodes('id = "a"\nkind = "job"\nwith = { job = "j" }'),
      '4:16+3 a job, and none is configured, is expected, this is "j"',
    ],
    [
      'an orchestration that nobody knows',
      nodes('id = "a"\nkind = "orchestration"\nwith = { orchestration = "p" }'),
      '4:26+3 an orchestration that is configured is expected, this is "p"; did you mean "o"?',
    ],
    [
      'a task that nobody knows',
      nodes('id = "a"\nkind = "orchestration"\nwith = { orchestration = "p", task = "t" }') +
        '[orchestrations.p]\nagents = ["DocAgent"]\ntasks = ["u"]',
      '4:38+3 a task, and none is configured, is expected, this is "t"',
      '7:10+3 a task, and none is configured, is expected, this is "u"',
    ],
    [
      'orchestrations within each other',
      nodes('id = "a"\nkind = "orchestration"\nwith = { orchestration = "p" }') +
        '[[orchestrations.p.nodes]]\nid = "b"\nkind = "orchestration"\nwith = { orchestration = "o" }',
      '4:26+3 these orchestrations need each other in a circle: o, p, o',
      '8:26+3 these orchestrations need each other in a circle: p, o, p',
    ],
    [
      'a key of another kind, and a missing one',
      nodes('id = "a"\nkind = "human"\nwith = { command = ["x"] }'),
      '4:1+4 "text" is missing in [orchestrations.o.nodes[0].with]; what the node is about is expected',
      '4:10+7 unknown key in [orchestrations.o.nodes[0].with]; known here: text, choices, addressee, deadline, key',
    ],
    [
      'a node that does nothing',
      nodes('id = "a"'),
      '1:3+22 "agent" is missing in [orchestrations.o.nodes[0].with]; what the node is about is expected',
    ],
    [
      'a condition that is no text of the language',
      nodes(`id = "a"\n${run}\nwhen = "goal =="`),
      '5:16+1 a condition in CEL is expected: Unexpected token: EOF',
    ],
    [
      'a condition over values of other types',
      nodes(`id = "a"\n${run}\nwhen = 'goal == 1'`),
      '5:9+9 a condition in CEL is expected: no such overload: string == int',
    ],
    [
      'a condition that gives a text',
      nodes(`id = "a"\n${run}\nwhen = "goal"`),
      '5:9+4 a condition in CEL is expected: it gives a string',
    ],
    [
      'a condition over what is not waited for',
      nodes('id = "r"\nwith = { agent = "ReviewerAgent" }', `id = "a"\n${run}\nwhen = 'review.status == "passed"'`),
      '8:9+6 a key that a node before it writes (goal, task.name) is expected, this is "review.status", which r writes: let it stand in "needs"',
    ],
    [
      'a mistyped key',
      nodes(
        'id = "r"\nwith = { agent = "ReviewerAgent" }',
        `id = "a"\n${run}\nneeds = ["r"]\nwhen = 'review.statsu == "passed"'`,
      ),
      '9:16+6 a key that a node before it writes (goal, task.name, review.status, review.report, review.findings) is expected, this is "review.statsu"; did you mean "review.status"?',
    ],
    [
      'a list that is none',
      nodes(`id = "a"\n${run}\nforeach = "goal"`),
      '5:12+4 a list in CEL is expected: it gives a string',
    ],
    [
      'a duration without a unit',
      nodes(`id = "a"\n${run}\ntimeout = "5"`, 'id = "w"\nkind = "wait"\nwith = { for = "soon" }'),
      '5:11+3 a duration such as "30s" or "1h30m" is expected, this is "5"',
      '9:16+6 a duration such as "30s" or "1h30m" is expected, this is "soon"',
    ],
    [
      'a moment that might be anywhere',
      nodes('id = "w"\nkind = "wait"\nwith = { until = "2027-01-31 08:00" }'),
      '4:18+18 a moment with its zone such as "2027-01-31T08:00:00Z" is expected, this is "2027-01-31 08:00"',
    ],
    [
      'what follows from a failure names nobody, or itself',
      nodes(`id = "a"\n${run}\non_failure = "b"`, `id = "c"\n${run}\non_failure = "c"`),
      '5:14+3 no node "b" is there; did you mean "a"?',
      '10:14+3 another node; for another try there is "retry", is expected, this is "c"',
    ],
    [
      'a node that takes the place of one that needs it',
      nodes(`id = "a"\n${run}\nneeds = ["m"]\non_failure = "m"`, `id = "m"\n${run}`),
      '5:10+3 these nodes need each other in a circle: a, m, a',
    ],
    [
      'two writers of one value side by side',
      nodes('id = "a"\nwith = { agent = "ReviewerAgent" }', 'id = "b"\nwith = { agent = "ReviewerAgent" }'),
      '5:6+3 a and b would write "review.status" side by side',
    ],
    [
      'one value for many items',
      nodes('id = "a"\nforeach = ["x"]\nwith = { agent = "ReviewerAgent" }'),
      '3:11+5 its items would write "review.status" side by side',
    ],
    [
      'a placeholder for nothing',
      nodes(
        'id = "a"\nkind = "command"\nwith = { command = ["x", "{{context.nope}} {{item}}"], env = { A = "{{nope}}" } }',
      ),
      '4:27+16 a key that a node before it writes (goal, task.name) is expected, this is "{{context.nope}}"; did you mean "context.goal"?',
      '4:44+8 a node with "foreach", whose items it could be, is expected, this is "{{item}}"',
      '4:69+8 {{context.KEY}} or {{item}}, or {{{{ for two braces, is expected, this is "{{nope}}"',
    ],
    [
      'a placeholder that a shell would read',
      nodes('id = "a"\nkind = "command"\nwith = { command = "echo {{context.goal}}", shell = true }'),
      '4:26+16 a text without placeholders, since the shell would read what they stand for as code: hand it over in "env" is expected, this is "{{context.goal}}"',
    ],
    [
      'a placeholder in what a shell is given as code',
      nodes(
        `id = "a"\nkind = "command"\nwith = { command = ["/bin/sh", "-ec", 'echo "$1" {{context.goal}}', "sh", "{{context.goal}}"] }`,
      ),
      '4:50+16 a text without placeholders, since the shell would read what they stand for as code: hand it over in "env", or behind the text as an argument of it is expected, this is "{{context.goal}}"',
    ],
    [
      'parameters of a job',
      nodes('id = "a"\nkind = "job"\nwith = { job = "j", params = { tragte = "x", level = "high" } }') +
        '[jobs.j]\ncommand = ["x"]\nparams = { target = {}, level = { type = "integer" } }',
      '4:21+6 "target" is missing in [orchestrations.o.nodes[0].with.params]; a value for the job "j" is expected',
      '4:32+6 unknown key in [orchestrations.o.nodes[0].with.params]; did you mean "target"?',
      '4:54+6 a value that the job takes is expected, this is "high"',
    ],
    [
      'a value that an agent reads and nobody writes',
      '[agents.Judge]\nreads = ["scout.flies"]\n[agents.Scout]\nwrites = ["scout.files"]\n[orchestrations.o]\nsteps = [["Scout"], ["Judge"]]',
      '6:22+7 an agent whose values somebody writes; nobody writes "scout.flies", which it reads: is expected, this is "Judge"; did you mean "scout.files"?',
    ],
    [
      'a name that on_failure takes for itself',
      nodes(`id = "stop"\n${run}`),
      '2:6+6 another name than "stop" and "continue", which "on_failure" takes for itself, is expected, this is "stop"',
    ],
  ]
  test.each(cases)('%s', async (_mistake, text, ...told) => {
    expect(await mistakesIn(text)).toEqual(told)
  })

  test('all at once, and nothing of a graph that is right', async () => {
    const right = nodes(
      'id = "plan"\nwith = { agent = "PlannerAgent" }',
      'id = "each"\nkind = "command"\nneeds = ["plan"]\nforeach = "plan.tasks"\nwith = { command = ["x", "{{item}}", "{{context.goal}}"] }',
      'id = "ask"\nkind = "human"\nneeds = ["each"]\nwith = { text = "Well, {{context.plan.tasks}}?", choices = ["a"] }',
      `id = "last"\n${run}\nneeds = ["ask"]\nwhen = 'ask.answer == "a" && size(plan.tasks) > 0'`,
    )
    expect(await mistakesIn(right)).toEqual([])
    const wrong = nodes(`id = "a"\n${run}\nneeds = ["x"]\nwhen = "y"\non_failure = "z"`)
    expect(await mistakesIn(wrong)).toHaveLength(3)
  })
})
