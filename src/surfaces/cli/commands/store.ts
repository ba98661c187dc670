import type { CommandSpec } from '../command-spec.ts'

/** The store and all that stands around it. */
export const storeCommands: readonly CommandSpec[] = [
  {
    name: 'verify',
    summary: 'check that no record was changed, cut or restored',
    arguments: [{ name: 'file', required: false, completes: 'file', summary: 'an export; without it, the store' }],
    options: [
      { flag: 'key', value: 'PUB', summary: 'the public key to trust, kept elsewhere' },
      { flag: 'checkpoint', value: 'FILE', completes: 'file', summary: 'a checkpoint kept elsewhere' },
      { flag: 'run', value: 'ID', completes: 'run', summary: 'check this run only' },
      { flag: 'outputs', summary: 'check what the jobs wrote, too' },
    ],
    examples: ['orchastration verify', 'orchastration verify all.jsonl --key PUB --checkpoint head.note'],
  },
  {
    name: 'doctor',
    summary: 'look for what may be wrong, and say what to do',
    arguments: [],
    options: [{ flag: 'repair', summary: 'remove what dead processes left of themselves' }],
    examples: ['orchastration doctor', 'orchastration doctor --json'],
  },
  {
    name: 'backup',
    summary: 'copy the store while others write to it',
    arguments: [{ name: 'directory', required: true, completes: 'directory', summary: 'the new directory for it' }],
    options: [
      { flag: 'check', summary: 'check a backup instead: its files, its log, its outputs' },
      { flag: 'key', value: 'PUB', summary: 'the public key to trust, kept elsewhere' },
    ],
    examples: [
      'orchastration backup /media/disk/orchastration',
      'orchastration backup /media/disk/orchastration --check',
    ],
  },
  {
    name: 'rebuild',
    summary: 'make the tables and JSON records anew',
    arguments: [],
    options: [],
    examples: ['orchastration rebuild'],
  },
]
