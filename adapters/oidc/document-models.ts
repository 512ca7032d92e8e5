// Sessions and grants of the engine on the document port.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Documents } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import { readPayload, storedId } from './payload.ts'
import { documentModels } from './placement.ts'
import type { Recent } from './recent.ts'
import { isLive, type Stored, stored, unused } from './stored.ts'

type Parts = {
  organisation: string
  documents: Documents
  clock: { now(): number }
  recent: Recent
  /** The grant has ended, for good: whoever checks its access tokens should hear of it. */
  onGrantEnded(grantId: string): Promise<void>
}

type StoredSession = Stored & { cookie: string }

/** Ends a grant: itself and its refresh tokens. Codes and opaque tokens die with it, see `ephemeral-model.ts`. */
export async function revokeGrant(parts: Parts, grantId: string): Promise<void> {
  const { organisation, documents, recent, onGrantEnded } = parts
  const tokens = documents.collection(documentModels.RefreshToken)
  const grants = documents.collection<Stored>(documentModels.Grant)
  await onGrantEnded(grantId) // should the rest fail, whoever tries again finds the grant
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
      await parts.onGrantEnded(id) // first, see above
      await grants.deleteMany({ _id: id, organisation })
      await recent.forget()
    },

    revokeByGrantId: (id) => revokeGrant(parts, id),
    consume: () => unused('Grant', 'consumed'),
    findByUid: () => unused('Grant', 'found by uid'),
    findByUserCode: () => unused('Grant', 'found by user code'),
  }
}

const HASHED = 'sha256:'

function keyOf(model: string, { organisation, _id }: { organisation: string; _id: string }) {
  return `${model}/${organisation}/${_id}`
}

function uidOf(payload: AdapterPayload): string {
  if (!payload.uid) throw new TypeError('a session without a uid')
  return payload.uid
}
