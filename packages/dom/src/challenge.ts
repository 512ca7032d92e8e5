// Signing in on the page: an address, a code, an authorization code (draft-ietf-oauth-first-party-apps).

import { random, sha256 } from './encoding.ts'
import { FoyerError } from './errors.ts'
import { isText, type Own } from './own.ts'
import { type Fields, failureOf, read, type Server } from './server.ts'
import type { Sessions } from './sessions.ts'
import type { FoyerClient, Session } from './types.ts'

/** One sign-in, from the address to the code; never stored. */
type Attempt = { email: string; verifier: string; nonce: string; running: string }

export type Challenge = Pick<FoyerClient, 'sendCode' | 'verifyCode' | 'acceptPolicies'>

export function createChallenge(server: Server, { redeem }: Pick<Sessions, 'redeem'>): Challenge {
  let attempt: Attempt | undefined

  /** The answer, also the one that asks for more; throws every other. */
  async function ask(current: Attempt, fields: Fields): Promise<Own> {
    const form = { client_id: server.clientId, auth_session: current.running, ...fields }
    const response = await server.post('challenge', form)
    const answer = await read(response)
    // It may be another one with every answer (5.2.2.1).
    if (isText(answer.auth_session)) current.running = answer.auth_session
    const failure = failureOf(response, answer)
    if (response.ok || (failure.code === 'policies_required' && !failure.policies)) return answer
    if (/^(too_many_attempts|session_expired)$/.test(failure.code)) current.running = ''
    throw failure
  }

  async function finish(fields: Fields): Promise<Session> {
    const current = attempt
    if (!current?.running) throw new FoyerError('session_expired', 'Ask for a code first.')
    const { authorization_code: code } = await ask(current, fields)
    attempt = undefined
    return redeem({ code: String(code), code_verifier: current.verifier }, current.nonce)
  }

  return {
    async sendCode(email, options) {
      if (!isText(email)) throw new TypeError('sendCode: an address')
      refuseNoOrigin()
      if (attempt?.email !== email)
        attempt = { email, verifier: random(), nonce: random(), running: '' }
      const current = attempt
      const answer = await ask(current, {
        email,
        ...(!current.running && {
          response_type: 'code',
          code_challenge: await sha256(current.verifier),
          code_challenge_method: 'S256',
          nonce: current.nonce,
          scope: server.scope ?? '',
          ui_locales: options?.locale ?? localeOf(server),
        }),
      })
      const now = Date.now()
      return {
        email,
        length: Number(answer.otp_length),
        expiresAt: now + Number(answer.otp_expires_in) * 1000,
        resendAt: now + Number(answer.otp_resend_in) * 1000,
      }
    },
    verifyCode: (code) => finish({ otp: code }),
    acceptPolicies: (policies) =>
      finish({ accept: policies.map(({ kind, number }) => `${kind}.${number}`).join(' ') }),
  }
}

/** A frame that is sandboxed without `allow-same-origin`, or a file: nothing that a client could have registered. */
export function refuseNoOrigin(): void {
  if (globalThis.origin === 'null')
    throw new FoyerError('origin_not_allowed', 'This page has no origin.')
}

export function localeOf({ locale }: Server): string {
  return locale ?? globalThis.navigator?.language ?? ''
}
