import { readFileSync } from 'node:fs'
import { buildSeconds, description, version } from './version.ts'

// There is no mailbox yet; `.invalid` says so, and nobody can ever own it.
const MAINTAINER = 'orchastration maintainers <maintainers@orchastration.invalid>'

interface ControlFields {
  readonly arch: string
  readonly depends: string
  readonly installedKb: number
}

/** The package's own card. */
export function control({ arch, depends, installedKb }: ControlFields): string {
  return `Package: orchastration
Version: ${version}
Architecture: ${arch}
Maintainer: ${MAINTAINER}
Installed-Size: ${installedKb}
Depends: ${depends}
Section: devel
Priority: optional
Description: ${synopsis()}
 Jobs run as durable runs: killed anywhere, a run goes on after its last
 recorded step. Every fact goes into an append-only, hash-chained log with
 signed checkpoints, so that afterwards can be proved what ran and who decided.
 .
 One binary; no daemon, and no database to install.
`
}

/** Debian wants a phrase: no capital at its start and no full stop at its end. */
function synopsis(): string {
  return description.charAt(0).toLowerCase() + description.slice(1).replace(/\.$/, '')
}

/** Debian's own changelog; ours, for people, lies beside it. */
export function changelog(): string {
  return `orchastration (${version}) unstable; urgency=medium

  * What changed is told in CHANGELOG.md.gz beside this file.

 -- ${MAINTAINER}  ${new Date(buildSeconds() * 1000).toUTCString().replace('GMT', '+0000')}
`
}

/** Who owns what is in the package, and every licence's full text that Debian does not bring itself. */
export function copyright(): string {
  return `orchastration ${version}, built from its own sources by scripts/package-linux.sh.

Copyright: the authors of orchastration, as the history of its repository names them.

The full text of the licence stands at the end of this file; of the Apache
License 2.0, which is named below, in /usr/share/common-licenses/Apache-2.0.

${readFileSync('NOTICE', 'utf8').trimEnd()}


The licence of orchastration
============================

${readFileSync('LICENSE', 'utf8')}`
}

/** What lintian says of every program that brings a runtime along, and why it is so; nothing else is silenced. */
export const LINTIAN_OVERRIDES = `# The binary is the Bun runtime with our code in it. Bun links its libraries in,
# so that one file runs on every system; their licences are in the copyright file.
orchastration: embedded-library libjpeg *
# Bun is linked at fixed addresses and with late binding; we cannot relink it.
orchastration: hardening-no-pie *
orchastration: hardening-no-relro *
`
