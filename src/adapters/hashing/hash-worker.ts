import { runLane, type Shared } from './lane.ts'
import { type PackedResults, type PackedTasks, packResults, unpackTasks } from './lane-message.ts'

/** What a worker is given to start with. */
export interface LaneOrder {
  readonly tasks: PackedTasks
  readonly shared: Shared
}

/** Results as they are made, and that there will be no more of them. */
export type LaneMessage = PackedResults | 'end'

declare const self: {
  onmessage: ((message: { readonly data: LaneOrder }) => void) | null
  postMessage(message: LaneMessage): void
}

// A lane in a thread of its own.
self.onmessage = ({ data: { tasks, shared } }) => {
  const tell = (made: Parameters<typeof packResults>[0]) => self.postMessage(packResults(made))
  void runLane(unpackTasks(tasks), shared, tell).then(() => self.postMessage('end'))
}
