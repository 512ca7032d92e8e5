// Signing in on the issuer's own pages: there and back (RFC 6749, 4.1, with PKCE, and `iss` of RFC 9207).

import { refuseNoOrigin } from './challenge.ts'
import { random, sha256 } from './encoding.ts'
import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { isText, own } from './own.ts'
import type { Fields } from './server.ts'
import type { Settings } from './settings.ts'
import type { Expected } from './tokens.ts'
import type { FoyerClient, RedirectOptions, Session } from './types.ts'

type Parts = {
  settings: Settings
  redeem(fields: Fields, expected: Expected): Promise<Grant>
  begin(grant: Grant): Session
}

/** What the way back is checked against; kept for this tab alone, and used once. */
type Departure = {
  state: string
  nonce: string
  verifier: string
  redirectUri: string
  isSilent: boolean
}

/** What `prompt=none` answers when the person would have to do something (OpenID Connect Core 3.1.2.6). */
const silentErrors = /^(login|interaction|consent|account_selection)_required$/

export type Redirect = Pick<FoyerClient, 'signInWithRedirect' | 'handleRedirectCallback'>

export function createRedirect({ settings, redeem, begin }: Parts): Redirect {
  const { issuer, clientId, stringify, parse } = settings
  const place = `${settings.name}:redirect`

  return {
    async signInWithRedirect(options) {
      refuseNoOrigin()
      const { prompt, loginHint } = own<RedirectOptions>(options)
      const departure: Departure = {
        state: random(),
        nonce: random(),
        verifier: random(),
        redirectUri: settings.redirectUri ?? location.href.replace(/[?#].*/, ''),
        isSilent: prompt === 'none',
      }
      sessionStorage.setItem(place, stringify(departure))
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: departure.redirectUri,
        scope: settings.scope ?? 'openid profile email',
        state: departure.state,
        nonce: departure.nonce,
        code_challenge: await sha256(departure.verifier),
        code_challenge_method: 'S256',
        ui_locales: settings.locale ?? navigator.language,
      })
      if (prompt) query.set('prompt', prompt)
      if (loginHint) query.set('login_hint', loginHint)
      location.assign(`${issuer}/oauth/authorize?${query}`)
      // The page is left: what waits for this must not go on.
      return new Promise<never>(() => {})
    },

    async handleRedirectCallback() {
      if (!globalThis.location?.search) return null
      const address = new URL(location.href)
      const query = address.searchParams
      const [state, code, error] = [query.get('state'), query.get('code'), query.get('error')]
      if (!state || !(code || error)) return null
      const departure = take()
      const isOurs = query.get('iss') === issuer
      // Somebody else's answer, for another library of this page.
      if (!departure && !isOurs) return null
      for (const name of ['state', 'code', 'error', 'error_description', 'iss']) query.delete(name)
      history.replaceState(history.state, '', address)
      if (!departure || !isOurs || departure.state !== state)
        throw new FoyerError('state_mismatch', 'This answer belongs to no sign-in of this page.')
      if (!code) {
        if (departure.isSilent && silentErrors.test(error ?? '')) return null
        throw new FoyerError(error ?? '', 'The sign-in was not finished.')
      }
      const grant = await redeem(
        {
          grant_type: 'authorization_code',
          code,
          code_verifier: departure.verifier,
          redirect_uri: departure.redirectUri,
        },
        { nonce: departure.nonce },
      )
      return begin(grant)
    },
  }

  function take(): Departure | undefined {
    try {
      const departure = own<Departure>(parse(sessionStorage.getItem(place) ?? ''))
      sessionStorage.removeItem(place)
      return isText(departure.state) && isText(departure.nonce) ? departure : undefined
    } catch {
      return undefined
    }
  }
}
