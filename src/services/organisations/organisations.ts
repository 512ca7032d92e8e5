// Organisations: making them, finding them fast, and what each has chosen.

import { type Clock, SECOND } from '../../shared/clock.ts'
import { AppError, invalidField, refuseFields } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import { searchable } from '../../shared/search-text.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import {
  type Organisation,
  type OrganisationChange,
  type OrganisationStore,
  versionOf,
} from '../../stores/organisations.ts'
import { organisationProblems } from './organisation-fields.ts'
import { createOrganisationMemory } from './organisation-memory.ts'
import { slugOf } from './slug.ts'

export type NewOrganisation = {
  slug: string
  name: string
  /** BCP 47. */
  locale?: string | undefined
  /** IANA. */
  timeZone?: string | undefined
  /** ISO 4217. */
  currency?: string | undefined
}

/**
 * Finders remember what they found, so that a request reads nothing, also while the store is away. What
 * this process changes is seen at once, what others change within two seconds (see `start`).
 */
export type Organisations = {
  /** The default organisation, made under this name when the store is empty. Many at once make one. */
  ensureDefault(name: string): Promise<{ organisation: Organisation; isNew: boolean }>
  /** Throws `invalid_fields` with everything that is wrong, also when the slug is taken. */
  create(input: NewOrganisation): Promise<Organisation>
  /** The one whose issuer is `BASE_URL`. */
  findDefault(): Promise<Organisation | undefined>
  findById(id: string): Promise<Organisation | undefined>
  /** As it stands in the store, for who is about to change it. */
  read(id: string): Promise<Organisation | undefined>
  findBySlug(slug: string): Promise<Organisation | undefined>
  /** Of a host with its port, as requests name it. */
  findByHost(host: string): Promise<Organisation | undefined>
  /** In the order of their slugs. */
  list(limit: number, after?: Organisation): Promise<Organisation[]>
  /** In the order of their slugs, after a slug; those of these ids, whose slug or name begins with a text. */
  search(request: {
    limit: number
    after?: string | undefined
    ids?: readonly string[] | undefined
    text?: string | undefined
  }): Promise<Organisation[]>
  /** Those that override settings of sign-in, in the order of their slugs. */
  listWithOverrides(limit: number, after?: Organisation): Promise<Organisation[]>
  /**
   * Its issuer from now on; who may call this has seen the proof. Throws `invalid_fields` when another has the
   * host; `undefined` when it is gone, or has changed since `read`.
   */
  setHost(read: Organisation, host: string): Promise<Organisation | undefined>
  /** Throws `not_found`. Overrides replace those there were; who calls this has checked what is written. */
  change(id: string, change: OrganisationChange): Promise<Organisation>
  /** The same; `undefined` when it is gone, or has changed since it was read. */
  changeRead(read: Organisation, change: OrganisationChange): Promise<Organisation | undefined>
  /** Reads it anew, for a part that has changed it together with something else. Throws `not_found`. */
  renew(id: string): Promise<Organisation>
  /** Has this process remember it as it was just written, or forget it when it was removed. */
  written(organisation: Organisation): void
  /** Whether this process has seen that it was removed; asks nobody. */
  isRemoved(id: string): boolean
  /** Looks for what others changed, again and again, until the returned function is called. */
  start(): () => void
}

const LOOK_EVERY = 2 * SECOND

export function createOrganisations(parts: {
  store: OrganisationStore
  clock: Clock
  log: Log
}): Organisations {
  const { store, clock, log } = parts
  const memory = createOrganisationMemory({ store, clock })
  const { find } = memory

  /** Of this version, should it matter. */
  async function write(
    id: string,
    change: OrganisationChange,
    version?: number,
  ): Promise<Organisation | undefined> {
    const { name } = change
    const named = name === undefined ? change : { ...change, search: searchable(name) }
    const written = await store.change(id, named, { at: clock.now(), version })
    if (written) memory.written(written)
    return written
  }

  const changeRead = (read: Organisation, change: OrganisationChange) =>
    write(read._id, change, versionOf(read))

  async function insert(input: NewOrganisation, isDefault: boolean): Promise<Organisation> {
    const now = clock.now()
    const organisation: Organisation = {
      _id: newId('org', clock),
      slug: input.slug,
      name: input.name.trim(),
      search: searchable(input.name),
      isDefault,
      locale: input.locale ?? 'en',
      timeZone: input.timeZone ?? 'Europe/London',
      currency: input.currency ?? 'GBP',
      makesCustomers: true,
      createdAt: now,
      updatedAt: now,
    }
    await store.insert(organisation)
    return organisation
  }

  return {
    async ensureDefault(name) {
      const standing = await store.findDefault()
      if (standing) return { organisation: standing, isNew: false }
      try {
        return { organisation: await insert({ slug: slugOf(name), name }, true), isNew: true }
      } catch (error) {
        const other = error instanceof AlreadyExists ? await store.findDefault() : undefined
        if (!other) throw error
        return { organisation: other, isNew: false }
      }
    },

    async create(input) {
      const fields = organisationProblems(input)
      refuseFields(fields)
      try {
        return await insert(input, false)
      } catch (error) {
        if (error instanceof AlreadyExists) throw taken('slug')
        throw error
      }
    },

    findDefault: () => find('default', store.findDefault),
    read: store.findById,
    findById: (id) => find(`id/${id}`, () => store.findById(id)),
    findBySlug: (slug) => find(`slug/${slug}`, () => store.findBySlug(slug)),
    findByHost: (host) => find(`host/${host}`, () => store.findByHost(host)),
    list: store.list,
    search: ({ text = '', ...request }) =>
      store.search({ ...request, prefix: searchable(text) || undefined }),
    listWithOverrides: store.listWithOverrides,

    async setHost(read, host) {
      try {
        return await changeRead(read, { host })
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
        // One that was removed is not asked: who proves a host now has it.
        if (!(await store.freeHost(host))) throw taken('host')
        return changeRead(read, { host })
      }
    },

    async change(id, change) {
      const written = await write(id, change)
      if (!written) throw new AppError('not_found')
      return written
    },

    changeRead,

    async renew(id) {
      const found = await store.findById(id)
      if (!found) throw new AppError('not_found')
      memory.written(found)
      return found
    },

    written: memory.written,
    isRemoved: memory.isRemoved,

    start() {
      const lookQuietly = (): void => {
        memory
          .look()
          .catch((error) => log.warn({ err: error }, 'changed organisations could not be read'))
      }
      const timer = setInterval(lookQuietly, LOOK_EVERY)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

function taken(path: string): AppError {
  return invalidField(path, 'is taken')
}
