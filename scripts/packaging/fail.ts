/** What a person has to put right before it can be built or packed; anything else that is thrown is a bug of ours. */
export class PackagingError extends Error {}

/** Runs a script to its end; what a person must put right is said in one line, without a stack. */
export async function runScript(name: string, script: () => Promise<void> | void): Promise<void> {
  try {
    await script()
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error
    console.error(`${name}: ${error.message}`)
    process.exitCode = 1
  }
}
