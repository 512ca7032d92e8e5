// What operators do with accounts: find, look at, sign out, disable and erase them.

import { chainPage, type View } from '../../../shared/chained-lists.ts'
import type { Clock } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Page } from '../../../shared/pages.ts'
import type { TextCursors } from '../../../shared/text-cursors.ts'
import type { Account, AccountStore } from '../../../stores/accounts.ts'
import type { SessionStore } from '../../../stores/sessions.ts'
import type { By } from '../../audit/audit.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { EraseAccount } from './account-erasure.ts'
import type { AccountPermissions, GivenPermission } from './account-permissions.ts'
import type { AccountStanding } from './account-standing.ts'

/** Which account, and who acts on it. */
export type AccountAct = { organisation: string; id: string; by: By }

export type AccountQuery = {
  /** How the address begins, or a whole id (`acc_…`). */
  q?: string | undefined
  limit: number
  cursor?: string | undefined
}

/** Each that is about one account throws `not_found` when the organisation has none of the id. */
export type AccountAdministration = {
  /** By address. Throws `bad_request` for a cursor that is none of this list. */
  list(organisation: string, query: AccountQuery): Promise<Page<Account>>
  show(organisation: string, id: string): Promise<ShownAccount>
  /** The account of an address; `undefined` when there is none. */
  findByEmail(organisation: string, email: string): Promise<Account | undefined>
  disable(act: AccountAct): Promise<Account>
  enable(act: AccountAct): Promise<Account>
  /** Ends every session, and whatever was given to applications; returns how many sessions. */
  signOut(act: AccountAct): Promise<number>
  permissions(organisation: string, id: string): Promise<GivenPermission[]>
  removePermission(act: AccountAct, client: string): Promise<void>
  /** Erases the person: the account, and the customer whom it is linked to. */
  erase(act: AccountAct): Promise<void>
}

export type ShownAccount = {
  account: Account
  /** How many browsers are signed in. */
  sessions: number
  /** The last sign-in or use; milliseconds since 1970. */
  lastActivityAt: number
  permissions: GivenPermission[]
}

export type AccountAdministrationParts = {
  store: Pick<AccountStore, 'list' | 'findById'>
  standing: AccountStanding
  sessions: Pick<Sessions, 'endAll'>
  sessionStore: Pick<SessionStore, 'countLive' | 'lastUsed'>
  permissions: AccountPermissions
  eraseAccount: EraseAccount
  /** Erases a customer and what is kept of them. */
  eraseCustomer(organisation: string, id: string, by: By): Promise<void>
  /** What this process remembers of the account. */
  forget(id: string): void
  cursors: TextCursors
  clock: Clock
  audit(
    entry: By & { organisation: string; action: 'account.signed-out'; target: string },
  ): Promise<void>
}

export function createAccountAdministration(
  parts: AccountAdministrationParts,
): AccountAdministration {
  const { store, standing, sessions, sessionStore, permissions } = parts

  function known(account: Account | undefined, id: string): Account {
    if (!account) throw new AppError('not_found', { detail: `${id} is no account` })
    return account
  }

  const found = async (organisation: string, id: string): Promise<Account> =>
    known(await store.findById(organisation, id), id)

  async function standingOf(change: 'disable' | 'enable', act: AccountAct): Promise<Account> {
    const account = await standing[change](act.organisation, act.id, act.by)
    parts.forget(act.id)
    return known(account, act.id)
  }

  async function show(organisation: string, id: string): Promise<ShownAccount> {
    const account = await found(organisation, id)
    const [count, last, given] = await Promise.all([
      sessionStore.countLive(organisation, id, parts.clock.now()),
      sessionStore.lastUsed(organisation, id),
      permissions.list({ organisation, account: id }),
    ])
    const lastActivityAt = Math.max(account.lastSignInAt, last?.lastSeenAt ?? 0)
    return { account, sessions: count, lastActivityAt, permissions: given }
  }

  return {
    list(organisation, { q = '', limit, cursor }) {
      const text = q.trim().toLowerCase()
      const list = { list: 'accounts', organisation, owner: text }
      const { cursors } = parts
      return chainPage([viewOf(store, organisation, text)], { cursors, list, limit, cursor })
    },

    show,
    findByEmail: standing.findByEmail,
    disable: (act) => standingOf('disable', act),
    enable: (act) => standingOf('enable', act),

    async signOut({ organisation, id, by }) {
      await found(organisation, id)
      const ended = await sessions.endAll({ organisation, account: id }, by)
      await parts.audit({ organisation, action: 'account.signed-out', ...by, target: id })
      return ended
    },

    async permissions(organisation, id) {
      await found(organisation, id)
      return permissions.list({ organisation, account: id })
    },

    async removePermission({ organisation, id, by }, client) {
      await found(organisation, id)
      if (await permissions.remove({ organisation, account: id }, client, by)) return
      throw new AppError('not_found', { detail: `${client} has no permission of ${id}` })
    },

    async erase({ organisation, id, by }) {
      const account = await found(organisation, id)
      // The customer first: should the rest fail, the account is found by its id again.
      if (account.customer !== undefined)
        await parts.eraseCustomer(organisation, account.customer, by)
      await parts.eraseAccount(account, by)
    },
  }
}

const ID = /^acc_/

function viewOf(
  store: AccountAdministrationParts['store'],
  organisation: string,
  text: string,
): View<Account> {
  const placeOf = ({ email, _id }: Account) => [email, _id] as const
  if (ID.test(text))
    return {
      name: 'id',
      placeOf,
      finds: ({ _id }) => _id === text,
      async read() {
        const account = await store.findById(organisation, text)
        return account ? [account] : []
      },
    }
  return {
    name: 'email',
    placeOf,
    finds: ({ email }) => email.startsWith(text),
    read: (limit, [email, _id] = ['', '']) =>
      store.list(organisation, { prefix: text, limit, ...(email && { after: { email, _id } }) }),
  }
}
