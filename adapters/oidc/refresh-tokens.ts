// Refresh tokens on the document port: each is replaced once, and for a moment its replacement can be given again.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Adapter } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { type Clock, SECOND } from '../../src/shared/clock.ts'
import { createTogether } from '../../src/shared/together.ts'
import type { Change, Documents } from '../../src/stores/documents.ts'
import { readPayload, storedId } from './payload.ts'
import { documentModels } from './placement.ts'
import { isLive, type Stored, stored, unused } from './stored.ts'

type StoredRefreshToken = Stored & {
  grant: string
  /** Seconds since 1970: when it was replaced. */
  consumed?: number
  /** The same in milliseconds, and the stored id of what replaced it. */
  replaced?: { at: number; by: string }
  /** The answer that this token was first given in, sealed; it goes with the token's first use. */
  answer?: string
}

/** One refresh under way: what the engine reads and writes of refresh tokens while it makes its answer. */
type Rotation = {
  presented: { id: string; row: StoredRefreshToken | undefined }
  /** The id that the engine consumed. */
  consumed?: string
  successor?: StoredRefreshToken
}

/** The rotation of the request that is being served, for every issuer of the process. */
export type RotationsUnderWay = AsyncLocalStorage<Rotation>

export function createRotationsUnderWay(): RotationsUnderWay {
  return new AsyncLocalStorage()
}

/** What a token was replaced by. */
export type Replacement = {
  /** Milliseconds since 1970. */
  at: number
  /** The answer of that time, while the replacement was not used and its grant was not ended. */
  answer?: string
}

/** A refresh token that was presented. */
export type Presented = {
  account: string | undefined
  replacement?: Replacement
}

/** Rotation in an order in which no crash and no race can strand a client. */
export type RefreshTokenRotation = {
  /**
   * Reads the token and runs `work`, in which the engine's own writes of its rotation are only noted.
   * `work` is given what was found.
   */
  hold<T>(token: string, work: (presented: Presented) => Promise<T>): Promise<T>
  /**
   * Inside `hold`: writes the rotation that was noted, with the sealed answer. `nothing` when the engine
   * did not rotate, `lost` when another request replaced the token first: then its answer is the one to
   * give. The successor is written first, so that a token that is replaced always has one; a process
   * that ends in between leaves a successor that nobody was given, and the old token as it was.
   */
  commit(answer: string): Promise<'written' | 'nothing' | 'lost'>
  /** What the token was replaced by, as it is now. */
  replacementOf(token: string): Promise<Replacement | undefined>
}

type Parts = {
  organisation: string
  documents: Documents
  clock: Clock
  underWay: RotationsUnderWay
}

/** The organisation of a refresh token, live or not; `undefined` for what is none. */
export async function findRefreshTokenOwner(
  documents: Documents,
  token: string,
): Promise<string | undefined> {
  const tokens = documents.collection<StoredRefreshToken>(documentModels.RefreshToken)
  return (await tokens.findOne({ _id: storedId('RefreshToken', token) }))?.organisation
}

/** The engine's model. Outside a rotation taking a token is a single conditional write. */
export function createRefreshTokenModel(parts: Parts): Adapter {
  const { clock, underWay } = parts
  const { tokens, filterOf } = storeOf(parts)

  return {
    async find(id) {
      const presented = underWay.getStore()?.presented
      const found = presented?.id === id ? presented.row : await tokens.findOne(filterOf(id))
      if (!found || !isLive(found, clock)) return undefined
      return { ...readPayload(id, found.payload), consumed: found.consumed }
    },

    async upsert(id, payload, expiresIn) {
      if (!payload.grantId) throw new TypeError('a refresh token without a grant')
      const row = {
        ...filterOf(id),
        grant: payload.grantId,
        ...stored(payload, expiresIn, clock),
      }
      const rotation = underWay.getStore()
      if (rotation?.consumed) rotation.successor = row
      // Written once and never changed but for its use: an insert is cheaper than an upsert.
      else await tokens.insert(row)
    },

    /** Once, however many ask at the same instant; who comes second gets a throw, and the grant lives on. */
    async consume(id) {
      const rotation = underWay.getStore()
      if (rotation) {
        rotation.consumed = id
        return
      }
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
      await tokens.deleteMany({ grant: grantId, organisation: parts.organisation })
    },

    ...unused('RefreshToken', 'findByUid', 'findByUserCode'),
  }
}

export function createRefreshTokenRotation(parts: Parts): RefreshTokenRotation {
  const { organisation, clock, underWay } = parts
  const { tokens, filterOf } = storeOf(parts)

  async function replacementOf(row: StoredRefreshToken): Promise<Replacement | undefined> {
    if (!row.replaced) return undefined
    const { at, by } = row.replaced
    const successor = await tokens.findOne({ _id: by, organisation })
    return { at, ...(successor?.answer && { answer: successor.answer }) }
  }

  /** `false` for a token that was replaced by another one. */
  const replace = createTogether<Replacing, boolean>({
    keyOf: () => organisation,

    async ask(all) {
      const changes = all.flatMap((each) => changesOf(each, clock.now()))
      const done = await tokens.updateInOrder(changes)
      if (done === changes.length) return all.map(() => true)
      if (all.length === 1) return [false]
      // One of them lost against another request, and what each token says of itself tells which.
      const ids = all.map(({ token }) => token._id)
      const found = await tokens.find({ _id: { $in: ids }, organisation }, { limit: ids.length })
      const heirs = new Map(found.map(({ _id, replaced }) => [_id, replaced?.by]))
      return all.map(({ token, successor }) => heirs.get(token._id) === successor._id)
    },
  })

  return {
    async hold(token, work) {
      const row = await tokens.findOne(filterOf(token))
      const live = row && isLive(row, clock) ? row : undefined
      const replacement = live && (await replacementOf(live))
      const presented: Presented = {
        account: live?.account,
        ...(replacement && { replacement }),
      }
      return underWay.run({ presented: { id: token, row } }, () => work(presented))
    },

    async commit(answer) {
      const rotation = underWay.getStore()
      if (!rotation?.consumed || !rotation.successor) return 'nothing'
      const { consumed, successor } = rotation
      if (await replace({ token: filterOf(consumed), successor: { ...successor, answer } }))
        return 'written'
      await tokens.deleteMany({ _id: successor._id, organisation })
      return 'lost'
    },

    async replacementOf(token) {
      const row = await tokens.findOne(filterOf(token))
      return row && isLive(row, clock) ? replacementOf(row) : undefined
    },
  }
}

/** A token, and what takes its place. */
type Replacing = { token: { _id: string; organisation: string }; successor: StoredRefreshToken }

function changesOf({ token, successor }: Replacing, now: number): Change[] {
  const { _id, organisation, ...fields } = successor
  return [
    { filter: { _id, organisation }, update: { $setOnInsert: fields }, upsert: true },
    {
      filter: { ...token, consumed: { $exists: false } },
      update: {
        $set: { consumed: Math.floor(now / SECOND), replaced: { at: now, by: _id } },
        $unset: { answer: true },
      },
    },
  ]
}

function storeOf({ organisation, documents }: Parts) {
  return {
    tokens: documents.collection<StoredRefreshToken>(documentModels.RefreshToken),
    filterOf: (id: string) => ({ _id: storedId('RefreshToken', id), organisation }),
  }
}
