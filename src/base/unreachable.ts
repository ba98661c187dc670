/** Ends every `switch` over a union: reaching it is a bug of ours, and a missing case fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`internal error: unreachable case ${JSON.stringify(value)}`)
}
