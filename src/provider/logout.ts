// Back-channel logout on the engine: it signs each logout token; they are sent apart from it, while no browser waits.

import Provider, { type Client } from 'oidc-provider'
import type { Random } from '../shared/secrets.ts'

/** An application of a session, as the engine knows it. */
export type SignedOutClient = { uid: string; account: string; client: string; sid: string }

/**
 * Sends one logout token and resolves with the status of the answer, 200 or 204; with `undefined` when there
 * is nobody to tell any more. Throws an Error, whose message an operator may read, when it was not taken.
 */
export type SendLogoutToken = (told: Omit<SignedOutClient, 'uid'>) => Promise<number | undefined>

/**
 * The engine's sign-out calls every application, once, and waits for all of them. Whoever ends a session
 * tells its applications in our own way; what remains to be told here is the one that asked, where somebody
 * signs out of it alone and stays signed in. The method is undocumented; a test pins that it is called.
 */
export function putOffLogoutTokens(
  provider: Provider,
  onClientSignedOut: (client: SignedOutClient) => Promise<void>,
): void {
  Object.assign(provider.Client.prototype, {
    async backchannelLogout(this: Client, account: string, sid: string): Promise<void> {
      const session = Provider.ctx?.oidc.session
      if (session)
        await onClientSignedOut({ uid: session.uid, account, client: this.clientId, sid })
    },
  })
}

/** A logout token is signed like an ID token, for the same client, and sent about: it proves nothing here. */
export function refuseLogoutTokensAsHints(provider: Provider): void {
  const { validate } = provider.IdToken
  provider.IdToken.validate = async function (this: typeof provider.IdToken, jwt, client) {
    const valid = await validate.call(this, jwt, client)
    const { typ } = valid.header
    if (typ !== undefined && typ !== 'JWT') throw new TypeError('this is no ID token')
    return valid
  }
}

export function createSendLogoutToken(parts: {
  provider: Provider
  fetch: typeof fetch
  random: Random
}): SendLogoutToken {
  const { provider, fetch, random } = parts

  /** OpenID Connect Back-Channel Logout 1.0, 2.4. The engine adds the rest, and two minutes to live. */
  function tokenFor(client: Client, account: string, sid: string): Promise<string> {
    const token = new provider.IdToken({}, { client })
    token.set('sub', account)
    token.set('sid', sid)
    token.set('jti', random.token(JTI_BYTES))
    token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} })
    return token.issue({ use: 'logout' })
  }

  return async ({ account, client, sid }) => {
    const found = await provider.Client.find(client)
    if (!found?.backchannelLogoutUri) return undefined
    const form = new URLSearchParams({ logout_token: await tokenFor(found, account, sid) })
    const { status } = await fetch(found.backchannelLogoutUri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' }, // some compare it to the letter
      body: form.toString(),
    })
    if (status !== 200 && status !== 204) throw new Error(`answered ${status}`)
    return status
  }
}

const JTI_BYTES = 16
