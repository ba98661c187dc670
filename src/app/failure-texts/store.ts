import { formatDuration } from '#base/duration.ts'
import { grouped, onOneLine } from '#base/text.ts'
import { pathText, reasonText, shellWord, steps, type TextsFor, words } from './text.ts'

type StoreCode =
  | 'store_missing'
  | 'store_read_only'
  | 'store_full'
  | 'store_busy'
  | 'store_damaged'
  | 'store_newer'
  | 'store_io'
  | 'event_unreadable'
  | 'key_unusable'
  | 'backup_exists'

/** The store, its events and its key. */
export const storeTexts: TextsFor<StoreCode> = {
  store_missing: ({ path }, home) =>
    words('nothing was ever run here: there is no store yet', {
      detail: [`looked for ${pathText(path, home)}`],
      todo: steps(['jobs', 'orchastration list'], ['start one', 'orchastration run <job>']),
    }),
  store_read_only: ({ path, reason }, home) =>
    words(`the store cannot be written: ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo: ['make its directory writable, or choose another one with --state-dir'],
    }),
  store_full: ({ path, reason }, home) =>
    words(`the disk is full: ${pathText(path, home)}`, {
      detail: [reasonText(reason), 'what was recorded before is kept'],
      todo: [
        'make room, then go on',
        ...steps(['runs', 'orchastration runs list'], ['go on', 'orchastration runs resume <run>']),
      ],
    }),
  store_busy: ({ path, waited_ms }, home) =>
    words(`other processes kept the store locked for ${formatDuration(waited_ms)}: ${pathText(path, home)}`, {
      todo: ['try again; nothing was changed'],
    }),
  store_damaged: ({ path, reason }, home) =>
    words(`the store is damaged, or is no store of orchastration: ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo: ['keep a copy of it before anything else', ...steps(['what can be read', 'orchastration verify'])],
    }),
  store_newer: ({ path, found, known }, home) =>
    words(`a newer version of orchastration wrote the store: ${pathText(path, home)}`, {
      detail: [`its format is ${found}, this version knows formats up to ${known}`],
      todo: ['update orchastration, or choose another place with --state-dir'],
    }),
  store_io: ({ path, reason }, home) =>
    words(`input or output error on the store: ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo: steps(['check it', 'orchastration verify']),
    }),
  event_unreadable: ({ run, seq, reason }) =>
    words(`event ${grouped(seq)}${run === undefined ? '' : ` of run ${onOneLine(run)}`} cannot be read`, {
      detail: [reasonText(reason), 'it is left out and not repaired; everything else is shown'],
      todo: steps(['check the store', 'orchastration verify']),
    }),
  key_unusable: ({ path, reason }, home) =>
    words(`the signing key cannot be used: ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo:
        reason.startsWith('others') || reason === 'EACCES'
          ? steps(['for your eyes only', `chmod 600 ${shellWord(path)}`])
          : ['put back a copy of it; or move it away, and a new one is made, which cannot speak for the old one'],
    }),
  backup_exists: ({ path }, home) =>
    words(`there is something of that name: ${pathText(path, home)}`, {
      todo: ['name a directory that is not there yet: a backup never overwrites anything'],
    }),
}
