// What operators do with sessions: look at those of everybody or of one account, and end one.

import type { Clock } from '../../../shared/clock.ts'
import type { Cursors } from '../../../shared/cursors.ts'
import { AppError } from '../../../shared/errors.ts'
import { type Page, type PageRequest, pageBy } from '../../../shared/pages.ts'
import type { AccountStore } from '../../../stores/accounts.ts'
import type { Session, SessionStore } from '../../../stores/sessions.ts'
import type { By } from '../../audit/audit.ts'
import type { Sessions } from './sessions.ts'

/** A session as operators see it; instants are milliseconds since 1970. */
export type SeenSession = {
  id: string
  account: string
  /** Of the account; left out when that is no more. */
  email?: string
  browser?: string
  system?: string
  firstSeenAt: number
  lastSeenAt: number
  expiresAt: number
  /** Ids of the clients that were signed in to. */
  clients: string[]
}

export type SessionQuery = PageRequest & { account?: string | undefined }

export type SessionAdministration = {
  /** The one that began last first. Throws `bad_request` for a cursor that is none of this list. */
  list(organisation: string, query: SessionQuery): Promise<Page<SeenSession>>
  /** As if its owner signed out in that browser. Throws `not_found`. */
  end(organisation: string, id: string, by: By): Promise<void>
}

export function createSessionAdministration(parts: {
  store: Pick<SessionStore, 'list' | 'listAll' | 'find'>
  accounts: Pick<AccountStore, 'findSome'>
  sessions: Pick<Sessions, 'end'>
  cursors: Cursors
  clock: Clock
}): SessionAdministration {
  const { store, accounts, sessions, cursors, clock } = parts

  async function withAddresses(organisation: string, found: Session[]): Promise<SeenSession[]> {
    const ids = [...new Set(found.flatMap(({ account }) => account ?? []))]
    const known = ids.length > 0 ? await accounts.findSome(organisation, ids) : []
    const emails = new Map(known.map(({ _id, displayEmail }) => [_id, displayEmail]))
    return found.map((session) => seen(session, emails.get(session.account ?? '')))
  }

  return {
    async list(organisation, { account, limit, cursor }) {
      const list = { list: 'all-sessions', organisation, owner: account ?? '' }
      const { items, ...page } = await pageBy(
        { cursors, list, limit, cursor },
        ({ firstSeenAt, _id }: Session) => ({ at: firstSeenAt, id: _id }),
        (place) => {
          const request = { organisation, now: clock.now(), ...place }
          return account ? store.list({ ...request, account }) : store.listAll(request)
        },
      )
      return { ...page, items: await withAddresses(organisation, items) }
    },

    async end(organisation, id, by) {
      const { account } = (await store.find(organisation, id)) ?? {}
      if (account !== undefined && (await sessions.end({ organisation, account }, id, by))) return
      throw new AppError('not_found', { detail: `${id} is no session` })
    },
  }
}

function seen(session: Session, email: string | undefined): SeenSession {
  const { _id, account = '', browser, system, firstSeenAt, lastSeenAt, expiresAt } = session
  return {
    id: _id,
    account,
    ...(email !== undefined && { email }),
    ...(browser && { browser }),
    ...(system && { system }),
    firstSeenAt,
    lastSeenAt,
    expiresAt,
    clients: Object.keys(session.clients ?? {}),
  }
}
