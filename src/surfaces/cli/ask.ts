import { createInterface } from 'node:readline'
import { describeFailure } from '#app/failure-text.ts'
import type { Asking } from '#app/operation.ts'
import type { AskedQuestion } from '#app/store-port.ts'
import { alternatives } from '#base/text.ts'
import type { Failure } from '#domain/failure.ts'

/** Reads the answer to a question from the terminal, a line at a time. The end of input is no answer. */
export function ask({ number, choices }: AskedQuestion, { closed, take }: Asking): Promise<void> {
  const prompt = `        ${alternatives(choices)}: `
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt })
  let hasStopped = false
  const stopReading = () => {
    hasStopped = true
    lines.close()
  }
  const takeLine = async (text: string) => {
    const taken = await take(text)
    const isOver = taken.ok ? taken.value.isOver : !TRY_AGAIN.has(taken.error.code)
    if (isOver) stopReading()
    const words = taken.ok ? (taken.value.words ?? '') : failureWords(taken.error)
    if (words !== '') process.stderr.write(words.replace(/^/gm, '        ').concat('\n'))
    if (!isOver && !closed.aborted) lines.prompt()
  }
  return new Promise((resolve) => {
    closed.addEventListener('abort', stopReading, { once: true })
    lines.on('line', (text) => void takeLine(text))
    lines.once('close', () => {
      closed.removeEventListener('abort', stopReading)
      if (!hasStopped)
        process.stderr.write(`\nno answer here; orchastration answer ${number} ${alternatives(choices)}\n`)
      resolve()
    })
    // While it reads lines the terminal gives Ctrl-C as a key; whoever listens for the signal hears of it all the same.
    lines.once('SIGINT', () => {
      stopReading()
      process.stderr.write('\n')
      process.kill(process.pid, 'SIGINT')
    })
    if (closed.aborted) stopReading()
    else lines.prompt()
  })
}

/** What may be said better at once. */
const TRY_AGAIN: ReadonlySet<Failure['code']> = new Set(['invalid_choice', 'steering_invalid', 'steering_refused'])

function failureWords(failure: Failure): string {
  const { headline, detail } = describeFailure(failure)
  return [headline, ...(failure.code === 'steering_refused' ? [] : detail)].join('\n')
}

/** Asks for a yes at the terminal, for which `y` will do. The end of input, Ctrl-C and anything else are a no. */
export function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: `${question} yes | no: ` })
  return new Promise((resolve) => {
    let isYes = false
    lines.on('line', (text) => {
      isYes = /^y(es)?$/i.test(text.trim())
      lines.close()
    })
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => resolve(isYes))
    lines.prompt()
  })
}
