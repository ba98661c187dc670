import { describeFailure } from '#app/failure-text.ts'
import { pathText } from '#app/failure-texts/text.ts'
import type { CheckedFile } from '#app/operations/config-validate.ts'
import { exitCodeOf } from '../exit-code.ts'
import { mount, printJson } from '../mount.ts'

/** `config validate`: which files are right, and all that is wrong with the others. */
export const configValidate = mount<{ readonly files: readonly CheckedFile[] }>(({ io, json, home }) => ({
  answer: ({ files }) => {
    const [failure] = files.flatMap((file) => file.failure ?? [])
    if (json) {
      const rows = files.map(({ path, failure: why = null }) => ({ path, valid: why === null, failure: why }))
      printJson(io, 'config validate', { files: rows })
    } else {
      for (const file of files) {
        if (file.failure === undefined) io.out(`${pathText(file.path, home)} is valid\n`)
        else {
          const { headline, detail, todo } = describeFailure(file.failure, home)
          io.note(`${[headline, ...detail, ...todo].join('\n')}\n`)
        }
      }
      if (files.length === 0) io.note('no configuration file is here: orchastration config path\n')
    }
    return failure === undefined ? 0 : exitCodeOf(failure)
  },
}))
