import { join } from 'node:path'
import type { Health } from '../health-port.ts'
import type { Services } from '../services.ts'
import { type Finding, failed, good } from './finding.ts'

/** The key that signs. Asking for a signer would make one, so it is asked only where there is a file. */
export async function checkKey({ key, directories }: Services, health: Health): Promise<Finding> {
  const check = 'signing key'
  const where = join(directories.keys, 'signing-key.pem')
  if (health.path(where).kind === 'missing') return good(check, 'not made yet', where)
  const signer = await key.signer()
  if (!signer.ok) return failed(check, signer.error, health.home)
  return good(check, `usable, and for your eyes only: ${signer.value.keyHash}`, where)
}
