/** What the command line says about where things lie. */
export interface ComposeOptions {
  readonly config: string | undefined
  readonly stateDir: string | undefined
  /** Somebody asks what is wrong: a configuration that cannot be read stops nothing, and nothing is written. */
  readonly examining?: boolean
  /** `--trust`: the project file counts, whoever trusted it. */
  readonly trust?: boolean
  /** How log lines get to standard output, and whether they shall, whatever the configuration says. */
  readonly logs?: { readonly toStdout: boolean; readonly write: (text: string) => void }
}
