// The chain of the audit log: each row holds the hash of the one before it, and the end is sealed under `SECRET`.

import { SECOND } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import { isSameDigest, type Keyring, sha256 } from '../../shared/secrets.ts'
import type { AuditEntry, AuditHead, AuditStore, SealedEntry } from '../../stores/audit.ts'
import type { Json } from '../../stores/documents.ts'

/** The job of which there is one in the whole house. */
export const SEAL_AUDIT = 'audit.seal'

/** Rows of one read, and of one unit of work. */
const PAGE = 200
/** Reads of one turn of the job: done well within its lease. */
const PAGES = 50
const EVERY = 5 * SECOND

export type AuditSealer = {
  /** Chains the rows of all organisations that are in no chain yet; `true` when more are waiting. */
  sealAll(): Promise<boolean>
}

type SealerParts = { store: AuditStore; keyring: Keyring; log: Log }

export function createAuditSealer(parts: SealerParts): AuditSealer {
  const { store, keyring, log } = parts

  async function sealPage(page: readonly AuditEntry[]): Promise<void> {
    const rowsOf = Map.groupBy(page, ({ organisation }) => organisation)
    for (const [organisation, rows] of rowsOf) {
      const from = await store.head(organisation)
      const chained = chain(rows, from)
      const last = chained.at(-1)
      if (!last) continue
      const head = sealed(keyring, organisation, last)
      if (!(await store.append(chained, head, from)))
        // Another process was faster, or somebody put a row in the place: `foyer audit verify` tells which.
        log.warn({ organisation }, 'rows of the audit log were not sealed')
    }
  }

  /** So that an older value of `SECRET` can be dropped. */
  async function resealHeads(): Promise<boolean> {
    const [, ...older] = keyring.digests('secret-name', 'audit-head')
    const found = older.length > 0 ? await store.headsSealedBy(older, PAGE) : []
    let resealed = 0
    for (const head of found) {
      if (!isSealed(keyring, head)) continue // what was forged stays so
      const { seal, sealedBy } = sealed(keyring, head.organisation, head)
      await store.resealHead(head, { seal, sealedBy })
      resealed += 1
    }
    return found.length === PAGE && resealed > 0
  }

  return {
    async sealAll() {
      const moreHeads = await resealHeads()
      let after: string | undefined
      for (let read = 0; read < PAGES; read += 1) {
        const page = await store.unsealed(PAGE, after)
        await sealPage(page)
        if (page.length < PAGE) return moreHeads
        after = page.at(-1)?._id
      }
      return true
    },
  }
}

/** The leased job: one process does it, and should two, the store lets one of them have each place. */
export function auditJob(sealer: AuditSealer) {
  return { run: async () => ({ again: (await sealer.sealAll()) ? 0 : EVERY }) }
}

function chain(rows: readonly AuditEntry[], from: AuditHead | undefined): SealedEntry[] {
  let { sequence, hash: previous } = from ?? { sequence: 0, hash: '' }
  return rows.map((row) => {
    sequence += 1
    const entry = { ...row, sequence, previous }
    previous = hashOf(entry)
    return { ...entry, hash: previous }
  })
}

/** SHA-256 over everything that the row says, its place, and the hash before it. */
export function hashOf({ hash: _hash, unsealed: _unsealed, ...row }: AuditEntry): string {
  return sha256(canonical(row))
}

/** JSON with the fields of every object in the order of their names: two stores give them back in two orders. */
function canonical(value: Json | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
  return `{${fields.join(',')}}`
}

function sealed(
  keyring: Keyring,
  organisation: string,
  { sequence, hash }: { sequence: number; hash: string },
): AuditHead {
  return {
    _id: organisation,
    organisation,
    sequence,
    hash,
    seal: keyring.digest('audit-head', organisation, String(sequence), hash),
    sealedBy: keyring.digest('secret-name', 'audit-head'),
  }
}

/** Whether we made it, under any value of `SECRET`. */
export function isSealed(keyring: Keyring, { _id, sequence, hash, seal }: AuditHead): boolean {
  const seals = keyring.digests('audit-head', _id, String(sequence), hash)
  return seals.some((each) => isSameDigest(seal, each))
}
