import { ok } from '#base/result.ts'
import { manPage } from '../man-page.ts'
import type { MakePage } from '../page.ts'

/** `man`: the manual page, as `man` reads it. */
export const man: MakePage = async ({ release: { number, time } }) => {
  const page = manPage({ version: number, date: time.slice(0, 'YYYY-MM-DD'.length) })
  return ok({ text: page, document: { page } })
}
