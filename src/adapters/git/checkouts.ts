import type { Checkouts } from '#app/checkouts-port.ts'
import { isInRepository } from './in-repository.ts'

export function checkouts(): Checkouts {
  return { isInRepository }
}
