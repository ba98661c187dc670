import type { HashTask } from '#app/hash-port.ts'
import { type Numbered, runLane, type Shared } from './lane.ts'

/** What a worker is given to start with. */
export interface LaneOrder {
  readonly tasks: readonly HashTask[]
  readonly shared: Shared
}

/** Results as they are made, and that there will be no more of them. */
export type LaneMessage = readonly Numbered[] | 'end'

declare const self: {
  onmessage: ((message: { readonly data: LaneOrder }) => void) | null
  postMessage(message: LaneMessage): void
}

// A lane in a thread of its own.
self.onmessage = ({ data: { tasks, shared } }) => {
  void runLane(tasks, shared, (results) => self.postMessage(results)).then(() => self.postMessage('end'))
}
