// Refreshing for the Client API: its own small words on the outside, the very token endpoint within.

import { type DispatchFunc, inject } from 'light-my-request'
import type Provider from 'oidc-provider'
import type { Dispatch } from './provider.ts'

export type RefreshRequest = {
  refreshToken: string
  /** How a confidential client authenticates: the `Authorization` header as it came … */
  authorization?: string
  /** … or these, as at the token endpoint. */
  clientId?: string
  clientSecret?: string
}

export type RefreshAnswer = {
  /** The token endpoint's status. */
  status: number
  /** Its answer, a token response or an OAuth error (RFC 6749, 5). */
  body: { [member: string]: unknown }
}

/** Exchanges a refresh token. A public client needs nothing more: it is read from the token. */
export async function refreshTokens(
  { provider, dispatch }: { provider: Provider; dispatch: Dispatch },
  request: RefreshRequest,
): Promise<RefreshAnswer> {
  const clientId = request.clientId ?? (await clientOfToken(provider, request))
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: request.refreshToken,
  })
  if (clientId) form.set('client_id', clientId)
  if (request.clientSecret) form.set('client_secret', request.clientSecret)

  const handle: DispatchFunc = (req, res) => void dispatch(req, res)
  const answer = await inject(handle, {
    method: 'POST',
    url: '/oauth/token',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(request.authorization && { authorization: request.authorization }),
    },
    payload: form.toString(),
  })
  return { status: answer.statusCode, body: answer.json() }
}

/** Nobody's client when the token is unknown: the token endpoint then refuses in its own words. */
async function clientOfToken(
  provider: Provider,
  request: RefreshRequest,
): Promise<string | undefined> {
  if (request.authorization) return undefined // the header names the client
  // `ignoreSessionBinding` is missing from the typings: the look-up itself must not read the session.
  const options: { ignoreExpiration: boolean; ignoreSessionBinding: boolean } = {
    ignoreExpiration: true,
    ignoreSessionBinding: true,
  }
  const token = await provider.RefreshToken.find(request.refreshToken, options)
  return token?.clientId
}
