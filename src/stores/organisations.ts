// Organisations: the businesses. Each owns its issuer, keys, brand, clients and customers.

import type { Brand } from '../shared/brand.ts'
import type { AcceptableKind, PolicyKind } from '../shared/policy-kinds.ts'
import type { CollectionSpec, Documents, Filter, Json } from './documents.ts'

/** What is published of a policy. */
export type PublishedPolicy = {
  /** The newest version. */
  number: number
  /** Whoever accepted this version, or a newer one, is not asked again. */
  binding: number
}

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
    | 'locale'
    | 'timeZone'
    | 'currency'
    | 'makesCustomers'
    | 'signUp'
    | 'signIn'
    | 'lifetimes'
    | 'asksAcceptance'
  >
> & {
  [Field in 'mailSender' | 'supportEmail' | 'supportUrl' | 'host']?: Organisation[Field] | undefined
}

export const organisationsCollection: CollectionSpec = {
  name: 'organisations',
  indexes: [
    { name: 'slug', keys: [['slug', 1]], unique: true },
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
    ...removals(documents),
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

/** Removing, in steps that each happen once, however many take them at the same instant. */
function removals(documents: Documents) {
  const collection = documents.collection<Organisation>(organisationsCollection)
  const removedAsRead = ({ _id, removedAt = 0 }: Organisation) => ({ _id, removedAt })
  return {
    /** Of this slug, removed. */
    findRemoved: (slug: string): Promise<Organisation | undefined> =>
      collection.findOne({ slug, removedAt: { $exists: true } }),

    /** Those that can be restored, in the order of their slugs, after the slug given. */
    listRemoved: (limit: number, after = ''): Promise<Organisation[]> =>
      collection.find(
        { slug: { $gt: after }, removedAt: { $exists: true }, purgedAt: { $exists: false } },
        { sort: [['slug', 1]], limit },
      ),

    /** `undefined` when it changed since it was read, is removed, or is the default one. Atomic. */
    remove: (
      read: Organisation,
      { at, dueAt }: { at: number; dueAt: number },
    ): Promise<Organisation | undefined> =>
      collection.updateOne(
        { _id: read._id, isDefault: false, ...inVersion(versionOf(read)), ...live },
        { $set: { removedAt: at, dueAt, updatedAt: at }, $inc: { version: 1 } },
      ),

    /** Whose next step is due, at most `limit`. */
    due: (now: number, limit: number): Promise<Organisation[]> =>
      collection.find({ dueAt: { $lte: now } }, { sort: [['dueAt', 1]], limit }),

    /** Its sessions, tokens and keys are gone. */
    noteEnded: (
      read: Organisation,
      { at, dueAt }: { at: number; dueAt: number },
    ): Promise<Organisation | undefined> =>
      collection.updateOne(removedAsRead(read), { $set: { endedAt: at, dueAt } }),

    /** `undefined` when it is not removed, has not ended yet, or is being purged. Atomic. */
    restore: (read: Organisation, at: number): Promise<Organisation | undefined> =>
      collection.updateOne(
        { ...removedAsRead(read), endedAt: { $exists: true }, purgedAt: { $exists: false } },
        {
          $set: { updatedAt: at, restoredAt: at },
          $unset: { removedAt: true, endedAt: true, dueAt: true },
          $inc: { version: 1 },
        },
      ),

    /** From here on it cannot be restored; `undefined` when it was restored meanwhile. Atomic. */
    beginPurge: (read: Organisation, at: number): Promise<Organisation | undefined> =>
      collection.updateOne(removedAsRead(read), { $set: { purgedAt: read.purgedAt ?? at } }),

    /** What is left of it keeps its slug from ever being another's. */
    async finishPurge(read: Organisation): Promise<void> {
      const gone = Object.keys(read).filter((field) => !tombstone.has(field))
      await collection.updateOne(removedAsRead(read), {
        $set: { name: '' },
        $unset: Object.fromEntries(gone.map((field) => [field, true as const])),
      })
    },
  }
}

const live = { removedAt: { $exists: false } } as const

const tombstone: ReadonlySet<string> = new Set([
  ...['_id', 'slug', 'name', 'isDefault', 'locale', 'timeZone', 'currency', 'makesCustomers'],
  ...['createdAt', 'updatedAt', 'version', 'removedAt', 'endedAt', 'purgedAt'],
])

/** Those of earlier programs have none. */
function inVersion(version: number): Filter {
  return { version: version === 0 ? { $exists: false } : version }
}
