// What can go wrong in life, as one class with stable codes.

import type { DuePolicy } from './types.ts'

/** A released code is never renamed; the Client API's own codes come through as they are. */
export type ErrorCode =
  | 'otp_invalid'
  | 'otp_expired'
  | 'too_many_attempts'
  | 'rate_limited'
  | 'email_invalid'
  | 'email_blocked'
  | 'origin_not_allowed'
  | 'network_error'
  | 'state_mismatch'
  | 'session_expired'
  | 'redirect_required'
  | 'policies_required'
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

export type FailureDetails = Partial<
  Pick<FoyerError, 'status' | 'retryAfter' | 'requestId' | 'attemptsLeft' | 'policies' | 'cause'>
>
