import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Signer, SigningKey, Verifier } from '#app/proof-port.ts'
import { sha256 } from '#base/digest.ts'
import { err, ok, type Result } from '#base/result.ts'
import { systemCode } from '#base/system-error.ts'
import type { Failure } from '#domain/failure.ts'
import { KEY_NAME } from '#domain/proof/checkpoint.ts'

const PRIVATE_FILE = 'signing-key.pem'
const PUBLIC_FILE = 'signing-key.pub'

/** The ed25519 key of this machine's user, in `directory`, readable by nobody else. */
export function signingKey(directory: string): SigningKey {
  const path = join(directory, PRIVATE_FILE)
  return {
    signer: () => guarded(path, () => loadSigner(directory, path)),
    verifier: () => guarded(path, () => ownVerifier(directory, path)),
    verifierFrom: (file) => givenVerifier(file, join(directory, PUBLIC_FILE)),
    verifierOf: async (pem) => {
      const verifier = await guarded('', () => makeVerifier(pem, ''))
      return verifier.ok ? verifier.value : undefined
    },
  }
}

async function loadSigner(directory: string, path: string): Promise<Result<Signer, Failure>> {
  if (!existsSync(path)) await makeKey(directory, path)
  const { createPrivateKey, createPublicKey, sign } = await import('node:crypto')
  const open = process.platform === 'win32' ? 0 : statSync(path).mode & 0o077
  if (open !== 0) return err({ code: 'key_unusable', path, reason: 'others than its owner may read or write it' })
  const key = createPrivateKey(readFileSync(path))
  if (key.asymmetricKeyType !== 'ed25519')
    return err({ code: 'key_unusable', path, reason: 'it is not an ed25519 key' })
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
  return ok({ keyName: KEY_NAME, keyHash: keyHashOf(raw), sign: (text) => sign(null, Buffer.from(text), key) })
}

/** Two processes may make the first key at once: each writes its own file, and the first to link it wins. */
async function makeKey(directory: string, path: string): Promise<void> {
  const { createPrivateKey, createPublicKey, generateKeyPairSync } = await import('node:crypto')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  // Processes in different containers have the same numbers, and one that died here may have left its draft.
  const draft = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
  try {
    writeDurably(draft, pem)
    linkSync(draft, path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const publicPem = createPublicKey(createPrivateKey(readFileSync(path))).export({ format: 'pem', type: 'spki' })
  writeFileSync(join(directory, PUBLIC_FILE), publicPem, { mode: 0o644 })
}

/** What is signed outlives a power cut, so the key must, too. */
function writeDurably(path: string, text: string | Uint8Array): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The public half is read off the private one where that is there: the file of the public one is a copy for people. */
async function ownVerifier(directory: string, path: string): Promise<Result<Verifier | undefined, Failure>> {
  if (existsSync(path)) {
    const { createPublicKey } = await import('node:crypto')
    const pem = createPublicKey(readFileSync(path)).export({ format: 'pem', type: 'spki' }).toString()
    return await makeVerifier(pem, path)
  }
  const publicPath = join(directory, PUBLIC_FILE)
  return existsSync(publicPath) ? await readVerifier(publicPath) : ok(undefined)
}

/** A file that somebody named: what is wrong with it says nothing of this machine's key. */
async function givenVerifier(path: string, ownPath: string): Promise<Result<Verifier, Failure>> {
  const verifier = await guarded(path, () => readVerifier(path), 'a public key')
  if (verifier.ok || verifier.error.code !== 'key_unusable') return verifier
  const { reason } = verifier.error
  const isThere = !/^E[A-Z]+$/.test(reason)
  return err({ code: 'file_unreadable', path, reason: isThere ? `${reason}; this machine's is ${ownPath}` : reason })
}

async function readVerifier(path: string): Promise<Result<Verifier, Failure>> {
  // Whoever waits for a pipe that nobody writes to cannot be stopped.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = fstatSync(file)
    if (!stat.isFile() && !stat.isDirectory())
      return err({ code: 'key_unusable', path, reason: 'it is no regular file' })
    return await makeVerifier(readFileSync(file, 'utf8'), path)
  } finally {
    closeSync(file)
  }
}

async function makeVerifier(pem: string, path: string): Promise<Result<Verifier, Failure>> {
  const { createPublicKey, verify } = await import('node:crypto')
  // Node makes a public key of a private one, too: nobody should be led to hand that around.
  if (pem.includes('PRIVATE KEY'))
    return err({ code: 'key_unusable', path, reason: 'it is a private key, not a public one' })
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'ed25519')
    return err({ code: 'key_unusable', path, reason: 'it is not an ed25519 public key' })
  const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32)
  return ok({
    keyHash: keyHashOf(raw),
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
    verify: (text, signature) => verify(null, Buffer.from(text), key, signature),
    verifyLater: (text, signature) =>
      new Promise((resolve) => {
        verify(null, Buffer.from(text), key, signature, (error, matches) => resolve(error === null && matches))
      }),
  })
}

/** The key hash of a signed note (C2SP): 4 bytes of SHA-256 over name, line feed, algorithm 1, and the public key. */
function keyHashOf(rawPublicKey: Uint8Array): string {
  return sha256(Buffer.concat([Buffer.from(`${KEY_NAME}\n`), Buffer.from([1]), rawPublicKey])).slice(0, 8)
}

async function guarded<T>(
  path: string,
  work: () => Promise<Result<T, Failure>>,
  expected = 'a key',
): Promise<Result<T, Failure>> {
  try {
    return await work()
  } catch (error) {
    return err({ code: 'key_unusable', path, reason: reasonOf(error) ?? `it is not ${expected} in PEM` })
  }
}

/** What the operating system says, by its code. What OpenSSL says of a text that is no key helps nobody. */
function reasonOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined
}
