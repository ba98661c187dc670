import { describeFailure } from '#app/failure-text.ts'
import type { CheckedFile, FilesChecked, FilesHashed } from '#app/hash-report.ts'
import { hasRawBytes, rawBytes, wellFormed } from '#base/raw-text.ts'
import type { Failure } from '#domain/failure.ts'

/** `hash --json` of files that were hashed. */
export function hashDocument({ algorithm, files, failures, notEntered, manifest, stopped }: FilesHashed): object {
  return {
    algorithm,
    files: files.map(({ path, hash, bytes }) => ({ ...nameFields(path), algorithm, hash, bytes })),
    failures: failures.map(failureFields),
    not_entered: notEntered.map(wellFormed),
    ...(manifest !== undefined && { manifest: wellFormed(manifest) }),
    ...(stopped !== undefined && { stopped }),
  }
}

/** `hash --check --json`. */
export function checkDocument({ manifest, files, malformed, passedOver, stopped }: FilesChecked): object {
  return {
    manifest: wellFormed(manifest),
    checked: files.map(checkedFields),
    malformed: malformed.map(({ text, ...rest }) => ({ ...rest, text: wellFormed(text) })),
    passed_over: passedOver,
    ...(stopped !== undefined && { stopped }),
  }
}

function checkedFields({ path, line, algorithm, expected, found }: CheckedFile): object {
  const fields = { ...nameFields(path), line, algorithm, expected, state: found.state }
  if (found.state === 'failed') return { ...fields, ...failureFields(found.failure) }
  return { ...fields, hash: found.hash, bytes: found.bytes }
}

function failureFields(failure: Failure): object {
  const { headline, detail, todo } = describeFailure(failure)
  const data = Object.entries(failure).map(([key, value]) => [
    key,
    typeof value === 'string' ? wellFormed(value) : value,
  ])
  return { failure: Object.fromEntries(data), text: wellFormed([headline, ...detail, ...todo].join('\n')) }
}

/** A name that is no UTF-8 cannot stand in JSON as it is; its bytes can. */
function nameFields(path: string): object {
  const file = wellFormed(path)
  return hasRawBytes(path) ? { file, file_base64: Buffer.from(rawBytes(path)).toString('base64') } : { file }
}
