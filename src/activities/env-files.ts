import { parseDotenv } from '#base/dotenv.ts'
import { err, ok, type Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'
import type { CommandInput } from '#workflows/command.ts'
import type { SurroundingsPort } from './surroundings-port.ts'

/** The variables of a job's files; later files win. What is wrong is told by its place, never by its text. */
export function readEnvFiles(
  port: SurroundingsPort,
  { env_files = [], directory }: CommandInput,
): Result<Readonly<Record<string, string>>, Failure> {
  const variables: Readonly<Record<string, string>>[] = []
  for (const name of env_files) {
    const { path, text } = port.envFile(name, directory)
    if (!text.ok) return err({ code: 'env_file_invalid', path, problem: 'unreadable', cause: text.error })
    const parsed = parseDotenv(text.value)
    if (!parsed.ok) return err({ code: 'env_file_invalid', path, ...parsed.error })
    variables.push(parsed.value)
  }
  return ok(Object.fromEntries(variables.flatMap((each) => Object.entries(each))))
}
