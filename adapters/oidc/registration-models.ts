// The engine's tokens of registration: they stand with what they are for, and not as models of the engine.

import type { Adapter } from 'oidc-provider'
import { unused } from './stored.ts'

/** What the engine's registration asks of ours (RFC 7591, RFC 7592). */
export type RegistrationStore = {
  /** Whether it is good for another registration. */
  findInitialToken(organisation: string, token: string): Promise<object | undefined>
  /** Whose registration access token it is. */
  findByToken(organisation: string, token: string): Promise<{ _id: string } | undefined>
  keepToken(organisation: string, clientId: string, token: string): Promise<void>
  dropToken(organisation: string, token: string): Promise<boolean>
  remove(organisation: string, clientId: string): Promise<void>
}

type Parts = { organisation: string; registration: RegistrationStore }

/** The one policy that there is: our own judgement, at every registration and update. */
export const REGISTRATION_POLICY = 'organisation'

/** How long each is good is decided where it is looked up, so that neither says so itself. */
const payloadOf = (kind: string, jti: string) => ({ jti, kind, policies: [REGISTRATION_POLICY] })

const neverAsked = ['consume', 'revokeByGrantId', 'findByUid', 'findByUserCode'] as const

export function createInitialAccessTokenModel({ organisation, registration }: Parts): Adapter {
  const kind = 'InitialAccessToken'
  return {
    ...unused(kind, 'upsert', 'destroy', ...neverAsked),
    async find(id) {
      const found = await registration.findInitialToken(organisation, id)
      return found && payloadOf(kind, id)
    },
  }
}

export function createRegistrationAccessTokenModel({ organisation, registration }: Parts): Adapter {
  const kind = 'RegistrationAccessToken'
  return {
    ...unused(kind, ...neverAsked),
    async find(id) {
      const client = await registration.findByToken(organisation, id)
      return client && { ...payloadOf(kind, id), clientId: client._id }
    },
    upsert: (id, { clientId = '' }) => registration.keepToken(organisation, clientId, id),
    async destroy(id) {
      await registration.dropToken(organisation, id)
    },
  }
}
