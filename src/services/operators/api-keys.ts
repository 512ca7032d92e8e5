// API keys: making, listing, revoking and checking what programs show to the Admin API.

import { type Clock, DAY, HOUR } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import { isPrintableName } from '../../shared/names.ts'
import { isSameDigest, type Keyring, type Random } from '../../shared/secrets.ts'
import type { ApiKey, ApiKeyStore } from '../../stores/api-keys.ts'
import { operatorRoles, PLATFORM } from '../../stores/operator-roles.ts'
import type { By } from '../audit/audit.ts'
import { apiKeyScopes } from './api-key-scopes.ts'
import type { OperatorTrail } from './operator-trail.ts'
import { isAtLeast, type Role, roleAt } from './roles.ts'

/** Of one place; expired ones do not count. */
const MAX_KEYS = 50
const LIFE = 90 * DAY
const MAX_LIFE = 400 * DAY
/** How long an expired one is still listed, for who wonders why a program is refused. */
const SHOWN_EXPIRED = 30 * DAY
const USE_NOTED_EVERY = HOUR
const MAX_NAME = 80
const KEY_BYTES = 32
/** Secret scanners find it by this. */
export const API_KEY_PREFIX = 'fyk_'
/** So many bytes as base64url: anything else is no key, and not looked for. */
const KEY = /^fyk_[\w-]{43}$/
const TRIES = 20

/** What a key may do: in one organisation, or in all of them where its place is `PLATFORM`. */
export type ApiKeyRights = {
  /** `key_…` */
  id: string
  place: string
  role: Role
  scopes: readonly string[]
  expiresAt: number
}

export type NewApiKey = {
  name: string
  role: string
  scopes: readonly string[]
  /** In milliseconds; left out: 90 days, or as long as the key that makes it. */
  life?: number
}

/** Who makes it: an operator's role, or a key's rights, within which the new one stays. */
export type ApiKeyMaker = By & (Pick<ApiKeyRights, 'role'> | ApiKeyRights)

export type ShownApiKey = Pick<
  ApiKey,
  'name' | 'hint' | 'createdBy' | 'createdAt' | 'expiresAt' | 'lastUsedAt'
> & { id: string; role: Role; scopes: readonly string[]; isLive: boolean }

/** A place is an organisation's id or `PLATFORM`. Each throws `StoreUnavailable`. */
export type ApiKeys = {
  /**
   * Makes a key, told this once. Throws `invalid_fields` with everything that is wrong, also when it would
   * be more than its maker, or the place has 50. Many at once: never more than 50.
   */
  create(
    place: string,
    input: NewApiKey,
    by: ApiKeyMaker,
  ): Promise<{ key: string; shown: ShownApiKey }>
  /** The oldest first; also those that expired in the last 30 days. */
  list(place: string): Promise<ShownApiKey[]>
  /** It is refused from now on, by every process. `undefined` when the place has no such key. */
  revoke(place: string, id: string, by: By): Promise<ShownApiKey | undefined>
  /**
   * What it may do, read anew each time; `undefined` when it is none of ours, revoked or expired. Notes its
   * use, at most once an hour. How long it takes tells nothing of keys that there are.
   */
  check(key: string): Promise<ApiKeyRights | undefined>
}

export function createApiKeys(parts: {
  store: ApiKeyStore
  trail: OperatorTrail
  keyring: Keyring
  random: Random
  clock: Clock
}): ApiKeys {
  const { store, trail, keyring, random, clock } = parts
  const digestedBy = keyring.digest('secret-name')

  /** Which slot is tried is left to chance: many at once mostly find one each. */
  async function insert(record: Omit<ApiKey, 'slot'>): Promise<ApiKey> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const kept = await store.list(record.organisation, MAX_KEYS)
      const live = kept.filter(({ expiresAt }) => expiresAt > record.createdAt)
      const free = slots.filter((slot) => !live.some((each) => each.slot === slot))
      const slot = free[random.below(Math.max(1, free.length))]
      if (slot === undefined)
        throw refusal([{ path: 'name', message: `at most ${MAX_KEYS}: revoke one first` }])
      const key = { ...record, slot }
      if (await store.insert(key)) return key
    }
    throw new AppError('conflict')
  }

  /** After the first value of `SECRET` was changed: the key is at hand now, and only now. */
  function redigest(record: ApiKey, key: string): void {
    const next = { digest: keyring.digest('api-key', key), digestedBy }
    store.redigest(record, next).catch(() => {}) // the next time, then
  }

  /** Nobody waits for it: a request is answered whether or not its key's use was noted. */
  function noteUse(record: ApiKey): void {
    const at = clock.now()
    const after = at - USE_NOTED_EVERY
    if (record.lastUsedAt !== undefined && record.lastUsedAt > after) return
    store.noteUse(record, { at, after }).catch(() => {}) // the next time, then
  }

  return {
    async create(place, { name, role, scopes, ...chosen }, by) {
      const createdAt = clock.now()
      const life = chosen.life ?? standardLife(by, createdAt)
      const wanted = { place, name: name.trim(), role, scopes: [...new Set(scopes)], life }
      const problems = problemsOf(wanted, by, createdAt)
      const known = operatorRoles.find((each) => each === role)
      if (problems.length > 0 || !known) throw refusal(problems)
      const expiresAt = createdAt + life
      const key = `${API_KEY_PREFIX}${random.token(KEY_BYTES)}`
      const record = await insert({
        _id: newId('key', clock),
        organisation: place,
        name: wanted.name,
        role: known,
        scopes: wanted.scopes,
        digest: keyring.digest('api-key', key),
        digestedBy,
        hint: key.slice(-4),
        createdBy: by.actor,
        createdAt,
        expiresAt,
        forgottenAt: expiresAt + SHOWN_EXPIRED,
      })
      const shown = shownKey(record, createdAt)
      await trail(place, { action: 'api-key.created', ...rowOf(shown, 'after', by) })
      return { key, shown }
    },

    async list(place) {
      const found = await store.list(place, MAX_KEYS)
      return found
        .toSorted((a, b) => a.createdAt - b.createdAt || (a._id < b._id ? -1 : 1))
        .map((record) => shownKey(record, clock.now()))
    },

    async revoke(place, id, by) {
      const record = await store.find(place, id)
      if (!record || !(await store.remove(place, id))) return undefined
      const shown = shownKey(record, clock.now())
      await trail(place, { action: 'api-key.revoked', ...rowOf(shown, 'before', by) })
      return shown
    },

    async check(key) {
      if (!KEY.test(key)) return undefined
      const digests = keyring.digests('api-key', key)
      const record = await store.findByDigest(digests)
      if (!record || record.expiresAt <= clock.now()) return undefined
      if (!digests.some((digest) => isSameDigest(digest, record.digest))) return undefined
      if (record.digestedBy !== digestedBy) redigest(record, key)
      noteUse(record)
      const { _id: id, organisation: place, expiresAt } = record
      return { id, place, role: roleOf(record), scopes: scopesOf(record), expiresAt }
    },
  }
}

const slots = Array.from({ length: MAX_KEYS }, (_, slot) => slot)

type Problem = { path: string; message: string }
type Wanted = Required<NewApiKey> & { place: string }

function refusal(fields: readonly Problem[]): AppError {
  return new AppError('invalid_fields', { fields })
}

/** Everything that is wrong with it, in itself and beside who makes it. */
function problemsOf(wanted: Wanted, by: ApiKeyMaker, now: number): Problem[] {
  const { place, name, scopes, life } = wanted
  const known: ReadonlySet<string> = new Set(apiKeyScopes)
  const unknown = scopes.filter((scope) => !known.has(scope))
  const role = operatorRoles.find((each) => each === wanted.role)
  // A key that makes others passes on no more than it has, and for no longer.
  const bounds = 'scopes' in by ? by : undefined
  const beyond = scopes.filter((scope) => bounds && !bounds.scopes.includes(scope))
  const isTooMuch =
    role !== undefined &&
    !isAtLeast(
      by.role,
      place === PLATFORM ? 'platform-owner' : roleOf({ organisation: place, role }),
    )
  const checks: [boolean, string, string][] = [
    [!isPrintableName(name, MAX_NAME), 'name', `needs 1 to ${MAX_NAME} printable characters`],
    [role === undefined, 'role', 'must be viewer, editor or owner'],
    [isTooMuch, 'role', 'is more than who makes it has'],
    [scopes.length === 0, 'scopes', 'at least one is needed'],
    [unknown.length > 0, 'scopes', `${unknown.join(', ')} is not known`],
    [beyond.length > 0, 'scopes', `${beyond.join(', ')} is more than who makes it has`],
    [!(life >= HOUR && life <= MAX_LIFE), 'expires_at', 'must be 1 hour to 400 days from now'],
    [
      bounds !== undefined && now + life > bounds.expiresAt,
      'expires_at',
      'is later than that of the key that makes it',
    ],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}

function standardLife(by: ApiKeyMaker, now: number): number {
  return 'expiresAt' in by ? Math.min(LIFE, by.expiresAt - now) : LIFE
}

/** A key of the platform may be less than its owner, everywhere. */
function roleOf({ organisation, role }: Pick<ApiKey, 'organisation' | 'role'>): Role {
  return role === 'owner' ? roleAt({ organisation, role }) : role
}

/** As they are known to this program: what an earlier or later one called a scope is none. */
function scopesOf({ scopes }: ApiKey): string[] {
  return apiKeyScopes.filter((scope) => scopes.includes(scope))
}

function shownKey(record: ApiKey, now: number): ShownApiKey {
  const { _id: id, name, hint, createdBy, createdAt, expiresAt, lastUsedAt } = record
  return {
    id,
    name,
    role: roleOf(record),
    scopes: scopesOf(record),
    hint,
    createdBy,
    createdAt,
    expiresAt,
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    isLive: expiresAt > now,
  }
}

function rowOf(
  { id, role, name, scopes, expiresAt }: ShownApiKey,
  side: 'before' | 'after',
  by: By,
) {
  const { actor, source, request } = by
  return {
    target: id,
    [side]: { role, name, scopes: [...scopes], expiresAt },
    actor,
    ...(source !== undefined && { source }),
    ...(request !== undefined && { request }),
  }
}
