import * as z from 'zod/mini'
import { readPattern } from './file-pattern.ts'

/** What a program can be given: the operating system ends a text at its first NUL. */
export const PassedText = z.string().check(z.refine((text) => !text.includes('\0'), { error: 'nul' }))

/** A program and its arguments; no shell reads them. */
export const Argv = z.array(PassedText).check(
  z.minLength(1),
  z.refine((argv) => argv[0] !== '', { error: 'empty_program' }),
)

export const VariableName = z.string().check(z.regex(/^[^=\0]+$/, { error: 'variable_name' }))

export const PathText = PassedText.check(z.minLength(1))

/** A pattern that paths may match: see file-pattern.ts. */
export const PatternText = PathText.check(z.refine((text) => readPattern(text).ok, { error: 'file_pattern' }))
