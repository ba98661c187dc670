import * as z from 'zod/mini'
import { parseSize } from '#base/size.ts'

/** A number of bytes as people write it, such as `10MB` or `1G`. */
export const SizeText = z.string().check(z.refine((text) => parseSize(text).ok, { error: 'size' }))
