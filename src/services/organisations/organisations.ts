// Organisations: making them, finding them fast, and what each has chosen.

import { type Clock, MINUTE, SECOND } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type {
  Organisation,
  OrganisationChange,
  OrganisationStore,
} from '../../stores/organisations.ts'
import { slugOf, slugProblem } from './slug.ts'

export type NewOrganisation = {
  slug: string
  name: string
  /** BCP 47. */
  locale?: string
  /** IANA. */
  timeZone?: string
  /** ISO 4217. */
  currency?: string
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
  findBySlug(slug: string): Promise<Organisation | undefined>
  /** Of a host with its port, as requests name it. */
  findByHost(host: string): Promise<Organisation | undefined>
  /** In the order of their slugs. */
  list(limit: number, after?: Organisation): Promise<Organisation[]>
  /** Those that override settings of sign-in, in the order of their slugs. */
  listWithOverrides(limit: number, after?: Organisation): Promise<Organisation[]>
  /** Its issuer from now on; who may call this has seen the proof. Throws `invalid_fields` when another has the host. */
  setHost(id: string, host: string): Promise<Organisation>
  /** Throws `invalid_fields`. Overrides of sign-in replace those there were; who calls this has checked them. */
  change(id: string, change: OrganisationChange): Promise<Organisation>
  /** Looks for what others changed, again and again, until the returned function is called. */
  start(): () => void
}

/** Some 300 bytes each. */
const CACHE_SIZE = 20_000
const LOOK_EVERY = 2 * SECOND
/** Other processes' clocks may be behind: what they change now stands a little in the past. */
const SKEW = MINUTE
const MOST_CHANGES = 100

export function createOrganisations(parts: {
  store: OrganisationStore
  clock: Clock
  log: Log
}): Organisations {
  const { store, clock, log } = parts
  /** By what they were asked for; what has been there longest goes first. */
  const known = new Map<string, Organisation>()
  let seen: ReadonlyMap<string, number> = new Map()
  let changes = 0

  /** An unknown one is looked up every time, so that a new one is there at once. */
  async function find(
    key: string,
    read: () => Promise<Organisation | undefined>,
  ): Promise<Organisation | undefined> {
    const remembered = known.get(key)
    if (remembered) return remembered
    const before = changes
    const found = await read()
    // What was under way when something changed may be older than the change, and would stay.
    if (!found || before !== changes) return found
    const oldest = known.size >= CACHE_SIZE ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    known.set(key, found)
    return found
  }

  async function look(): Promise<void> {
    const latest = await store.changedSince(clock.now() - SKEW, MOST_CHANGES)
    const news = latest.filter(({ _id, updatedAt }) => seen.get(_id) !== updatedAt)
    if (news.length > 0) changes += 1
    if (news.length === MOST_CHANGES) known.clear()
    else for (const organisation of news) replace(organisation)
    seen = new Map(latest.map(({ _id, updatedAt }) => [_id, updatedAt]))
  }

  /** What stands is replaced, not forgotten: the store may be away when it is asked for next. */
  function replace(organisation: Organisation): void {
    for (const [key, { _id, host }] of known)
      if (_id === organisation._id) {
        if (key === `host/${host}` && host !== organisation.host) known.delete(key)
        else known.set(key, organisation)
      }
  }

  function changed(organisation: Organisation | undefined): Organisation {
    if (!organisation) throw new AppError('not_found')
    changes += 1
    replace(organisation)
    return organisation
  }

  async function insert(input: NewOrganisation, isDefault: boolean): Promise<Organisation> {
    const now = clock.now()
    const organisation: Organisation = {
      _id: newId('org', clock),
      slug: input.slug,
      name: input.name.trim(),
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
      const fields = problemsOf(input)
      if (fields.length > 0) throw new AppError('invalid_fields', { fields })
      try {
        return await insert(input, false)
      } catch (error) {
        if (error instanceof AlreadyExists) throw taken('slug')
        throw error
      }
    },

    findDefault: () => find('default', store.findDefault),
    findById: (id) => find(`id/${id}`, () => store.findById(id)),
    findBySlug: (slug) => find(`slug/${slug}`, () => store.findBySlug(slug)),
    findByHost: (host) => find(`host/${host}`, () => store.findByHost(host)),
    list: store.list,
    listWithOverrides: store.listWithOverrides,

    async setHost(id, host) {
      try {
        return changed(await store.change(id, { host, updatedAt: clock.now() }))
      } catch (error) {
        if (error instanceof AlreadyExists) throw taken('host')
        throw error
      }
    },

    async change(id, change) {
      if (change.name !== undefined && !isName(change.name))
        throw new AppError('invalid_fields', { fields: [{ path: 'name', message: NAME_RULE }] })
      return changed(await store.change(id, { ...change, updatedAt: clock.now() }))
    },

    start() {
      const lookQuietly = (): void => {
        look().catch((error) => log.warn({ err: error }, 'changed organisations could not be read'))
      }
      const timer = setInterval(lookQuietly, LOOK_EVERY)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

function taken(path: string): AppError {
  return new AppError('invalid_fields', { fields: [{ path, message: 'is taken' }] })
}

const MAX_NAME = 80
const NAME_RULE = `must be 1 to ${MAX_NAME} characters`

function problemsOf(input: NewOrganisation): { path: string; message: string }[] {
  const { slug, name, locale, timeZone, currency } = input
  const problems: [path: string, message: string | undefined][] = [
    ['slug', slugProblem(slug)],
    ['name', isName(name) ? undefined : NAME_RULE],
    ['locale', isKnown('language', locale) ? undefined : 'must be a language such as en or de-AT'],
    [
      'timeZone',
      isKnown('timeZone', timeZone) ? undefined : 'must be a time zone such as Europe/Rome',
    ],
    ['currency', isKnown('currency', currency) ? undefined : 'must be a currency such as EUR'],
  ]
  return problems.flatMap(([path, message]) => (message ? [{ path, message }] : []))
}

function isName(name: string): boolean {
  const { length } = name.trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  return length > 0 && length <= MAX_NAME && !/[\u0000-\u001f\u007f]/.test(name)
}

/** What `Intl` knows; nothing given is the default. */
function isKnown(what: 'language' | 'timeZone' | 'currency', value: string | undefined): boolean {
  if (value === undefined) return true
  if (what === 'currency') return Intl.supportedValuesOf('currency').includes(value)
  try {
    if (what === 'timeZone') new Intl.DateTimeFormat('en', { timeZone: value })
    else Intl.getCanonicalLocales(value)
    return true
  } catch {
    return false
  }
}
