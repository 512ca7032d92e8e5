// The engine's short-lived models on the ephemeral port.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { SECOND } from '../../src/shared/clock.ts'
import type { Keyring } from '../../src/shared/secrets.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { readPayload, storedId, writePayload } from './payload.ts'
import { type EphemeralModel, ephemeralModels } from './placement.ts'
import { lifeOf, unused } from './stored.ts'

type Parts = {
  model: EphemeralModel
  organisation: string
  ephemeral: Ephemeral
  clock: { now(): number }
  keyring: Pick<Keyring, 'seal' | 'open'>
  /** Ends a grant and everything issued from it. */
  revokeGrant(grantId: string): Promise<void>
}

export function createEphemeralModel(parts: Parts): Adapter {
  const { model, organisation, ephemeral, clock } = parts
  const { consumable } = ephemeralModels[model]
  const keyOf = (id: string): string => `oidc:${organisation}:${storedId(model, id)}`

  const { write, read } = payloadsOf(parts, keyOf)

  const find: Adapter['find'] = async (id) => {
    if (!consumable) {
      const value = await ephemeral.get(keyOf(id))
      return value === undefined ? undefined : read(id, value)
    }
    const found = await ephemeral.getMarked(keyOf(id))
    const payload = found && read(id, found.value)
    if (!payload) return undefined
    return found.mark === undefined ? payload : { ...payload, consumed: Number(found.mark) }
  }

  return {
    find,

    async upsert(id, payload, expiresIn) {
      const ttl = ttlOf(expiresIn)
      if (model === 'ReplayDetection') {
        // The engine reads, then writes: only the write decides which of two equal assertions came first.
        if (!(await ephemeral.setIfAbsent(keyOf(id), write(id, payload), ttl)))
          throw new errors.InvalidRequest('the assertion was used already')
        return
      }
      await ephemeral.set(keyOf(id), write(id, payload), ttl)
    },

    /**
     * Once, however many ask at the same instant. The engine ignores the answer, so the second gets a
     * throw; a second redemption of an authorization code ends its grant (RFC 6749, 4.1.2).
     */
    async consume(id) {
      const outcome = await ephemeral.markOnce(keyOf(id), String(Math.floor(clock.now() / SECOND)))
      if (outcome === 'marked') return
      const payload = outcome === 'already' ? await find(id) : undefined
      if (payload?.grantId) await parts.revokeGrant(payload.grantId)
      throw new errors.InvalidGrant(`${model} was used already`)
    },

    destroy: (id) => ephemeral.delete(keyOf(id)),

    // Nothing to do: the engine loads the grant whenever one of these is used, and the grant is gone.
    revokeByGrantId: async () => {},

    ...unused(model, 'findByUid', 'findByUserCode'),
  }
}

/**
 * How payloads are kept. An interaction names itself and the pushed request it came from, and says who is
 * signing in where: it is sealed under its own id, which the store has only the hash of.
 */
function payloadsOf({ model, keyring }: Parts, keyOf: (id: string) => string) {
  if (model !== 'Interaction')
    return {
      write: (_id: string, payload: AdapterPayload) => writePayload(payload),
      read: readPayload,
    }
  const contextOf = (id: string) => ({ context: keyOf(id), bearer: id })
  return {
    write: (id: string, payload: AdapterPayload): string =>
      keyring.seal('seal:interaction', contextOf(id), writePayload(payload)),
    read(id: string, value: string): AdapterPayload | undefined {
      const clear = keyring.open('seal:interaction', contextOf(id), value)
      return clear === undefined ? undefined : readPayload(id, clear)
    },
  }
}

/** Whole milliseconds, and at least one: a proof may name any instant, an interaction may be saved in its last second. */
function ttlOf(expiresIn: number | undefined): number {
  return Math.max(1, Math.ceil(lifeOf(expiresIn)))
}
