import type { StartedRun } from '#app/start-run.ts'
import { mount } from '../mount.ts'
import { startedRunView } from '../started-run.ts'

/** `runs retry`: the new run as it goes, like one of `run`. */
export const runsRetry = mount<StartedRun>(startedRunView)
