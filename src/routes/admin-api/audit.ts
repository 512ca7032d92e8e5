// The audit log: /organisations/{slug}/audit, and the same as CSV.

import { Readable } from 'node:stream'
import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import { auditCsvHeader, auditCsvLine } from '../../services/audit/audit-csv.ts'
import type { AuditLog, AuditQuery } from '../../services/audit/audit-log.ts'
import type { ChainPlace, ChainReport } from '../../services/audit/audit-verification.ts'
import type { AuditReading, Knows, ReadEntry } from '../../services/operators/audit-reading.ts'
import { may } from '../../services/operators/roles.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Caller, Standing } from './guard.ts'
import type { Routes } from './serve.ts'

const api = adminApi.audit

export function auditRoutes(parts: {
  reading: AuditReading
  log: Pick<AuditLog, 'each' | 'verify'>
}): Routes {
  const { reading, log } = parts
  return (serve) => {
    serve(api.listAudit, async ({ organisation, query, caller, standing }) => {
      const { limit, cursor, ...filter } = query
      const request = { limit, cursor, knows: knowsOf(caller, standing) }
      const page = await reading.page(organisation._id, queryOf(filter), request)
      return pageData(page, shown)
    })

    serve(api.exportAudit, async ({ ctx, organisation, query }) => {
      const name = `audit-${organisation.slug}.csv`
      ctx.set({
        'Cache-Control': 'private, no-store',
        'Content-Disposition': `attachment; filename="${name}"`,
      })
      ctx.type = 'text/csv; charset=utf-8; header=present' // RFC 7111
      ctx.body = Readable.from(csvOf(log, organisation._id, queryOf(query)))
      return undefined
    })

    serve(api.verifyAudit, async ({ organisation, query }) =>
      reported(await log.verify(organisation._id, headOf(query.head))),
    )
  }
}

/** A page in memory at a time, however long the log is. */
async function* csvOf(
  log: Pick<AuditLog, 'each'>,
  organisation: string,
  query: AuditQuery,
): AsyncIterable<string> {
  yield `${auditCsvHeader}\r\n`
  for await (const entry of log.each(organisation, query)) yield `${auditCsvLine(entry)}\r\n`
}

type Filter = {
  [Name in 'action' | 'actor' | 'target' | 'from' | 'to']?: string | undefined
}

function queryOf({ from, to, ...fields }: Filter): AuditQuery {
  return {
    ...fields,
    ...(from !== undefined && { from: instantAfter1970(from) }),
    ...(to !== undefined && { to: instantAfter1970(to) }),
  }
}

/** No row is older, and no id of one can be. */
function instantAfter1970(text: string): number {
  return Math.max(0, Date.parse(text))
}

/** Names are told to whoever could read them where they stand. */
function knowsOf({ scopes }: Caller, { role }: Standing): Knows {
  const holds = (scope: string): boolean => !scopes || scopes.has(scope)
  return {
    operators: may(role, 'read', 'operators') && holds('operators:read'),
    apiKeys: may(role, 'read', 'api-keys') && holds('api-keys:read'),
  }
}

function headOf(head: string | undefined): ChainPlace | undefined {
  const [sequence, hash] = head?.split(':') ?? []
  return hash === undefined ? undefined : { sequence: Number(sequence), hash }
}

function shown(entry: ReadEntry) {
  return {
    id: entry._id,
    at: instantOf(entry.at),
    action: entry.action,
    actor: entry.actor,
    actor_name: entry.actorName ?? null,
    target: entry.target ?? null,
    source: entry.source ?? null,
    request: entry.request ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    sequence: entry.sequence ?? null,
    hash: entry.hash ?? null,
  }
}

function reported({ head, broken, ...report }: ChainReport) {
  return { ...report, head: head ?? null, broken: broken ?? null }
}
