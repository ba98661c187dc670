// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of terminals begin with a control character
const MODE = /\u001b\[\?([\d;]+)([hl])/g
/** A code may be cut in two between pieces of output. */
const LONGEST_CODE = 32
/** What is on in a terminal at rest: the wrapping of lines, and the cursor. */
const USUALLY_ON: ReadonlySet<string> = new Set(['7', '25'])

/** Watches which modes of the screen a program leaves changed, such as one that was killed in the middle. */
export class ScreenModes {
  readonly #changed = new Map<string, boolean>()
  #tail = ''
  #last = '\n'
  #hasCodes = false

  watch(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const text = this.#tail + Buffer.from(bytes).toString('latin1')
    this.#tail = text.slice(-LONGEST_CODE)
    this.#last = text.at(-1) ?? '\n'
    this.#hasCodes ||= text.includes('\u001b')
    for (const [, modes = '', state] of text.matchAll(MODE)) {
      for (const mode of modes.split(';')) this.#set(mode, state === 'h')
    }
  }

  #set(mode: string, isOn: boolean): void {
    if (isOn === USUALLY_ON.has(mode)) this.#changed.delete(mode)
    else this.#changed.set(mode, isOn)
  }

  /** What takes the changes back, and ends an open line. */
  get undoing(): string {
    const codes = [...this.#changed].map(([mode, isOn]) => `\u001b[?${mode}${isOn ? 'l' : 'h'}`)
    return `${this.#hasCodes ? '\u001b[0m' : ''}${codes.join('')}${this.#last === '\n' ? '' : '\r\n'}`
  }
}
