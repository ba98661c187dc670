/** Loaded for the jobs that have files of variables or secrets. */
export async function surroundings(environment: Readonly<Record<string, string | undefined>>) {
  return (await import('#adapters/files/surrounding-files.ts')).surroundingFiles(environment)
}
