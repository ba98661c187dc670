import type { CommandSpec } from '../command-spec.ts'

/** Files, whatever they have to do with jobs. */
export const fileCommands: readonly CommandSpec[] = [
  {
    name: 'hash',
    summary: 'hash files, write and check manifests',
    arguments: [
      {
        name: 'path',
        required: false,
        variadic: true,
        completes: 'file',
        summary: 'a file, or a directory with all that is below it',
      },
    ],
    options: [
      { flag: 'file', value: 'P', completes: 'file', repeatable: true, summary: 'hash this file, too' },
      { flag: 'algo', value: 'A', completes: 'algorithm', summary: 'sha256, sha512, sha1 or xxh64' },
      {
        flag: 'manifest',
        value: 'FILE',
        completes: 'file',
        summary: 'write lines as sha256sum does; - is standard output',
      },
      { flag: 'tag', summary: "write the manifest's lines in BSD's style" },
      { flag: 'check', summary: 'the path is a manifest, - for standard input: compare files with it' },
      { flag: 'strict', summary: 'lines that are no checksums fail the check' },
      { flag: 'ignore-missing', summary: 'check only files that are there' },
    ],
    examples: [
      'orchastration hash --file dist/app.tar.gz',
      'orchastration hash src --algo xxh64 --manifest SUMS',
      'orchastration hash --check SUMS',
    ],
  },
]
