// The engine's lasting models on the document port: sessions, grants, refresh tokens.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { SECOND } from '../../src/shared/clock.ts'
import type { Document, Documents } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import { readPayload, storedId, writePayload } from './payload.ts'
import { documentModels } from './placement.ts'
import type { Recent } from './recent.ts'

type Parts = {
  organisation: string
  documents: Documents
  clock: { now(): number }
  recent: Recent
}

type Stored = Document & {
  organisation: string
  payload: string
  /** Milliseconds since 1970. */
  expiresAt: number
  account?: string
}
type StoredSession = Stored & { cookie: string }
type StoredRefreshToken = Stored & { grant: string; consumed?: number }

/** Ends a grant: itself and its refresh tokens. Codes and opaque tokens die with it, see `ephemeral-model.ts`. */
export async function revokeGrant(parts: Parts, grantId: string): Promise<void> {
  const { organisation, documents, recent } = parts
  const tokens = documents.collection<StoredRefreshToken>(documentModels.RefreshToken)
  const grants = documents.collection<Stored>(documentModels.Grant)
  await Promise.all([
    tokens.deleteMany({ grant: grantId, organisation }),
    grants.deleteMany({ _id: grantId, organisation }),
  ])
  await recent.forget()
}

/** Sessions stand under their `uid`, which never changes; the cookie's value is kept as a hash and rotates. */
export function createSessionModel(parts: Parts): Adapter {
  const { organisation, documents, clock, recent } = parts
  const sessions = documents.collection<StoredSession>(documentModels.Session)
  // A session found by its uid carries the hash of its cookie in place of the cookie.
  const cookieOf = (id: string): string =>
    id.startsWith(HASHED) ? id.slice(HASHED.length) : storedId('Session', id)

  const inserted = (mark: StoredSession): Promise<boolean> =>
    sessions.insert(mark).then(
      () => true,
      (error) => {
        if (error instanceof AlreadyExists) return false
        throw error
      },
    )

  return {
    async find(id) {
      if (id.startsWith(HASHED)) return undefined // a stored hash is no cookie
      const found = await sessions.findOne({ cookie: storedId('Session', id), organisation })
      return found && isLive(found, clock) ? readPayload(id, found.payload) : undefined
    },

    async findByUid(uid) {
      const filter = { _id: uid, organisation }
      const found = await recent.find(keyOf('Session', filter), () => sessions.findOne(filter))
      return found && isLive(found, clock)
        ? readPayload(`${HASHED}${found.cookie}`, found.payload)
        : undefined
    },

    async upsert(id, payload, expiresIn) {
      const filter = { _id: uidOf(payload), organisation }
      const change = { cookie: cookieOf(id), ...stored(payload, expiresIn, clock) }
      try {
        await recent.keep(keyOf('Session', filter), () =>
          sessions.updateOne(filter, { $set: change }, { upsert: true }),
        )
      } catch (error) {
        // It ended while a request that had loaded it was under way: it stays ended.
        if (!(error instanceof AlreadyExists && error.index === 'cookie')) throw error
      }
    },

    /** What is left is an expired session that holds the cookie's place, so that no request under way brings it back. */
    async destroy(id) {
      const cookie = cookieOf(id)
      const mark = {
        _id: `ended:${cookie}`,
        organisation,
        cookie,
        payload: '{}',
        expiresAt: clock.now(),
      }
      while ((await sessions.deleteMany({ cookie, organisation })) > 0 && !(await inserted(mark))) {
        // Saved once more between the two: once more it ends.
      }
      await recent.forget()
    },

    consume: () => unused('Session', 'consumed'),
    revokeByGrantId: () => unused('Session', 'revoked by grant'),
    findByUserCode: () => unused('Session', 'found by user code'),
  }
}

/** Grants stand under their own id, which is no bearer value. */
export function createGrantModel(parts: Parts): Adapter {
  const { organisation, documents, clock, recent } = parts
  const grants = documents.collection<Stored>(documentModels.Grant)
  return {
    async find(id) {
      const filter = { _id: id, organisation }
      const found = await recent.find(keyOf('Grant', filter), () => grants.findOne(filter))
      return found && isLive(found, clock) ? readPayload(id, found.payload) : undefined
    },

    async upsert(id, payload, expiresIn) {
      const filter = { _id: id, organisation }
      const change = stored(payload, expiresIn, clock)
      await recent.keep(keyOf('Grant', filter), () =>
        grants.updateOne(filter, { $set: change }, { upsert: true }),
      )
    },

    async destroy(id) {
      await grants.deleteMany({ _id: id, organisation })
      await recent.forget()
    },

    revokeByGrantId: (id) => revokeGrant(parts, id),
    consume: () => unused('Grant', 'consumed'),
    findByUid: () => unused('Grant', 'found by uid'),
    findByUserCode: () => unused('Grant', 'found by user code'),
  }
}

/** Refresh tokens stand under their hash. Taking one is a single conditional write. */
export function createRefreshTokenModel(parts: Parts): Adapter {
  const { organisation, documents, clock } = parts
  const tokens = documents.collection<StoredRefreshToken>(documentModels.RefreshToken)
  const filterOf = (id: string) => ({ _id: storedId('RefreshToken', id), organisation })

  return {
    async find(id) {
      const found = await tokens.findOne(filterOf(id))
      if (!found || !isLive(found, clock)) return undefined
      const payload = readPayload(id, found.payload)
      return found.consumed === undefined ? payload : { ...payload, consumed: found.consumed }
    },

    async upsert(id, payload, expiresIn) {
      if (!payload.grantId) throw new TypeError('a refresh token without a grant')
      // Written once and never changed but for `consumed`: an insert is cheaper than an upsert.
      await tokens.insert({
        ...filterOf(id),
        grant: payload.grantId,
        ...stored(payload, expiresIn, clock),
      })
    },

    /** Once, however many ask at the same instant; who comes second gets a throw, and the grant lives on. */
    async consume(id) {
      const taken = await tokens.updateOne(
        { ...filterOf(id), consumed: { $exists: false } },
        { $set: { consumed: Math.floor(clock.now() / SECOND) } },
      )
      if (!taken) throw new errors.InvalidGrant('refresh token was used already')
    },

    async destroy(id) {
      await tokens.deleteMany(filterOf(id))
    },

    async revokeByGrantId(grantId) {
      await tokens.deleteMany({ grant: grantId, organisation })
    },

    findByUid: () => unused('RefreshToken', 'found by uid'),
    findByUserCode: () => unused('RefreshToken', 'found by user code'),
  }
}

const HASHED = 'sha256:'

function keyOf(model: string, { organisation, _id }: { organisation: string; _id: string }) {
  return `${model}/${organisation}/${_id}`
}

function stored(payload: AdapterPayload, expiresIn: number | undefined, clock: Parts['clock']) {
  if (expiresIn === undefined) throw new TypeError('an engine model needs a life time')
  return {
    payload: writePayload(payload),
    expiresAt: clock.now() + expiresIn * SECOND,
    ...(payload.accountId && { account: payload.accountId }),
  }
}

/** Stores remove expired documents late: whether one is live is decided here, on every read. */
function isLive(document: Stored, clock: Parts['clock']): boolean {
  return document.expiresAt > clock.now()
}

function uidOf(payload: AdapterPayload): string {
  if (!payload.uid) throw new TypeError('a session without a uid')
  return payload.uid
}

function unused(model: string, how: string): Promise<never> {
  return Promise.reject(new TypeError(`${model} is never ${how}`))
}
