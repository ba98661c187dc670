import type { ArgumentSpec, OptionSpec } from './command-spec.ts'

/** `<job...>`, `[file]`: an argument as help, manual page and reference write it. */
export function argumentText({ name, required, variadic }: ArgumentSpec): string {
  const text = `${name}${variadic ? '...' : ''}`
  return required ? `<${text}>` : `[${text}]`
}

/** What an option's value is called, in brackets where the option can do without; empty where it takes none. */
export function valueText({ value, valueWhen }: OptionSpec): string {
  if (value === undefined) return ''
  return valueWhen === undefined ? value : `[${value}]`
}

/** What is to be said of an option: with its values, where the sentence does not name them. */
export function optionText({ choices, summary, repeatable }: OptionSpec): string {
  const isListed = Array.isArray(choices) && !choices.every((choice) => summary.includes(choice))
  return `${summary}${isListed ? `: ${choices.join(', ')}` : ''}${repeatable ? '; may be repeated' : ''}`
}
