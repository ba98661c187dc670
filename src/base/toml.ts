/** A key as TOML has it, bare where it can be. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlText(key)
}

/** A value on one line of TOML: tables inside become inline tables. */
export function tomlValue(value: unknown): string {
  if (typeof value === 'string') return tomlText(value)
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`
  if (typeof value === 'number' && !Number.isFinite(value))
    return String(value).replace('Infinity', 'inf').replace('NaN', 'nan')
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([key, held]) => `${tomlKey(key)} = ${tomlValue(held)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** JSON writes texts as TOML reads them, but for the characters that only TOML wants escaped. */
function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
