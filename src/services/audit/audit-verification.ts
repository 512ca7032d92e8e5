// Walking the chain of an organisation's audit log: whether a row was altered, removed or put in.

import type { Keyring } from '../../shared/secrets.ts'
import type { AuditEntry, AuditHead, AuditStore } from '../../stores/audit.ts'
import { hashOf, isSealed } from './audit-chain.ts'

/** A place in the chain and the hash of its row: whoever keeps it elsewhere can ask for it later. */
export type ChainPlace = { sequence: number; hash: string }

export type ChainBreak = {
  /** The first place where something is wrong. */
  sequence: number
  what: 'altered' | 'removed' | 'inserted' | 'end altered' | 'not the kept one'
}

export type ChainReport = {
  outcome: 'whole' | 'broken'
  /** How many rows hold together, from the first. */
  rows: number
  /** The last of a whole chain; left out where there is none. */
  head?: ChainPlace
  broken?: ChainBreak
  /** Rows of the last seconds, which nothing protects yet. */
  unsealed: number
  /** Rows from before there was a chain, which nothing protects. */
  older: number
}

export type AuditVerification = {
  /** Reads the whole chain. `kept` is a head of earlier that must still be in it. */
  verify(organisation: string, kept?: ChainPlace): Promise<ChainReport>
}

const PAGE = 500
const START = { sequence: 0, hash: '', firstId: '' }

type Walk = { sequence: number; hash: string; firstId: string; broken?: ChainBreak }

export function createAuditVerification(parts: {
  store: AuditStore
  keyring: Keyring
}): AuditVerification {
  const { store, keyring } = parts

  /** From a place on to the end of what is there. */
  async function walk(organisation: string, from: Walk, kept?: ChainPlace): Promise<Walk> {
    let place = from
    for (;;) {
      const page = await store.chain(organisation, place.sequence, PAGE)
      for (const row of page) {
        place = next(place, row, kept)
        if (place.broken) return place
      }
      if (page.length < PAGE) return place
    }
  }

  /** The head is read after the rows: it moves with them, so that one read before might be behind. */
  async function walkToHead(organisation: string, kept?: ChainPlace): Promise<Walk> {
    let place = await walk(organisation, START, kept)
    for (;;) {
      const head = await store.head(organisation)
      if (place.broken) {
        const isBeyond = head !== undefined && place.broken.sequence > head.sequence
        return isBeyond ? brokenAt(place, place.broken.sequence, 'inserted') : place
      }
      if (head === undefined || head.sequence <= place.sequence)
        return atHead(place, head, head !== undefined && isSealed(keyring, head))
      const further = await walk(organisation, place, kept)
      if (further.sequence === place.sequence && !further.broken)
        return brokenAt(place, place.sequence + 1, 'removed')
      place = further
    }
  }

  return {
    async verify(organisation, kept) {
      let place = await walkToHead(organisation, kept)
      if (!place.broken && kept && kept.sequence > place.sequence)
        place = brokenAt(place, place.sequence + 1, 'removed')
      const { older, newer } = await store.countStrays(organisation, place.firstId || LAST_ID)
      if (!place.broken && newer > 0) place = brokenAt(place, place.sequence + 1, 'inserted')
      const { sequence, hash, broken } = place
      return {
        outcome: broken ? 'broken' : 'whole',
        rows: broken ? broken.sequence - 1 : sequence,
        ...(sequence > 0 && !broken && { head: { sequence, hash } }),
        ...(broken && { broken }),
        unsealed: await store.countUnsealed(organisation),
        older,
      }
    },
  }
}

/** After every id of a row. */
const LAST_ID = 'aud_~'

/** One step: the place after this row, or what is wrong with it. */
function next(place: Walk, row: AuditEntry, kept: ChainPlace | undefined): Walk {
  const expected = place.sequence + 1
  if (row.sequence !== expected) return brokenAt(place, expected, 'removed')
  if (row.hash === undefined || row.hash !== hashOf(row))
    return brokenAt(place, expected, 'altered')
  // Whole in itself, and yet it does not follow: the one before was altered, and its hash with it.
  if (row.previous !== place.hash) return brokenAt(place, Math.max(1, place.sequence), 'altered')
  if (kept?.sequence === expected && kept.hash !== row.hash)
    return brokenAt(place, expected, 'not the kept one')
  return { sequence: expected, hash: row.hash, firstId: place.firstId || row._id }
}

function atHead(place: Walk, head: AuditHead | undefined, isOurs: boolean): Walk {
  if (!head) return place.sequence > 0 ? brokenAt(place, place.sequence, 'end altered') : place
  if (!isOurs) return brokenAt(place, head.sequence, 'end altered')
  if (head.sequence < place.sequence) return brokenAt(place, head.sequence + 1, 'inserted')
  return head.hash === place.hash ? place : brokenAt(place, head.sequence, 'altered')
}

function brokenAt(place: Walk, sequence: number, what: ChainBreak['what']): Walk {
  return { ...place, broken: { sequence, what } }
}
