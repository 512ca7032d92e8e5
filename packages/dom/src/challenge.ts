// Signing in on the page: an address, a code, an authorization code (draft-ietf-oauth-first-party-apps).

import { random, sha256 } from './encoding.ts'
import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { isText, type Own } from './own.ts'
import { type Fields, failureOf, type Server } from './server.ts'
import type { Settings } from './settings.ts'
import type { Expected } from './tokens.ts'
import type { FoyerClient, Session } from './types.ts'

type Parts = {
  settings: Settings
  server: Server
  redeem(fields: Fields, expected: Expected): Promise<Grant>
  begin(grant: Grant): Session
}

/** One sign-in, from the address to the code; never stored. */
type Attempt = { email: string; verifier: string; nonce: string; authSession: string | undefined }

export type Challenge = Pick<FoyerClient, 'sendCode' | 'verifyCode' | 'acceptPolicies'>

export function createChallenge({ settings, server, redeem, begin }: Parts): Challenge {
  let attempt: Attempt | undefined

  /** The answer, also the one that asks for more; throws every other. */
  async function ask(current: Attempt, fields: Fields): Promise<Own> {
    const form = { client_id: settings.clientId, auth_session: current.authSession, ...fields }
    const response = await server.post('challenge', form)
    const answer = await server.read(response)
    // It may be another one with every answer (5.3.1).
    if (isText(answer.auth_session)) current.authSession = answer.auth_session
    const failure = failureOf(response, answer)
    if (response.ok || (failure.code === 'policies_required' && !failure.policies)) return answer
    if (failure.code === 'too_many_attempts' || failure.code === 'session_expired')
      current.authSession = undefined
    throw failure
  }

  async function sendCode(email: string, locale?: string): Promise<Own> {
    if (attempt?.email !== email)
      attempt = { email, verifier: random(), nonce: random(), authSession: undefined }
    const current = attempt
    if (current.authSession) {
      try {
        return await ask(current, { email })
      } catch (error) {
        if (!(error instanceof FoyerError) || error.code !== 'session_expired') throw error
      }
    }
    return ask(current, {
      response_type: 'code',
      code_challenge: await sha256(current.verifier),
      code_challenge_method: 'S256',
      nonce: current.nonce,
      scope: settings.scope,
      ui_locales: locale ?? settings.locale ?? globalThis.navigator?.language,
      email,
    })
  }

  async function finish(fields: Fields): Promise<Session> {
    const current = attempt
    if (!current?.authSession)
      throw new FoyerError('session_expired', 'Ask for a code first.', { status: 400 })
    const { authorization_code: code } = await ask(current, fields)
    if (attempt === current) attempt = undefined
    const grant = await redeem(
      {
        grant_type: 'authorization_code',
        code: String(code),
        code_verifier: current.verifier,
      },
      { nonce: current.nonce },
    )
    return begin(grant)
  }

  return {
    async sendCode(email, options) {
      if (!isText(email)) throw new TypeError('sendCode: an e-mail address')
      refuseNoOrigin()
      const answer = await sendCode(email, options?.locale)
      const now = Date.now()
      return {
        email,
        length: Number(answer.otp_length) || 6,
        expiresAt: now + Number(answer.otp_expires_in) * 1000,
        resendAt: now + Number(answer.otp_resend_in) * 1000,
      }
    },
    verifyCode: (code) => finish({ otp: String(code).replace(/[\s-]/g, '') }),
    acceptPolicies: (policies) =>
      finish({ accept: policies.map(({ kind, number }) => `${kind}.${number}`).join(' ') }),
  }
}

/** A frame that is sandboxed without `allow-same-origin`, or a file: nothing that a client could have registered. */
export function refuseNoOrigin(): void {
  if (globalThis.origin === 'null')
    throw new FoyerError(
      'origin_not_allowed',
      'This page has no origin: it is a sandboxed frame or a file.',
    )
}
