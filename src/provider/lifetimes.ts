// How long what the engine issues lives, in seconds, and why; what an organisation may choose is in services/identity.

import type { Configuration } from 'oidc-provider'
import { type Lifetimes, lifetimesOf } from '../services/identity/clients/lifetimes.ts'
import { type Clock, DAY, SECOND } from '../shared/clock.ts'
import { recordOf } from './seam.ts'
import { endOf } from './session-ends.ts'

export const lifetimes = {
  /** How far the clocks of two of our processes, or of a client and ours, may be apart, either way. */
  clockLeeway: 15,
  /** The Admin API's are worth more to a thief, and only the console's back end has to renew them. */
  adminAccessToken: 600,
  /** RFC 6749, 4.1.2 allows ten minutes; a redirect takes a second. */
  authorizationCode: 60,
  /** RFC 9126, 2.2: long enough for one redirect. */
  pushedAuthorizationRequest: 60,
  /** From the authorization request to the proof: people look for mails. */
  interaction: 3600,
  /** How long the cookie that a session had before still leads to it: longer than a request of another tab takes. */
  formerCookie: 30,
} as const

/** A grant's end takes its refresh tokens with it, so it must outlive the oldest of them, and its session. */
const GRANT_MARGIN = 7 * DAY

/** Configuration of the engine's `ttl`. */
export function timesToLive({
  clock,
  chosen,
}: {
  clock: Clock
  /** What the organisation chose. */
  chosen: Lifetimes
}): Configuration['ttl'] {
  const of = (client: object | undefined): Lifetimes =>
    client ? lifetimesOf(recordOf(client), chosen) : chosen
  return {
    AccessToken: (_ctx, token, client) =>
      token.resourceServer?.accessTokenTTL ?? of(client).accessToken / SECOND,
    AuthorizationCode: lifetimes.authorizationCode,
    ClientCredentials: (_ctx, _token, client) => of(client).accessToken / SECOND,
    Grant(_ctx, grant) {
      const { client } = grant as { client?: object } // as `newGrant` gave it
      return (Math.max(of(client).refreshAbsolute, chosen.sessionAbsolute) + GRANT_MARGIN) / SECOND
    },
    IdToken: (_ctx, _token, client) => of(client).idToken / SECOND,
    Interaction: lifetimes.interaction,
    PushedAuthorizationRequest: lifetimes.pushedAuthorizationRequest,
    Session: (_ctx, session) => sessionLife(session, { clock, chosen }),
    // Idle life starts anew at each rotation; the first token's birth bounds the whole chain.
    RefreshToken: (_ctx, token, client) => {
      const { refreshIdle, refreshAbsolute } = of(client)
      const left = refreshAbsolute / SECOND - token.totalLifetime()
      return Math.max(1, Math.min(refreshIdle / SECOND, left))
    },
  }
}

/** From the sign-in on; that it ends when it goes unused is the storage's to see, which knows of every use. */
export function sessionLife(
  session: { loginTs?: number | undefined; transient?: boolean | undefined },
  { clock, chosen }: { clock: Clock; chosen: Lifetimes },
): number {
  const { loginTs, transient } = session
  if (loginTs === undefined) return lifetimes.interaction // of nobody: it remembers a question asked
  const now = Math.floor(clock.now() / SECOND)
  const life = transient ? chosen.sessionTransient : chosen.sessionAbsolute
  const end = Math.min(loginTs + life / SECOND, endOf(session) ?? Number.POSITIVE_INFINITY)
  return Math.max(1, end - now)
}
