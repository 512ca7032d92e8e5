// Signing in: what the pages and the challenge endpoint ask, and what they may hear.

import type { Account } from '../../stores/accounts.ts'
import type { Organisation } from '../../stores/organisations.ts'

export type StartSignIn = {
  organisation: Organisation
  /** The running attempt: the interaction's uid. Whoever holds it may verify. */
  challenge: string
  /** As typed. */
  email: string
  client: { id: string; name: string }
  /** The language of page and mail, one of the catalogue's. */
  locale: string
  /** Source address of the request, after `TRUST_PROXY`. */
  source: string
  /** `User-Agent`, for the mail's "asked from". */
  userAgent: string
}

export type StartOutcome =
  /**
   * The page goes on to the code. The same whether the address has an account, is disabled, or over
   * a limit: a stranger learns nothing. `resendAt` and `expiresAt` are milliseconds since 1970.
   */
  | { outcome: 'code-sent'; email: string; resendAt: number; expiresAt: number }
  /** Not one plain address. */
  | { outcome: 'invalid-address' }
  /** A code was sent less than `resendAfter` ago to the same address: no new one; the old stays good. */
  | { outcome: 'too-soon'; email: string; resendAt: number; expiresAt: number }
  /** This source asked too often. */
  | { outcome: 'too-many-requests'; retryAfter: number }

export type VerifyOutcome =
  | { outcome: 'signed-in'; account: Account; isNew: boolean }
  /** Also when no tries are left, when the budget is spent, and when the account is disabled. */
  | { outcome: 'wrong-code'; attemptsLeft: number }
  /** No live code for this challenge: expired, used, or never asked for. */
  | { outcome: 'no-code' }
  /** Not digits of the right number: nothing was counted. */
  | { outcome: 'malformed-code' }

/** What a page shows about a challenge that waits for its code. */
export type PendingChallenge = { email: string; resendAt: number; expiresAt: number }

export type SignIn = {
  start(request: StartSignIn): Promise<StartOutcome>
  /** `code` as typed: spaces, hyphens and full-width digits are tolerated. */
  verify(request: {
    organisation: Organisation
    challenge: string
    code: string
    locale: string
    source: string
  }): Promise<VerifyOutcome>
  /** The challenge's state for its page, `undefined` when none was started or it is over. */
  pending(organisation: Organisation, challenge: string): Promise<PendingChallenge | undefined>
  /** Forgets the challenge: "another address". Its codes die. */
  forget(organisation: Organisation, challenge: string): Promise<void>
}
