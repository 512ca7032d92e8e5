// What can go wrong in life, as one class with stable codes.

import type { DuePolicy } from './types.ts'

/**
 * A released code is never renamed; the Client API's own codes come through as they are.
 *
 * @example
 * const texts: Partial<Record<ErrorCode, string>> = { otp_invalid: 'This is not the code.' }
 */
export type ErrorCode =
  /** Not the code; `attemptsLeft` says how many tries are left. */
  | 'otp_invalid'
  /** The code is too old: send another one. */
  | 'otp_expired'
  /** No tries are left: send another code. */
  | 'too_many_attempts'
  /** Too often: wait for `retryAfter` seconds. */
  | 'rate_limited'
  /** Not one plain address. */
  | 'email_invalid'
  /** No mail goes to this address. */
  | 'email_blocked'
  /** This page's origin is not registered with the client, or it has none. */
  | 'origin_not_allowed'
  /** Nobody answered. Sessions stay as they are. */
  | 'network_error'
  /** An answer to a redirect that this tab did not ask for. */
  | 'state_mismatch'
  /** The sign-in under way, or the session, is over. */
  | 'session_expired'
  /** Sign in on the issuer's own pages: `signInWithRedirect`. */
  | 'redirect_required'
  /** `policies` are to be accepted first: `acceptPolicies`. */
  | 'policies_required'
  /** Anything else; `status` and `message` say more. */
  | 'request_failed'

/**
 * Every failure that a page can meet.
 *
 * @example
 * try { await foyer.verifyCode(code) } catch (error) { if (error.code === 'otp_invalid') … }
 */
export class FoyerError extends Error {
  override readonly name = 'FoyerError'
  declare readonly code: ErrorCode | (string & {})
  /** The status of the answer; 0 where there was none. */
  declare readonly status: number
  /** Seconds to wait before the next try. */
  declare readonly retryAfter?: number | undefined
  /** For the log of the server. */
  declare readonly requestId?: string | undefined
  /** Tries that are left, with `otp_invalid`, where they are few. */
  declare readonly attemptsLeft?: number | undefined
  /** What is to be accepted, with `policies_required`. */
  declare readonly policies?: readonly DuePolicy[] | undefined

  constructor(code: ErrorCode | (string & {}), message: string, details: FailureDetails = {}) {
    super(message)
    this.code = code
    this.status = 0
    Object.assign(this, details)
  }
}

/** What is known of a failure beside its code. */
export type FailureDetails = Partial<
  Pick<FoyerError, 'status' | 'retryAfter' | 'requestId' | 'attemptsLeft' | 'policies' | 'cause'>
>
