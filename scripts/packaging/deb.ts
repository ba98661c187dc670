// A Debian package is an ar archive of three members; written here, it needs no tool and is the same everywhere.
import { readFileSync } from 'node:fs'
import { gzip } from './compress.ts'
import { changelog, control, copyright, LINTIAN_OVERRIDES } from './deb-texts.ts'
import { generatedDocuments } from './documents.ts'
import { needsOf } from './elf.ts'
import { PackagingError } from './fail.ts'
import { foldersOf, type PackedFile, tar } from './tar.ts'
import type { Target } from './targets.ts'
import { buildSeconds, version } from './version.ts'

// Libraries that libc6 itself brings; with another one, the package would depend on more than it says.
const LIBC6 = /^(lib(c|m|dl|rt|pthread)\.so\.\d+|ld-linux-[a-z0-9_-]+\.so\.\d+)$/
const BYTES_PER_KB = 1024

/** The .deb of a target for Linux. */
export function deb({ arch }: Target, binary: string): { readonly name: string; readonly bytes: Uint8Array } {
  const program = readFileSync(binary)
  const files = installed(program)
  const fields = { arch, depends: dependency(program), installedKb: installedKb(files) }
  const meta = [file('control', control(fields)), file('md5sums', md5sums(files))]
  const members = [
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'control.tar.gz', bytes: packed(meta) },
    { name: 'data.tar.gz', bytes: packed(files) },
  ]
  return { name: `orchastration_${version}_${arch}.deb`, bytes: ar(members) }
}

function installed(program: Uint8Array): readonly PackedFile[] {
  const { man, completions } = generatedDocuments()
  const doc = 'usr/share/doc/orchastration'
  return [
    { path: 'usr/bin/orchastration', bytes: program, executable: true },
    { path: 'usr/share/man/man1/orchastration.1.gz', bytes: gzip(man) },
    { path: 'usr/share/bash-completion/completions/orchastration', bytes: completions.bash },
    { path: 'usr/share/zsh/vendor-completions/_orchastration', bytes: completions.zsh },
    { path: 'usr/share/fish/vendor_completions.d/orchastration.fish', bytes: completions.fish },
    file('usr/share/lintian/overrides/orchastration', LINTIAN_OVERRIDES),
    file(`${doc}/copyright`, copyright()),
    { path: `${doc}/changelog.gz`, bytes: gzip(Buffer.from(changelog())) },
    { path: `${doc}/CHANGELOG.md.gz`, bytes: gzip(readFileSync('CHANGELOG.md')) },
    { path: `${doc}/README.md`, bytes: readFileSync('README.md') },
    { path: `${doc}/USAGE.md`, bytes: readFileSync('USAGE.md') },
    { path: `${doc}/examples/config.example.toml`, bytes: readFileSync('configs/config.example.toml') },
  ]
}

function file(path: string, text: string): PackedFile {
  return { path, bytes: Buffer.from(text) }
}

function dependency(program: Buffer): string {
  const { libraries, glibc } = needsOf(program)
  const others = libraries.filter((name) => !LIBC6.test(name))
  if (others.length > 0) throw new PackagingError(`the binary needs ${others.join(', ')}, which libc6 does not bring`)
  return `libc6 (>= ${glibc})`
}

/** As Debian counts it: every file rounded up to a kilobyte, and one for each folder. */
function installedKb(files: readonly PackedFile[]): number {
  const folders = foldersOf(files).length + 1
  return files.reduce((total, { bytes }) => total + Math.ceil(bytes.length / BYTES_PER_KB), folders)
}

function md5sums(files: readonly PackedFile[]): string {
  const line = ({ path, bytes }: PackedFile) => `${new Bun.CryptoHasher('md5').update(bytes).digest('hex')}  ${path}\n`
  return files
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .map(line)
    .join('')
}

/** dpkg takes names with `./` before them as its own tool writes them. */
function packed(files: readonly PackedFile[]): Uint8Array {
  return gzip(
    tar(
      files.map((each) => ({ ...each, path: `./${each.path}` })),
      buildSeconds(),
    ),
  )
}

function ar(members: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const parts = members.flatMap(({ name, bytes }) => {
    const fields = [
      name.padEnd(16),
      String(buildSeconds()).padEnd(12),
      '0     0     100644  ',
      String(bytes.length).padEnd(10),
    ]
    return [Buffer.from(`${fields.join('')}\`\n`, 'latin1'), bytes, Buffer.from('\n'.repeat(bytes.length % 2))]
  })
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts])
}
