import { ulid } from '#base/id.ts'

export const clock = { now: () => Date.now() }

export function newId(): string {
  return ulid(clock.now(), Math.random)
}
