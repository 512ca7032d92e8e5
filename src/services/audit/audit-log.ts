// Reading the audit log of an organisation: in parts, as a whole, and whether its chain holds.

import { firstIdAt } from '../../shared/ids.ts'
import type { Keyring } from '../../shared/secrets.ts'
import type { AuditEntry, AuditFilter, AuditStore } from '../../stores/audit.ts'
import { type AuditVerification, createAuditVerification } from './audit-verification.ts'

/** What is asked for; instants are milliseconds since 1970. */
export type AuditQuery = {
  action?: string | undefined
  actor?: string | undefined
  target?: string | undefined
  /** From this instant on. */
  from?: number | undefined
  /** Before this one. */
  to?: number | undefined
}

export type AuditLog = {
  /** The newest first; `after` is the id of the last row of the page before. */
  list(
    organisation: string,
    query: AuditQuery,
    page: { limit: number; after?: string },
  ): Promise<AuditEntry[]>
  /** Every row, the oldest first, a page in memory at a time. */
  each(organisation: string, query: AuditQuery): AsyncIterable<AuditEntry>
} & AuditVerification

const PAGE = 500

export function createAuditLog(parts: { store: AuditStore; keyring: Keyring }): AuditLog {
  const { store } = parts
  return {
    ...createAuditVerification(parts),

    list(organisation, query, { limit, after }) {
      const filter = filterOf(query)
      const beforeId = [filter.beforeId, after].filter((id) => id !== undefined).sort()[0]
      return store.list(organisation, { ...filter, beforeId }, { limit, newestFirst: true })
    },

    async *each(organisation, query) {
      let filter = filterOf(query)
      for (;;) {
        const page = await store.list(organisation, filter, { limit: PAGE, newestFirst: false })
        yield* page
        const last = page.at(-1)
        if (!last || page.length < PAGE) return
        filter = { ...filter, fromId: `${last._id}!` } // the very next: nothing sorts between
      }
    },
  }
}

function filterOf({ from, to, ...fields }: AuditQuery): AuditFilter {
  return {
    ...fields,
    ...(from !== undefined && { fromId: firstIdAt('aud', from) }),
    ...(to !== undefined && { beforeId: firstIdAt('aud', to) }),
  }
}
