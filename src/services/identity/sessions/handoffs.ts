// Handing a session on from a site or an app to a browser: who may, and the ticket that does it once.

import { type Clock, SECOND } from '../../../shared/clock.ts'
import { type Random, sha256 } from '../../../shared/secrets.ts'
import type { Account } from '../../../stores/accounts.ts'
import type { Client } from '../../../stores/clients.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import { resolveLifetimes } from '../clients/lifetimes.ts'

/** Who asks, by a checked access token. */
export type HandoffRequest = {
  organisation: Organisation
  account: string
  clientId: string
  /** The token's session; absent where that is over. */
  sid?: string | undefined
  /** Of the page that asks; absent where no browser does. */
  origin?: string | undefined
}

/** What a ticket is good for. */
export type Handoff = {
  session: string
  account: string
  client: string
  /** The page that asked for it; absent where an app did. */
  origin?: string
  /** Where the browser goes, an address of the issuer. */
  target: string
}

export type HandoffOutcome =
  | { outcome: 'allowed'; handoff: Omit<Handoff, 'target'> }
  /** The application is not the house's own, or is gone. */
  | { outcome: 'unauthorized-client' }
  | { outcome: 'origin-not-allowed' }
  /** It is over, or its person proved who they are too long ago. */
  | { outcome: 'session-expired' }

/** Each throws `StoreUnavailable`. */
export type Handoffs = {
  /** Whether whoever asks may hand the session on. */
  judge(request: HandoffRequest): Promise<HandoffOutcome>
  /** Makes a ticket: 256 random bits, good once within a minute, at this organisation's issuer alone. */
  issue(organisation: string, handoff: Handoff): Promise<{ ticket: string; expiresIn: number }>
  /** What it is good for; it stays good. `undefined` once it was taken, or expired. */
  look(organisation: string, ticket: string): Promise<Handoff | undefined>
  /** The same, and it is good no more. Atomic: of many at once exactly one gets it. */
  take(organisation: string, ticket: string): Promise<Handoff | undefined>
}

/** A browser is sent on at once. */
const TICKET_LIFE = 60 * SECOND
const TICKET_BYTES = 32

type Parts = {
  ephemeral: Pick<Ephemeral, 'set' | 'get' | 'take'>
  findClient(organisation: string, id: string): Promise<Client | undefined>
  /** Whether a request from there, without an origin where no page sends it, may ask for the client. */
  mayAskFrom(client: Client, origin: string | undefined): boolean
  findSession(
    organisation: Organisation,
    uid: string,
  ): Promise<{ account: string; signedInAt: number } | undefined>
  findAccount(organisation: string, id: string): Promise<Account | undefined>
  random: Random
  clock: Clock
}

export function createHandoffs(parts: Parts): Handoffs {
  const { ephemeral, random, clock } = parts
  // A copy of the store opens no browser.
  const keyOf = (organisation: string, ticket: string): string =>
    `handoff:${organisation}:${sha256(ticket)}`
  const read = (stored: string | undefined): Handoff | undefined =>
    stored === undefined ? undefined : (JSON.parse(stored) as Handoff) // written by `issue`

  async function isFresh({ organisation, account, sid }: HandoffRequest): Promise<boolean> {
    const session = sid === undefined ? undefined : await parts.findSession(organisation, sid)
    if (session?.account !== account) return false
    const { handOff } = resolveLifetimes(organisation.lifetimes)
    return session.signedInAt > clock.now() - handOff
  }

  return {
    async judge(request) {
      const { organisation, account, clientId, sid, origin } = request
      const client = await parts.findClient(organisation._id, clientId)
      if (!client?.firstParty || client.kind === 'machine')
        return { outcome: 'unauthorized-client' }
      if (!parts.mayAskFrom(client, origin)) return { outcome: 'origin-not-allowed' }
      const isActive = (await parts.findAccount(organisation._id, account)) !== undefined
      if (sid === undefined || !isActive || !(await isFresh(request)))
        return { outcome: 'session-expired' }
      return {
        outcome: 'allowed',
        handoff: { session: sid, account, client: clientId, ...(origin && { origin }) },
      }
    },

    async issue(organisation, handoff) {
      const ticket = random.token(TICKET_BYTES)
      await ephemeral.set(keyOf(organisation, ticket), JSON.stringify(handoff), TICKET_LIFE)
      return { ticket, expiresIn: TICKET_LIFE / SECOND }
    },

    look: async (organisation, ticket) => read(await ephemeral.get(keyOf(organisation, ticket))),
    take: async (organisation, ticket) => read(await ephemeral.take(keyOf(organisation, ticket))),
  }
}
