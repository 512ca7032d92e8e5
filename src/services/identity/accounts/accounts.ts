// Accounts: made by the first proven code, linked to a customer, read for every token.

import type { Clock } from '../../../shared/clock.ts'
import { SECOND } from '../../../shared/clock.ts'
import type { EmailAddress } from '../../../shared/email-address.ts'
import { createFreshCache } from '../../../shared/fresh-cache.ts'
import { newId } from '../../../shared/ids.ts'
import type { Account, AccountStore } from '../../../stores/accounts.ts'
import { AlreadyExists } from '../../../stores/errors.ts'
import type { Organisation } from '../../../stores/organisations.ts'

/** Finds or makes the customer record of an account; `undefined` when there is none and none is made. */
export type FindCustomer = (
  organisation: Organisation,
  account: Account,
) => Promise<string | undefined>

export type Accounts = {
  /**
   * The account behind an address that was just proven: made when there is none, linked to a customer
   * when it is not yet and `isCustomer`. `undefined` when it is disabled. Many at once make one account.
   */
  signIn(request: {
    organisation: Organisation
    email: EmailAddress
    locale: string
    /** Operators are none. */
    isCustomer: boolean
  }): Promise<{ account: Account; isNew: boolean } | undefined>
  /** Links an account that signed in as an operator, and now goes on to somewhere as a customer. */
  becomeCustomer(organisation: Organisation, id: string): Promise<void>
  /** It was changed elsewhere in this process. */
  forget(id: string): void
  /** The account, at most two seconds old; `undefined` when it is gone or disabled. */
  findActive(organisation: string, id: string): Promise<Account | undefined>
}

const FRESH = 2 * SECOND
const CACHE_SIZE = 5000

export function createAccounts(parts: {
  store: AccountStore
  findCustomer: FindCustomer
  clock: Clock
}): Accounts {
  const { store, clock } = parts
  const cache = createFreshCache<Account>({ clock, life: FRESH, size: CACHE_SIZE })

  function remember(account: Account): Account {
    cache.set(account._id, account)
    return account
  }

  function changeOf(email: EmailAddress, locale: string) {
    return { at: clock.now(), displayEmail: email.display, locale }
  }

  async function make(organisation: string, email: EmailAddress, locale: string) {
    const now = clock.now()
    const account: Account = {
      _id: newId('acc', clock),
      organisation,
      email: email.normalised,
      displayEmail: email.display,
      locale,
      createdAt: now,
      lastSignInAt: now,
      sessionsAtMost: 1,
    }
    try {
      await store.insert(account)
      return { account, isNew: true }
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error
      // Somebody was faster, or the account is there but disabled.
      const other = await store.noteSignIn(organisation, email.normalised, changeOf(email, locale))
      return other && { account: other, isNew: false }
    }
  }

  async function link(organisation: Organisation, account: Account): Promise<Account> {
    if (account.customer || account.unlinkedAt !== undefined) return account
    const customer = await parts.findCustomer(organisation, account)
    if (!customer) return account
    return (await store.linkCustomer(organisation._id, account._id, customer)) ?? account
  }

  async function findActive(organisation: string, id: string): Promise<Account | undefined> {
    const known = cache.get(id)
    if (known?.organisation === organisation) return known
    const account = await store.findById(organisation, id)
    return account && account.disabledAt === undefined ? remember(account) : undefined
  }

  return {
    async signIn({ organisation, email, locale, isCustomer }) {
      const change = changeOf(email, locale)
      const known = await store.noteSignIn(organisation._id, email.normalised, change)
      const found = known
        ? { account: known, isNew: false }
        : await make(organisation._id, email, locale)
      if (!found) return undefined
      const account = isCustomer ? await link(organisation, found.account) : found.account
      return { account: remember(account), isNew: found.isNew }
    },

    async becomeCustomer(organisation, id) {
      const account = await findActive(organisation._id, id)
      if (account && !account.customer) remember(await link(organisation, account))
    },

    forget: (id) => cache.delete(id),

    findActive,
  }
}
