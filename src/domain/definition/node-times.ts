const MOMENT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)$/

/** Milliseconds since the epoch of a moment with its zone, so that it is the same wherever the run goes on. */
export function momentOf(text: string): number | undefined {
  const at = MOMENT.test(text) ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
