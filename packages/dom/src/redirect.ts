// Signing in on the issuer's own pages: there and back (RFC 6749, 4.1, with PKCE, and `iss` of RFC 9207).

import { codeRequest, type Secrets, secrets } from './code-request.ts'
import { random } from './encoding.ts'
import { FoyerError } from './errors.ts'
import { parse, stringify } from './json.ts'
import { own } from './own.ts'
import type { Server } from './server.ts'
import type { Sessions } from './sessions.ts'
import type { FoyerClient, RedirectOptions } from './types.ts'

/** What the way back is checked against; kept for this tab alone, and used once. */
type Departure = Secrets & { readonly state: string }

/** What `prompt=none` answers when the person would have to do something (OpenID Connect Core 3.1.2.6). */
const silentErrors = /_required$/

export type Redirect = Pick<FoyerClient, 'signInWithRedirect' | 'handleRedirectCallback'>

export function createRedirect(server: Server, { redeem }: Pick<Sessions, 'redeem'>): Redirect {
  const { issuer } = server
  const place = `${server.name}:redirect`
  const redirectUri = () => server.redirectUri ?? location.href.replace(/[?#].*/, '')

  function awaited(): Partial<Departure> {
    try {
      return own(parse(String(sessionStorage.getItem(place))))
    } catch {
      return own({})
    }
  }

  return {
    async signInWithRedirect(options) {
      const { prompt, loginHint } = own<RedirectOptions>(options)
      const departure: Departure = { ...secrets(), state: random() }
      sessionStorage.setItem(place, stringify(departure))
      const query = new URLSearchParams({
        ...(await codeRequest(server, departure)),
        redirect_uri: redirectUri(),
        state: departure.state,
        ...(prompt && { prompt }),
        ...(loginHint && { login_hint: loginHint }),
      })
      location.assign(`${issuer}/oauth/authorize?${query}`)
      // The page is left: what waits for this must not go on.
      return new Promise<never>(() => {})
    },

    async handleRedirectCallback() {
      if (!globalThis.location) return null
      const address = new URL(location.href)
      const query = address.searchParams
      const [state, code, error] = [query.get('state'), query.get('code'), query.get('error')]
      const departure = awaited()
      const isFromIssuer = query.get('iss') === issuer
      const isAwaited = departure.state === state
      // Somebody else's answer, for another library of this page, is left to it.
      if (!state || !(code || error) || !(isFromIssuer || isAwaited)) return null
      sessionStorage.removeItem(place)
      for (const name of ['state', 'code', 'error', 'error_description', 'iss']) query.delete(name)
      history.replaceState(history.state, '', address)
      if (!isFromIssuer || !isAwaited)
        throw new FoyerError('state_mismatch', 'This page did not ask for it.')
      if (code) {
        const { verifier, nonce } = departure
        const fields = { code, code_verifier: String(verifier), redirect_uri: redirectUri() }
        return redeem(fields, String(nonce))
      }
      if (silentErrors.test(error ?? '')) return null
      throw new FoyerError(error ?? '', 'The sign-in failed.')
    },
  }
}
