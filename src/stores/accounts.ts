// Accounts: who signs in. One for each (organisation, normalised address).

import type { CollectionSpec, Documents } from './documents.ts'
import { AlreadyExists } from './errors.ts'
import { startsWith } from './prefix.ts'

export type Account = {
  /** `acc_…`; the `sub` of every token. Never reused. */
  _id: string
  organisation: string
  /** Normalised address: the key. */
  email: string
  /** The address as the person typed it last. */
  displayEmail: string
  /** The customer record it is linked to; no two accounts to one. */
  customer?: string
  /** An operator took it apart from its customer: no sign-in links it again. */
  unlinkedAt?: number
  /** BCP 47, as of the last sign-in. */
  locale?: string
  createdAt: number
  lastSignInAt: number
  /** It has no more sessions than these: counted up with every sign-in. Missing in accounts of older programs. */
  sessionsAtMost?: number
  /** Set while disabled: no sign-in, no refresh. */
  disabledAt?: number
}

export const accountsCollection: CollectionSpec = {
  name: 'accounts',
  indexes: [
    {
      name: 'email',
      keys: [
        ['organisation', 1],
        ['email', 1],
      ],
      unique: true,
    },
    {
      name: 'customer',
      keys: [
        ['organisation', 1],
        ['customer', 1],
      ],
      unique: true,
      sparse: true,
    },
    {
      name: 'list',
      keys: [
        ['organisation', 1],
        ['email', 1],
        ['_id', 1],
      ],
    },
  ],
}

export type AccountStore = ReturnType<typeof createAccountStore>

export function createAccountStore(documents: Documents) {
  const collection = documents.collection<Account>(accountsCollection)
  return {
    findById: (organisation: string, id: string): Promise<Account | undefined> =>
      collection.findOne({ _id: id, organisation }),

    findByEmail: (organisation: string, email: string): Promise<Account | undefined> =>
      collection.findOne({ organisation, email }),

    /** Throws `AlreadyExists` (`email`) when the address has an account: the other one won, read it. */
    insert: (account: Account): Promise<void> => collection.insert(account),

    /** Notes a proven sign-in, and that a session may begin; `undefined` when there is no such account, or it is disabled. Atomic. */
    noteSignIn: (
      organisation: string,
      email: string,
      change: { at: number; displayEmail: string; locale: string },
    ): Promise<Account | undefined> =>
      collection.updateOne(
        { organisation, email, disabledAt: { $exists: false } },
        {
          $set: {
            lastSignInAt: change.at,
            displayEmail: change.displayEmail,
            locale: change.locale,
          },
          $inc: { sessionsAtMost: 1 },
        },
      ),

    /**
     * Its sessions were counted: puts `counted` in place of what was `seen`. Sign-ins since then stay counted;
     * nothing happens when somebody else did it meanwhile. Atomic.
     */
    async noteSessions(
      account: Pick<Account, '_id' | 'organisation'>,
      { seen, counted }: { seen: number; counted: number },
    ): Promise<void> {
      const { _id, organisation } = account
      await collection.updateOne(
        { _id, organisation, sessionsAtMost: { $gte: seen } },
        { $inc: { sessionsAtMost: counted - seen } },
      )
    },

    /** Disables it, from now on unless it is disabled already; `undefined` when there is none. Atomic. */
    async disable(organisation: string, id: string, at: number): Promise<Account | undefined> {
      const disabled = await collection.updateOne(
        { _id: id, organisation, disabledAt: { $exists: false } },
        { $set: { disabledAt: at } },
      )
      return disabled ?? collection.findOne({ _id: id, organisation })
    },

    /** `undefined` when there is none. */
    enable: (organisation: string, id: string): Promise<Account | undefined> =>
      collection.updateOne({ _id: id, organisation }, { $unset: { disabledAt: true } }),

    /** Those whose normalised address begins so, by address. */
    list: (
      organisation: string,
      {
        limit,
        after,
        prefix = '',
      }: { limit: number; after?: Pick<Account, '_id' | 'email'>; prefix?: string },
    ): Promise<Account[]> =>
      collection.find(
        { organisation, email: startsWith(prefix, after?.email) },
        { sort: [['email', 1]], limit, ...(after && { after: [after.email, after._id] }) },
      ),

    /** The account of a customer. */
    findByCustomer: (organisation: string, customer: string): Promise<Account | undefined> =>
      collection.findOne({ organisation, customer }),

    /** Those of some customers, at most 100. */
    findByCustomers: (organisation: string, customers: readonly string[]): Promise<Account[]> =>
      collection.find({ organisation, customer: { $in: customers } }, { limit: MOST_FOUND }),

    /** Some of them, at most 100. */
    async findSome(organisation: string, ids: readonly string[]): Promise<Account[]> {
      // By their ids alone: with more in the filter SQLite reads the whole organisation.
      const found = await collection.find({ _id: { $in: ids } }, { limit: MOST_FOUND })
      return found.filter((account) => account.organisation === organisation)
    },

    /**
     * Links a customer, unless one is linked already (the first link wins), the customer is another account's,
     * or an operator took the two apart. Returns the account as it is now.
     */
    async linkCustomer(
      organisation: string,
      id: string,
      customer: string,
    ): Promise<Account | undefined> {
      try {
        const linked = await collection.updateOne(
          {
            _id: id,
            organisation,
            customer: { $exists: false },
            unlinkedAt: { $exists: false },
          },
          { $set: { customer } },
        )
        if (linked) return linked
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
      return collection.findOne({ _id: id, organisation })
    },

    /** `false` when there is none. */
    remove: async (organisation: string, id: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: id, organisation })) > 0,
  }
}

/** A page of customers, or of sessions. */
const MOST_FOUND = 101
