// Signing in on the page: an address, a code, an authorization code (draft-ietf-oauth-first-party-apps).

import { codeRequest, type Secrets, secrets } from './code-request.ts'
import { FoyerError } from './errors.ts'
import { isText, type Own } from './own.ts'
import { type Fields, failureOf, read, type Server } from './server.ts'
import type { Sessions } from './sessions.ts'
import type { FoyerClient, Session } from './types.ts'

/** One sign-in, from the address to the code; never stored. */
type Attempt = Secrets & { email: string; running: string }

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
      if (!isText(email)) throw new TypeError('sendCode: no address')
      if (attempt?.email !== email) attempt = { ...secrets(), email, running: '' }
      const current = attempt
      const answer = await ask(current, {
        ...(!current.running && (await codeRequest(server, current))),
        ...(options?.locale && { ui_locales: options.locale }),
        email,
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
