// What the challenge endpoint answers: each outcome in OAuth's words (draft-ietf-oauth-first-party-apps-04, 5.2).

import type { DuePolicy } from '../../services/identity/sign-in/agreements.ts'
import type {
  CodeOutcome,
  ProofOutcome,
} from '../../services/identity/sign-in/first-party-sign-ins.ts'
import { SECOND } from '../../shared/clock.ts'
import type { OAuthAnswer } from '../oauth-endpoint.ts'

/** Why a request was refused before any address or code was looked at. */
export type Refusal =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'origin_not_allowed'
  | 'invalid_dpop_proof'
  | 'invalid_session'
  | 'invalid_scope'
  | 'invalid_target'

const statuses: { readonly [refusal in Refusal]: number } = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  origin_not_allowed: 403,
  invalid_dpop_proof: 400,
  invalid_session: 400,
  invalid_scope: 400,
  invalid_target: 400,
}

export function refused(error: Refusal, description: string): OAuthAnswer {
  return { status: statuses[error], body: { error, error_description: description } }
}

/** Unknown, finished, expired and foreign ones are not told apart. */
export function unknownSession(): OAuthAnswer {
  return refused('invalid_session', 'this sign-in is over or not yours: begin a new one')
}

export function answerToEmail(outcome: CodeOutcome): OAuthAnswer {
  switch (outcome.outcome) {
    case 'code-sent':
      return {
        status: 403,
        body: {
          error: 'insufficient_authorization',
          error_description: 'a code was sent by e-mail: send it as otp',
          auth_session: outcome.session,
          otp_length: outcome.codeLength,
          otp_expires_in: secondsOf(outcome.expiresIn),
          otp_resend_in: secondsOf(outcome.resendIn),
        },
      }
    case 'invalid-address':
      return problem('email_invalid', 'email must be one plain address')
    case 'too-many-requests':
      return tooMany(outcome)
    case 'not-here':
      return toWeb
  }
}

export function answerToProof(
  outcome: ProofOutcome,
  { session, addressOf }: { session: string; addressOf(policy: DuePolicy): string },
): OAuthAnswer {
  const running = { auth_session: session }
  switch (outcome.outcome) {
    case 'signed-in':
      return { status: 200, body: { authorization_code: outcome.code } }
    case 'policies-due':
      return {
        status: 403,
        body: {
          error: 'insufficient_authorization',
          error_description: 'these policies are to be accepted first: send them as accept',
          ...running,
          policies: outcome.due.map((policy) => ({
            kind: policy.kind,
            number: policy.number,
            changed: policy.hasChanged,
            uri: addressOf(policy),
          })),
        },
      }
    case 'wrong-code': {
      const { attemptsLeft: left } = outcome
      const counted = left === undefined ? {} : { attempts_left: left }
      return problem('otp_invalid', 'this is not the code', { ...running, ...counted })
    }
    case 'expired-code':
      return problem('otp_expired', 'the code has expired: have another one sent', running)
    case 'no-tries-left':
      return problem('too_many_attempts', 'no tries are left: begin a new sign-in')
    case 'too-many-requests':
      return tooMany(outcome)
    case 'not-here':
      return toWeb
    case 'over':
      return unknownSession()
  }
}

const toWeb: OAuthAnswer = {
  status: 403,
  body: {
    error: 'redirect_to_web',
    error_description: 'sign in on the pages of the issuer, by an authorization request',
  },
}

function problem(error: string, description: string, more: object = {}): OAuthAnswer {
  return { status: 400, body: { error, error_description: description, ...more } }
}

function tooMany({ retryAfter }: { retryAfter: number }): OAuthAnswer {
  const description = 'too many requests: wait for the seconds of Retry-After'
  const body = { error: 'rate_limited', error_description: description }
  return { status: 429, body, retryAfter }
}

/** Rounded up: a little later is still good, a little earlier is not. */
function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / SECOND)
}
