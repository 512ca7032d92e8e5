// Organisations: the businesses. Each owns its issuer, keys, brand, clients and customers.

import type { Brand } from '../shared/brand.ts'
import type { AcceptableKind, PolicyKind } from '../shared/policy-kinds.ts'
import type { CollectionSpec, Documents, Filter, Json } from './documents.ts'
import type { RegistrationPolicy } from './registration.ts'

/** What is published of a policy. */
export type PublishedPolicy = {
  /** The newest version. */
  number: number
  /** Whoever accepted this version, or a newer one, is not asked again. */
  binding: number
}

import { startsWith } from './prefix.ts'

/** Whom mails come from. */
export type MailSender = {
  name: string
  /** In place of `MAIL_FROM`, as long as its domain is the organisation's. */
  address?: string
  replyTo?: string
}

export type Organisation = Readonly<{
  /** `org_…` */
  _id: string
  /** In paths (`/o/{slug}`); lower case, unique, never reused. */
  slug: string
  /** As customers read it. */
  name: string
  /** The name as it is searched for; missing in those of earlier programs, until they change. */
  search?: string
  /** Exactly one organisation is the default: its issuer is `BASE_URL` itself. */
  isDefault: boolean
  /** BCP 47; the language of pages and mails when neither the request nor the browser asks for another. */
  locale: string
  /** IANA time zone. */
  timeZone: string
  /** ISO 4217. */
  currency: string
  /** Whether a first sign-in makes a customer record when none has the address. */
  makesCustomers: boolean
  /** Closed: only who has an account, or is a known customer, gets a code. Missing is open. */
  signUp?: 'open' | 'closed'
  /** Left out: the organisation's name. */
  mailSender?: MailSender
  /** Where customers find help, as mails and pages show it. */
  supportEmail?: string
  /** `https` only. */
  supportUrl?: string
  /** The published one, with its number; missing, the house's own look. Here, so that no page asks for it. */
  brand?: Brand & { readonly number: number }
  /** Overrides of `SignInSettings`; each value lies in that setting's safe range. */
  signIn?: { readonly [setting: string]: number }
  /** Overrides of `Lifetimes`, likewise. */
  lifetimes?: { readonly [setting: string]: number }
  /** What applications may register by themselves; missing: nothing was chosen, and it is off. */
  registration?: RegistrationPolicy
  /** A host of its own, proven to be theirs: then that is its issuer. Unique. */
  host?: string
  /** Its published policies; their texts have a store of their own. */
  policies?: { readonly [kind in PolicyKind]?: PublishedPolicy }
  /** What customers accept before they are signed in, once it is published. */
  asksAcceptance?: readonly AcceptableKind[]
  createdAt: number
  updatedAt: number
  /** Counted up by every change; missing in those of earlier programs, see `versionOf`. */
  version?: number
  /** It was removed: nothing finds it but who restores or purges it, and its slug is never given again. */
  removedAt?: number
  /** Since then no session, token or key of before its removal is left: it can be restored. */
  endedAt?: number
  /** Since then its documents go, for ever: it can be restored no more. */
  purgedAt?: number
  /** The next step of its removal. */
  dueAt?: number
  /** It was restored: short-lived values of before stand under other keys. */
  restoredAt?: number
}>

export function versionOf({ version }: Organisation): number {
  return version ?? 0
}

/** What may be changed at any time; `undefined` takes a field away. */
export type OrganisationChange = Partial<
  Pick<
    Organisation,
    | 'name'
    | 'search'
    | 'locale'
    | 'timeZone'
    | 'currency'
    | 'makesCustomers'
    | 'signUp'
    | 'signIn'
    | 'lifetimes'
    | 'registration'
    | 'asksAcceptance'
  >
> & {
  [Field in 'mailSender' | 'supportEmail' | 'supportUrl' | 'host']?: Organisation[Field] | undefined
}

export type OrganisationSearch = {
  limit: number
  after?: string | undefined
  ids?: readonly string[] | undefined
  prefix?: string | undefined
}

export const organisationsCollection: CollectionSpec = {
  name: 'organisations',
  indexes: [
    { name: 'slug', keys: [['slug', 1]], unique: true },
    // Lists are sorted by both: by the other one alone they would all be read.
    {
      name: 'list',
      keys: [
        ['slug', 1],
        ['_id', 1],
      ],
    },
    { name: 'host', keys: [['host', 1]], unique: true, sparse: true },
    { name: 'default', keys: [['isDefault', 1]] },
    { name: 'updated', keys: [['updatedAt', 1]] },
    { name: 'due', keys: [['dueAt', 1]], sparse: true },
  ],
}

export type OrganisationStore = ReturnType<typeof createOrganisationStore>

export function createOrganisationStore(documents: Documents) {
  const collection = documents.collection<Organisation>(organisationsCollection)
  return {
    /** Throws `AlreadyExists` (`slug`) when the slug is taken. */
    insert: (organisation: Organisation): Promise<void> => collection.insert(organisation),
    findById: (id: string): Promise<Organisation | undefined> =>
      collection.findOne({ _id: id, ...live }),
    findBySlug: (slug: string): Promise<Organisation | undefined> =>
      collection.findOne({ slug, ...live }),
    findByHost: (host: string): Promise<Organisation | undefined> =>
      collection.findOne({ host, ...live }),
    /** The organisation whose issuer is `BASE_URL`; `undefined` only in an empty store. */
    findDefault: (): Promise<Organisation | undefined> => collection.findOne({ isDefault: true }),

    /** In the order of their slugs, at most `limit`, after the one given. */
    list: (limit: number, after?: Organisation): Promise<Organisation[]> =>
      collection.find(live, {
        sort: [['slug', 1]],
        limit,
        ...(after && { after: [after.slug, after._id] }),
      }),

    /**
     * In the order of their slugs, at most `limit`, after a slug; of these ids alone, and those whose slug or
     * searched name begins with a text.
     */
    search({ limit, after = '', ids, prefix }: OrganisationSearch): Promise<Organisation[]> {
      const begins = prefix === undefined ? undefined : startsWith(prefix)
      return collection.find(
        {
          ...live,
          slug: { $gt: after },
          ...(ids && { _id: { $in: ids } }),
          ...(begins && { $or: [{ slug: begins }, { search: begins }] }),
        },
        { sort: [['slug', 1]], limit },
      )
    },

    /** Takes the host from an organisation that was removed. */
    async freeHost(host: string): Promise<boolean> {
      const freed = await collection.updateOne(
        { host, removedAt: { $exists: true } },
        { $unset: { host: true } },
      )
      return freed !== undefined
    },

    /** Those that changed or were removed at or after an instant, the latest first; at most `limit`. */
    changedSince: (at: number, limit: number): Promise<Organisation[]> =>
      collection.find({ updatedAt: { $gte: at } }, { sort: [['updatedAt', -1]], limit }),

    /** Those that override settings of sign-in, at most `limit`, after the one given. */
    listWithOverrides: (limit: number, after?: Organisation): Promise<Organisation[]> =>
      collection.find(
        { signIn: { $exists: true }, ...live },
        { sort: [['slug', 1]], limit, ...(after && { after: [after.slug, after._id] }) },
      ),

    /**
     * Throws `AlreadyExists` (`host`) when another has the host; `undefined` when there is no such organisation,
     * or its version is not `version` any more. Atomic.
     */
    change(
      id: string,
      change: OrganisationChange,
      { at, version }: { at: number; version?: number | undefined },
    ): Promise<Organisation | undefined> {
      const fields = Object.entries(change) as [string, Json | undefined][] // settings and senders are JSON, too
      const gone = fields.filter(([, value]) => value === undefined)
      const filter: Filter = { _id: id, ...live, ...(version !== undefined && inVersion(version)) }
      return collection.updateOne(filter, {
        $set: {
          ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
          updatedAt: at,
        },
        $inc: { version: 1 },
        ...(gone.length > 0 && {
          $unset: Object.fromEntries(gone.map(([field]) => [field, true as const])),
        }),
      })
    },
  }
}

/** One that was removed is found by nobody but who restores or purges it. */
export const live = { removedAt: { $exists: false } } as const

/** Those of earlier programs have none. */
export function inVersion(version: number): Filter {
  return { version: version === 0 ? { $exists: false } : version }
}
