import { cut, onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { FailureOf } from '#domain/failure.ts'
import {
  didYouMean,
  type FailureText,
  listed,
  pathText,
  quoted,
  reasonText,
  steps,
  type TextsFor,
  words,
} from './text.ts'

type FileCode =
  | 'file_unreadable'
  | 'file_unwritable'
  | 'file_exists'
  | 'file_missing'
  | 'file_special'
  | 'file_changed'
  | 'link_broken'
  | 'link_loop'
  | 'hash_without_file'
  | 'algorithm_unknown'
  | 'manifest_unusable'

/** Files that somebody named, and what should become of them. */
export const fileTexts: TextsFor<FileCode> = {
  file_unreadable: ({ path, reason }, home) =>
    words(`the file cannot be read: ${pathText(path, home)}`, {
      detail: [reasonText(reason)],
      todo: ['check the path and who may read it'],
    }),
  file_exists: ({ path }, home) =>
    words(`the file is there already: ${pathText(path, home)}`, {
      todo: ['leave it as it is, or write it anew with --force'],
    }),
  file_unwritable: ({ path, reason }, home) =>
    words(`the file cannot be written: ${pathText(path, home)}`, {
      // What is to be written need not be there.
      detail: [reason === 'ENOENT' ? 'a directory above it is not there' : reasonText(reason)],
      todo: ['check the path and who may write there, then do it again'],
    }),
  file_missing: ({ path }, home) =>
    words(`file not found: ${path === '' ? '""' : pathText(path, home)}`, { todo: ['check the path'] }),
  file_special: ({ path, kind }, home) =>
    words(`not a regular file: ${pathText(path, home)}`, {
      detail: [kindText(kind)],
      todo: ['name a regular file, or write what comes out of it to one first'],
    }),
  file_changed: ({ path, how }, home) =>
    words(`changed while it was read: ${pathText(path, home)}`, {
      detail: [changeText(how)],
      todo: ['do it again once nobody writes to it'],
    }),
  link_broken: ({ path, target }, home) =>
    words(`broken link: ${pathText(path, home)}`, {
      detail: [`it leads to ${quoted(target)}, which is not there`],
      todo: ['repair or remove the link'],
    }),
  link_loop: ({ path }, home) =>
    words(`links in a circle: ${pathText(path, home)}`, {
      detail: ['the link leads back to itself'],
      todo: ['repair or remove the link'],
    }),
  hash_without_file: ({ option }) =>
    words(`hash requires ${onOneLine(option)}`, {
      todo: steps(['for instance', 'orchastration hash --file README.md']),
    }),
  algorithm_unknown: ({ algorithm, nearest, known }) =>
    words(`unsupported algorithm: ${algorithm === '' ? '""' : cut(algorithm, 80)}${didYouMean(nearest)}`, {
      detail: [`supported: ${listed(known)}`],
    }),
  manifest_unusable: manifestUnusable,
}

function manifestUnusable(failure: FailureOf<'manifest_unusable'>, home: string | undefined): FailureText {
  const { path, malformed, first, passed_over } = failure
  const shown = path === '-' ? 'standard input' : pathText(path, home)
  if (first === undefined && passed_over > 0) {
    return words(`nothing was checked: none of the files in ${shown} is there`, {
      todo: ['go to the directory that the names count from, or leave --ignore-missing out'],
    })
  }
  const place = first === undefined ? [] : [`${shown}:${first.line}: ${onOneLine(first.reason)}: ${quoted(first.text)}`]
  return words(`no checksum line in ${shown}`, {
    detail: malformed > 1 ? [...place, `and ${malformed - 1} more like it`] : place,
    todo: ['expected are lines as sha256sum writes them: a digest, two blanks, the name of the file'],
  })
}

function kindText(kind: FailureOf<'file_special'>['kind']): string {
  switch (kind) {
    case 'pipe':
      return 'it is a named pipe'
    case 'socket':
      return 'it is a socket'
    case 'device':
      return 'it is a device'
    case 'unknown':
      return 'it is something that this machine has no word for'
    default:
      return unreachable(kind)
  }
}

function changeText(how: FailureOf<'file_changed'>['how']): string {
  switch (how) {
    case 'grew':
      return 'it grew'
    case 'shrank':
      return 'it was cut'
    case 'written':
      return 'it was written to'
    case 'touched':
      return 'its owner, mode or times were set, and its content may have changed with them'
    case 'replaced':
      return 'another file took its place'
    case 'removed':
      return 'it was removed'
    default:
      return unreachable(how)
  }
}
