import { readFileSync } from 'node:fs'
import { completionScript } from '#surfaces/cli/completions.ts'
import { manPage } from '#surfaces/cli/man-page.ts'
import type { PackedFile } from './tar.ts'
import { buildSeconds, version } from './version.ts'

/** The manual page and the completions, made from the table of commands. */
export function generatedDocuments(): {
  readonly man: Uint8Array
  readonly completions: Readonly<Record<'bash' | 'zsh' | 'fish' | 'powershell', Uint8Array>>
} {
  const date = new Date(buildSeconds() * 1000).toISOString().slice(0, 10)
  return {
    man: Buffer.from(manPage({ version, date })),
    completions: {
      bash: Buffer.from(completionScript('bash')),
      zsh: Buffer.from(completionScript('zsh')),
      fish: Buffer.from(completionScript('fish')),
      powershell: Buffer.from(completionScript('powershell')),
    },
  }
}

/** All that an archive or the npm package holds beside the program. */
export function documents(): readonly PackedFile[] {
  const { man, completions } = generatedDocuments()
  return [
    ...COPIED.map((path) => ({ path, bytes: readFileSync(path) })),
    { path: 'man/orchastration.1', bytes: man },
    { path: 'completions/orchastration.bash', bytes: completions.bash },
    { path: 'completions/_orchastration', bytes: completions.zsh },
    { path: 'completions/orchastration.fish', bytes: completions.fish },
    { path: 'completions/orchastration.ps1', bytes: completions.powershell },
  ]
}

const COPIED = [
  'LICENSE',
  'NOTICE',
  'licenses/Apache-2.0.txt',
  'README.md',
  'USAGE.md',
  'CHANGELOG.md',
  'configs/config.example.toml',
]
