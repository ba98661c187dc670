import { grouped } from '#base/text.ts'
import { bodyFields } from './body-fields.ts'
import type { StoredEvent } from './chain.ts'
import type { FaultList } from './verdict.ts'

/** A place of the log that is known from outside of it. */
export interface Anchor {
  readonly kind: 'mark' | 'checkpoint'
  readonly size: number
  readonly hash: string
}

interface AnchorOptions {
  readonly anchors: readonly Anchor[]
  readonly faults: FaultList
  /** The events begin after this one. */
  readonly after: number
}

interface Behind {
  readonly known: number
  readonly found: number
}

/** Compares the log with what is known of it from outside, and reads what it says itself about being behind. */
export function anchorAudit({ anchors, faults, after }: AnchorOptions) {
  const sizes = new Set(anchors.map((anchor) => anchor.size))
  const different: Anchor[] = []
  const recorded: Behind[] = []

  function compare(seq: number, hash: string): void {
    for (const anchor of anchors) if (anchor.size === seq && anchor.hash !== hash) different.push(anchor)
  }

  return {
    start: (head: { readonly seq: number; readonly hash: string }): void => {
      if (head.seq === after && sizes.has(after)) compare(after, head.hash)
    },
    event: (event: StoredEvent): void => {
      if (sizes.has(event.seq)) compare(event.seq, event.hash)
      if (event.type !== 'store.behind') return
      const behind = recordedBehind(event)
      recorded.push(behind)
      faults.add({ state: 'behind', ...behind, reason: `event ${grouped(event.seq)} recorded it` })
    },
    end: (last: number): readonly Anchor[] => {
      for (const { kind, size } of different) {
        // A store that went on after it was restored says so itself, and has another history from there on.
        const restored = recorded.find((behind) => behind.found < size)
        if (restored === undefined)
          faults.add({ state: 'altered', seq: size, reason: `another event stood there: ${KNOWN[kind]}` })
        else faults.add({ state: 'behind', known: size, found: restored.found, reason: KNOWN[kind] })
      }
      return anchors.filter(({ size }) => size < after || size > last)
    },
  }
}

const KNOWN: Readonly<Record<Anchor['kind'], string>> = {
  mark: 'this machine knows what it signed',
  checkpoint: 'the checkpoint that was given says so',
}

function recordedBehind(event: StoredEvent): Behind {
  const { mark_seq: known, found_seq: found } = bodyFields(event)
  return {
    known: typeof known === 'number' ? known : event.seq,
    found: typeof found === 'number' ? found : event.seq - 1,
  }
}
