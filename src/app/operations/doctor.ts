import * as z from 'zod/mini'
import { ok } from '#base/result.ts'
import { checkErasing } from '../health/erasing.ts'
import { type Finding, failed, good } from '../health/finding.ts'
import { checkKey } from '../health/key.ts'
import { checkGoneStores, checkLog } from '../health/log.ts'
import { checkPlaces } from '../health/places.ts'
import { checkOwners, checkRecords, checkRuns } from '../health/runs.ts'
import { checkConfiguration, checkEnvironment, checkTools } from '../health/surroundings.ts'
import type { Call, Operation } from '../operation.ts'

const Input = z.object({ repair: z.optional(z.boolean()) })

export interface Diagnosis {
  readonly findings: readonly Finding[]
  readonly home: string | undefined
}

/** Looks at everything that can be wrong with an installation, and changes nothing without being told to. */
export const doctor: Operation<z.infer<typeof Input>, Diagnosis> = {
  name: 'doctor',
  effect: 'write',
  callers: ['person', 'system'],
  input: Input,
  run: async (input, call) => {
    const health = await call.services.health()
    const findings = [
      good('version', health.release),
      ...(await checkConfiguration(call.services, health)),
      ...checkPlaces(call.services, health),
      await checkKey(call.services, health),
      ...(await checkStore(call, input.repair === true)),
      ...checkEnvironment(health),
      ...checkTools(health),
    ]
    return ok({ findings, home: health.home })
  },
}

async function checkStore({ services }: Call, repair: boolean): Promise<readonly Finding[]> {
  const health = await services.health()
  const store = await health.store()
  if (!store.ok) {
    if (store.error.code === 'store_missing') return checkGoneStores(services.marks)
    return [failed('store', store.error, health.home), await checkOwners(health, services, repair)]
  }
  try {
    const log = await checkLog(store.value, services, health.home)
    const runs = store.value.isCurrent
      ? [...(await checkRuns(store.value, services, health)), await checkRecords(store.value, services, health)]
      : []
    return [...log, ...runs, ...checkErasing(services, health), await checkOwners(health, services, repair)]
  } finally {
    store.value.close()
  }
}
