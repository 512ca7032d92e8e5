// How long what the engine issues lives, in seconds, and why; what an organisation may choose is in services/identity.

import type { Configuration } from 'oidc-provider'
import type { Lifetimes } from '../services/identity/lifetimes.ts'
import { type Clock, DAY, SECOND } from '../shared/clock.ts'

export const lifetimes = {
  /** The Client API's tokens are checked without a store: an hour bounds what a stolen one is worth. */
  accessToken: 3600,
  /** The Admin API's are worth more to a thief, and only the console's back end has to renew them. */
  adminAccessToken: 600,
  clientCredentials: 3600,
  idToken: 3600,
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
export const timesToLive = ({
  clock,
  chosen,
}: {
  clock: Clock
  /** What the organisation chose. */
  chosen: Lifetimes
}): Configuration['ttl'] => ({
  AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? lifetimes.accessToken,
  AuthorizationCode: lifetimes.authorizationCode,
  ClientCredentials: lifetimes.clientCredentials,
  Grant: (Math.max(chosen.refreshAbsolute, chosen.sessionAbsolute) + GRANT_MARGIN) / SECOND,
  IdToken: lifetimes.idToken,
  Interaction: lifetimes.interaction,
  PushedAuthorizationRequest: lifetimes.pushedAuthorizationRequest,
  // From the sign-in on; that it ends when it goes unused is the storage's to see, which knows of every use.
  Session: (_ctx, session) => {
    if (session.loginTs === undefined) return lifetimes.interaction // of nobody: it remembers a question asked
    const age = Math.floor(clock.now() / SECOND) - session.loginTs
    const life = session.transient ? chosen.sessionTransient : chosen.sessionAbsolute
    return Math.max(1, life / SECOND - age)
  },
  // Idle life starts anew at each rotation; the first token's birth bounds the whole chain.
  RefreshToken: (_ctx, token) =>
    Math.max(
      1,
      Math.min(
        chosen.refreshIdle / SECOND,
        chosen.refreshAbsolute / SECOND - token.totalLifetime(),
      ),
    ),
})
