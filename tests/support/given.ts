import { afterEach, expect } from 'vitest'
import { type Given, Place, type Ran } from './given-place.ts'

/** What is expected of it, after `tidy`. An output that is left out must be empty. */
export interface Expected {
  readonly stdout?: unknown
  readonly stderr?: unknown
  readonly exit: number
}

const places: TestPlace[] = []

/** A machine for one test, removed after it. */
export function given(what: Given = {}): TestPlace {
  const place = new TestPlace(what)
  places.push(place)
  return place
}

/** Nothing that a test of this file started may outlive it. */
export function checkLeaks(): void {
  afterEach(async () => {
    const leaks: string[] = []
    for (const place of places.splice(0)) leaks.push(...(await place.end()))
    expect(leaks, 'processes that outlived their test').toEqual([])
  })
}

/** A place that can compare what it is given. */
export class TestPlace extends Place {
  /** Runs it and compares all that it gave back. */
  async gives(args: readonly string[], { stdout = '', stderr = '', exit }: Expected): Promise<Ran> {
    const ran = await this.run(args)
    const seen = { stdout: this.tidy(ran.stdout), stderr: this.tidy(ran.stderr), exit: ran.exit }
    expect(seen).toEqual({ stdout, stderr, exit })
    return ran
  }
}
