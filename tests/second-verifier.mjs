// A second reader of docs/log-format.md, written from that page alone: no package, nothing of our code, Node 20.
// It keeps the format from being whatever the first verifier happens to accept.
//
//   node tests/second-verifier.mjs EXPORT [--key PUBLIC_KEY_PEM]
//
// Exit codes: 0 verified · 4 altered · 5 behind · 6 unknown key · 8 unreadable · 2 wrong use
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'

const EVENT_FORMAT = 'orchastration.event/1'
const LOG_FORMAT = 'orchastration.log/1'
const KEY_NAME = 'orchastration'
const ENDING = new Set(['run.succeeded', 'run.failed', 'run.cancelled', 'run.timed_out'])
const ERASED = 'run.erased'
const SEALING = new Set([...ENDING, 'run.waiting', 'run.paused', ERASED])
const EXITS = { verified: 0, altered: 4, behind: 5, unknown_key: 6, unreadable: 8 }
const SEVERITY = ['unreadable', 'altered', 'behind', 'unknown_key']

// Every key of a line in its order, with the type of its value: "number?" may be null.
const HEADER = { format: 'string', store: 'string', run: 'string?', first: 'number', last: 'number', key: 'string?' }
const NOTE = { size: 'number', note: 'string' }
const EVENT = {
  seq: 'number',
  stream: 'string',
  run_id: 'string?',
  run_seq: 'number?',
  at: 'number',
  actor: 'string',
  tenant: 'string',
  type: 'string',
  version: 'number',
  epoch: 'number',
  dedupe_key: 'string?',
  body: 'string?',
  salt: 'string?',
  body_digest: 'string',
  prev_hash: 'string',
  hash: 'string',
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})

async function main(words) {
  const [file, option, keyFile] = words
  const isRight = file !== undefined && (words.length === 1 || (words.length === 3 && option === '--key'))
  if (!isRight) return say('usage: node tests/second-verifier.mjs EXPORT [--key PUBLIC_KEY_PEM]', 2)
  let trusted
  try {
    trusted = keyFile === undefined ? undefined : readKey(readFileSync(keyFile, 'utf8'))
  } catch (error) {
    return say(`the key cannot be used: ${error.message}`, 2)
  }
  const faults = await check(createReadStream(file), trusted)
  const worst = SEVERITY.flatMap((state) => faults.filter((fault) => fault.state === state))[0]
  if (worst !== undefined) return say(`${worst.state}: ${worst.text}`, EXITS[worst.state])
  return say(faults.verified, EXITS.verified)
}

async function check(stream, trusted) {
  const faults = []
  const fault = (state, text) => faults.push({ state, text })
  const all = lines(stream)
  const first = await all.next()
  const header = first.value === undefined ? undefined : readLine(first.value, HEADER)
  const log = header === undefined ? undefined : begin(header, trusted, fault)
  if (log === undefined) {
    fault('unreadable', 'its first line is not the header of an export')
    return faults
  }
  let [number, torn] = [1, false]
  for await (const line of all) {
    number += 1
    if (line === undefined) torn = true
    else log.line(line, number)
  }
  faults.verified = log.end(torn)
  return faults
}

function begin(header, trusted, report) {
  const { format, store, run, first, last } = header
  if (format !== LOG_FORMAT || first < 1 || last < first - 1) return undefined
  let claimed
  try {
    claimed = header.key === null ? undefined : readKey(header.key)
  } catch {
    return undefined
  }
  let seq = first - 1
  let hash = first === 1 ? sha256(EVENT_FORMAT) : undefined
  let [isComplete, isAltered, runSeq, signed, unsealed, beyond] = [true, false, 0, 0, undefined, undefined]
  let isFaultless = true
  const fault = (state, text) => {
    isFaultless = false
    report(state, text)
  }
  const altered = (at, text, line) => {
    isAltered = true
    fault('altered', `at event ${at}, line ${line}: ${text}`)
  }
  const erasures = followErasures()
  return { line: acceptLine, end }

  function acceptLine(line, number) {
    const note = readLine(line, NOTE)
    const event = note === undefined ? readLine(line, EVENT) : undefined
    if (note !== undefined) acceptNote(note, number)
    else if (event !== undefined && event.seq <= last) acceptEvent(event, number)
    else {
      isComplete = false
      altered(seq + 1, 'not a line of this format and range', number)
    }
  }

  function acceptEvent(event, number) {
    beyond = undefined
    if (hash === undefined) altered(event.seq, 'no checkpoint before it', number)
    const text = eventFault(event)
    if (text !== undefined) altered(Math.min(event.seq, seq + 1), text, number)
    if (event.seq <= seq) return
    seq = event.seq
    hash = event.hash
    const oddity = oddityOf(event)
    if (oddity !== undefined) altered(event.seq, oddity, number)
    if (SEALING.has(event.type)) unsealed ??= event.seq
    if (event.type === 'store.behind') fault('behind', `event ${event.seq} says that the store was behind`)
  }

  function eventFault(event) {
    if (event.seq <= seq) return 'out of place'
    if (event.seq !== seq + 1) return 'missing'
    if (hash !== undefined && event.prev_hash !== hash) return 'does not follow the event before it'
    return bodyFault(event) ?? (eventHash(event) === event.hash ? undefined : 'fields do not match the hash')
  }

  function oddityOf(event) {
    if (event.stream !== `${event.tenant}/${store}`) return 'of another store'
    const isShown = run === null || event.run_id === null || event.run_id === run
    const bare = erasures.fault(event, isShown)
    if (bare !== undefined) return bare
    if (event.seq === 1 && (event.type !== 'store.created' || storeIn(event.body) !== store)) return 'not the first'
    if (run === null || event.run_id !== run) return undefined
    const isNext = event.run_seq === runSeq + 1
    runSeq = event.run_seq
    return isNext ? undefined : 'an event of the run is missing before it'
  }

  function acceptNote({ size, note }, number) {
    if (unsealed !== undefined && size >= unsealed) unsealed = undefined
    const parsed = readNote(note)
    const text = parsed === undefined ? 'not a signed note' : noteFault(size, parsed)
    if (text !== undefined) return altered(size, `checkpoint: ${text}`, number)
    if (size !== seq) return
    hash ??= parsed.hash
    erasures.signed()
    if (parsed.keyHash === trusted?.keyHash && !isAltered) signed = size
  }

  function noteFault(size, parsed) {
    if (parsed.size !== size || parsed.store !== store) return 'of another place'
    if (!isSigned(parsed)) return 'signature does not match'
    if (size < seq) return 'its event is not where it was'
    if (size > seq) beyond ??= size
    else if (hash !== undefined && parsed.hash !== hash) return 'another event was signed'
    return undefined
  }

  function isSigned({ keyHash, text, signature, size }) {
    const known = [trusted, claimed].find((candidate) => candidate?.keyHash === keyHash)
    if (known !== undefined && !verify(null, Buffer.from(text), known.key, signature)) return false
    if (known === undefined || known !== trusted)
      fault('unknown_key', `${keyHash} signed the checkpoint over ${size} events`)
    return true
  }

  function endOfScope(torn) {
    if (run === null && first !== 1) fault('altered', 'at event 1: an export of the whole log begins with it')
    if (run !== null && runSeq === 0 && !torn && seq >= last)
      fault('altered', `at event ${first}: the run is not in it`)
  }

  function endOfChain() {
    if (beyond !== undefined) fault('behind', `a checkpoint speaks of ${beyond} events, the log ends at ${seq}`)
    if (unsealed !== undefined) fault('behind', `the checkpoint after event ${unsealed} is gone`)
  }

  function end(torn) {
    if (isComplete) endOfChain()
    if (torn || seq < last) fault('behind', `the file ends at event ${seq} of ${last}`)
    endOfScope(torn)
    if (isComplete && !torn && seq >= last) for (const text of erasures.left()) fault('altered', text)
    if (signed === 0 && isFaultless) fault('unreadable', 'nothing in it is signed, so it proves nothing')
    return `verified to event ${signed}, ${seq - signed} later events are chained and not signed${erasures.said()}`
  }
}

/** A body may be gone where a later event of its run says so, the run was over before, and that was signed at once. */
function followErasures() {
  // By run: where its bodies are gone and what came last of it; and which runs a fact says are erased.
  const bare = new Map()
  const erased = new Map()
  const late = []
  let unsigned = []
  return { fault, signed: () => (unsigned = []), left, said }

  function fault(event, isShown) {
    // Whoever could write an event before the checkpoint could write the fact.
    if (event.type !== ERASED) refuse()
    const { run_id: run, body } = event
    if (!isShown || (run === null && body !== null)) return undefined
    if (erased.has(run)) return 'its run was erased before it'
    if (body === null && (run === null || event.type === ERASED)) return 'body is gone'
    if (event.type === ERASED) return accept(event)
    remember(event)
    return undefined
  }

  function accept({ run_id: run, run_seq: place, seq, body }) {
    const known = bare.get(run)
    if (fieldIn(body, 'through') !== place - 1) return 'it does not erase all before it'
    if (known !== undefined && !(ENDING.has(known.type) && known.place === place - 1)) return 'it erases an open run'
    erased.set(run, seq)
    unsigned.push({ run, seq, known })
    bare.delete(run)
    return undefined
  }

  function remember({ run_id: run, run_seq: place, type, body, seq }) {
    const known = bare.get(run)
    if (known !== undefined) Object.assign(known, { place, type })
    else if (body === null) bare.set(run, { first: seq, place, type })
  }

  function refuse() {
    for (const { run, seq, known } of unsigned) {
      late.push(`at event ${seq}: it erases a run, and was not signed at once`)
      erased.delete(run)
      if (known !== undefined) bare.set(run, known)
    }
    unsigned = []
  }

  function said() {
    return erased.size === 0 ? '' : `, ${erased.size} runs were erased`
  }

  function left() {
    const unproven = unsigned.flatMap(({ known }) => known ?? [])
    return [...late, ...[...bare.values(), ...unproven].map(({ first }) => `at event ${first}: body is gone`)]
  }
}

/** An object that has exactly these keys in this order, once each, written without white space; else undefined. */
function readLine(line, shape) {
  let value
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (value === null || typeof value !== 'object' || JSON.stringify(value) !== line) return undefined
  if (Object.keys(value).join() !== Object.keys(shape).join()) return undefined
  return Object.entries(shape).every(([key, type]) => isOf(value[key], type)) ? value : undefined
}

function storeIn(body) {
  return fieldIn(body, 'store')
}

function fieldIn(body, name) {
  try {
    return JSON.parse(body)?.[name]
  } catch {
    return undefined
  }
}

function isOf(value, type) {
  if (value === null) return type.endsWith('?')
  return type.startsWith('number') ? Number.isSafeInteger(value) : typeof value === 'string'
}

function bodyFault({ body, salt, body_digest }) {
  if ((body === null) !== (salt === null)) return 'body or salt is missing'
  const isRight = body === null || (salt.length === 32 && sha256(salt + body) === body_digest)
  return isRight ? undefined : 'body does not match its digest'
}

function eventHash(event) {
  const { seq, stream, run_id, run_seq, at, actor, tenant, type, version, epoch, dedupe_key } = event
  const { body_digest, prev_hash } = event
  const fields = [
    seq,
    stream,
    run_id,
    run_seq,
    at,
    actor,
    tenant,
    type,
    version,
    epoch,
    dedupe_key,
    body_digest,
    prev_hash,
  ]
  return sha256(`${EVENT_FORMAT}\n${JSON.stringify(fields)}`)
}

function readNote(note) {
  const parts = note.split('\n')
  const [origin = '', size = '', head = '', time = '', empty, signature = '', end] = parts
  const proof = Buffer.from(signature.slice(`— ${KEY_NAME} `.length), 'base64')
  const hash = Buffer.from(head, 'base64')
  const store = origin.slice('orchastration/'.length)
  const at = new Date(time)
  const isRight =
    parts.length === 7 &&
    empty === '' &&
    end === '' &&
    proof.length === 68 &&
    hash.length === 32 &&
    /^[0-9a-z]{26}$/.test(store) &&
    /^[1-9][0-9]*$/.test(size) &&
    Number.isSafeInteger(Number(size)) &&
    !Number.isNaN(at.getTime())
  if (!isRight) return undefined
  const text = `orchastration/${store}\n${size}\n${hash.toString('base64')}\n${at.toISOString()}\n`
  if (`${text}\n— ${KEY_NAME} ${proof.toString('base64')}\n` !== note) return undefined
  const keyHash = proof.subarray(0, 4).toString('hex')
  return { text, store, size: Number(size), hash: hash.toString('hex'), keyHash, signature: proof.subarray(4) }
}

function readKey(pem) {
  if (pem.includes('PRIVATE KEY')) throw new Error('it is a private key')
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is not an ed25519 key')
  const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32)
  const keyHash = sha256(Buffer.concat([Buffer.from(`${KEY_NAME}\n`), Buffer.from([1]), raw])).slice(0, 8)
  return { key, keyHash }
}

/** Texts of lines; null for one that is not UTF-8, undefined where the file ends inside of one. */
async function* lines(stream) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
      try {
        yield decoder.decode(rest.subarray(start, end))
      } catch {
        yield null
      }
      start = end + 1
    }
    rest = rest.subarray(start)
  }
  if (rest.length > 0) yield undefined
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex')
}

function say(text, code) {
  process.stdout.write(`${text}\n`)
  return code
}
