// The audit log as operators read it: page by page, with the names of those who acted where the reader may know them.

import type { Cursors } from '../../shared/cursors.ts'
import { type Page, type PageRequest, pageBy } from '../../shared/pages.ts'
import type { AuditEntry } from '../../stores/audit.ts'
import { PLATFORM } from '../../stores/operator-roles.ts'
import type { AuditLog, AuditQuery } from '../audit/audit-log.ts'
import type { ApiKeys } from './api-keys.ts'
import type { Operators } from './operators.ts'

/** Whose names the reader may know. */
export type Knows = { operators: boolean; apiKeys: boolean }

export type ReadEntry = AuditEntry & {
  /** The address of the operator, or the name of the key; left out where it is neither, or no more. */
  actorName?: string
}

export type AuditReading = {
  /** The newest first. Throws `bad_request` for a cursor that is none of this list. */
  page(
    organisation: string,
    query: AuditQuery,
    request: PageRequest & { knows: Knows },
  ): Promise<Page<ReadEntry>>
}

export function createAuditReading(parts: {
  log: Pick<AuditLog, 'list'>
  operators: Pick<Operators, 'findById'>
  apiKeys: Pick<ApiKeys, 'list'>
  cursors: Cursors
}): AuditReading {
  const { log, operators, apiKeys, cursors } = parts

  /** An owner of the platform acts in every organisation, and so does a key of it. */
  async function operatorNames(organisation: string, ids: readonly string[]) {
    const names = ids.map(async (id): Promise<[string, string][]> => {
      const found =
        (await operators.findById(organisation, id)) ?? (await operators.findById(PLATFORM, id))
      return found ? [[id, found.email]] : []
    })
    return (await Promise.all(names)).flat()
  }

  async function keyNames(organisation: string) {
    const lists = await Promise.all([apiKeys.list(organisation), apiKeys.list(PLATFORM)])
    return lists.flat().map(({ id, name }): [string, string] => [id, name])
  }

  async function namesOf(organisation: string, rows: readonly AuditEntry[], knows: Knows) {
    const actors = [...new Set(rows.map(({ actor }) => actor))]
    const ids = actors.filter((id) => id.startsWith('opr_'))
    const hasKeys = actors.some((id) => id.startsWith('key_'))
    return new Map([
      ...(knows.operators ? await operatorNames(organisation, ids) : []),
      ...(knows.apiKeys && hasKeys ? await keyNames(organisation) : []),
    ])
  }

  return {
    async page(organisation, query, { limit, cursor, knows }) {
      const { action, actor, target, from, to } = query
      // A cursor goes on in the list that it came from, and in no other.
      const owner = JSON.stringify([action, actor, target, from, to])
      const list = { list: 'audit', organisation, owner }
      const { items: rows, ...page } = await pageBy(
        { cursors, list, limit, cursor },
        ({ at, _id: id }: AuditEntry) => ({ at, id }),
        ({ limit, after }) =>
          log.list(organisation, query, { limit, ...(after && { after: after.id }) }),
      )
      const names = await namesOf(organisation, rows, knows)
      const items = rows.map((row) => {
        const actorName = names.get(row.actor)
        return { ...row, ...(actorName !== undefined && { actorName }) }
      })
      return { ...page, items }
    },
  }
}
