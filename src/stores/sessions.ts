// Sessions: one for each browser that is signed in, with what a list of them shows.

import { lastFirst, type TimePage } from './by-time.ts'
import type { CollectionSpec, Documents } from './documents.ts'

export type Session = {
  /** The engine's `uid`: it never changes, and is the `sid` of access tokens. */
  _id: string
  organisation: string
  /** Hash of the cookie's value, which is a new one after every sign-in. */
  cookie: string
  /**
   * Browsers that it was handed on to, each in a place of its own: the hash of the browser's cookie, and
   * since when.
   */
  handedOn?: { [place: string]: { cookie: string; at: number } }
  /** The engine's own record as JSON, without bearer values and without `clients`. */
  payload: string
  /** Who is signed in. */
  account?: string
  /** The applications that signed in through it, by client id. */
  clients?: { [client: string]: SessionClient }
  /** What the browser calls itself, as far as it is known. */
  browser?: string
  system?: string
  firstSeenAt: number
  lastSeenAt: number
  /** It ends then, however often it is used. */
  endsAt: number
  /** It ends then unless it is used; never after `endsAt`. */
  expiresAt: number
  /** Counted up with every save, so that an end misses no application. */
  version: number
  /** It is over: what is left keeps requests under way from saving it back to life. */
  endedAt?: number
}

export type SessionClient = {
  /** The engine's own, one for each client and session: it stands in ID tokens and logout tokens. */
  sid?: string
  /** The grant of this client in this session. */
  grant?: string
  /** It was given `offline_access`: its grant may outlive the session. */
  offline?: true
}

export const sessionsCollection: CollectionSpec = {
  name: 'sessions',
  indexes: [
    { name: 'cookie', keys: [['cookie', 1]], unique: true },
    {
      name: 'account',
      keys: [
        ['organisation', 1],
        ['account', 1],
        ['firstSeenAt', -1],
        ['_id', -1],
      ],
      sparse: true,
    },
    { name: 'expiry', keys: [['expiresAt', 1]] },
    {
      name: 'organisation',
      keys: [
        ['organisation', 1],
        ['expiresAt', 1],
      ],
    },
    // Sparse by `account`: only those that somebody is signed in with.
    {
      name: 'begun',
      keys: [
        ['organisation', 1],
        ['firstSeenAt', -1],
        ['_id', -1],
        ['account', 1],
      ],
      sparse: true,
    },
  ],
  // No `expiresAt` here: a leased job ends sessions, so that clients can be told first.
}

export type SessionStore = ReturnType<typeof createSessionStore>

export function createSessionStore(documents: Documents) {
  const collection = documents.collection<Session>(sessionsCollection)
  const live = { endedAt: { $exists: false } } as const
  /** Of an account, by its index: it is sparse, so that a query has to name all its keys. */
  const of = (organisation: string, account: string) => ({
    organisation,
    account,
    firstSeenAt: { $gte: 0 },
    _id: { $gt: '' },
  })
  const inOrganisation = (organisation: string) => ({
    organisation,
    account: { $gt: '' },
    firstSeenAt: { $gte: 0 },
    _id: { $gt: '' },
  })
  return {
    /** `undefined` once it has ended; one that has expired is found until then. */
    find: (organisation: string, id: string): Promise<Session | undefined> =>
      collection.findOne({ _id: id, organisation, ...live }),

    /** Those of an account that have not expired, the one that began last first. */
    list(
      request: TimePage & { organisation: string; account: string; now: number },
    ): Promise<Session[]> {
      const { organisation, account, now, ...page } = request
      return collection.find(
        { ...of(organisation, account), expiresAt: { $gt: now } },
        lastFirst('firstSeenAt', page),
      )
    },

    /** Those of everybody that have not expired, the one that began last first. */
    listAll(request: TimePage & { organisation: string; now: number }): Promise<Session[]> {
      const { organisation, now, ...page } = request
      return collection.find(
        { ...inOrganisation(organisation), expiresAt: { $gt: now } },
        lastFirst('firstSeenAt', page),
      )
    },

    /** The account's session that was used last. */
    lastUsed: (organisation: string, account: string): Promise<Session | undefined> =>
      collection.findOne(of(organisation, account), { sort: [['lastSeenAt', -1]] }),

    /** How many have not expired. */
    countLive: (organisation: string, account: string, now: number): Promise<number> =>
      collection.count({ ...of(organisation, account), expiresAt: { $gt: now } }),

    count: (organisation: string, account: string): Promise<number> =>
      collection.count(of(organisation, account)),

    /** Those that were used longest ago. */
    leastRecent: (organisation: string, account: string, limit: number): Promise<Session[]> =>
      collection.find(of(organisation, account), { sort: [['lastSeenAt', 1]], limit }),

    /** Those of every organisation that expired before an instant and have not ended yet. */
    expired: (before: number, limit: number): Promise<Session[]> =>
      collection.find({ expiresAt: { $lt: before }, ...live }, { sort: [['expiresAt', 1]], limit }),

    /** Ends it, unless it was saved since it was read: then `false`. Atomic; of many at once one is told `true`. */
    async end({ _id, organisation, version, expiresAt }: Session, at: number): Promise<boolean> {
      const ended = await collection.updateOne(
        { _id, organisation, version, ...live },
        {
          $set: { endedAt: at, expiresAt: Math.min(at, expiresAt), payload: '{}' },
          $unset: { account: true, clients: true, handedOn: true, browser: true, system: true },
        },
      )
      return ended !== undefined
    },

    /** Removes what is left of those that were over before an instant. */
    removeEnded: (before: number): Promise<number> =>
      collection.deleteMany({ expiresAt: { $lt: before }, endedAt: { $exists: true } }),
  }
}
