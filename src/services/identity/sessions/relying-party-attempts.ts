// Sign-ins that are under way at a relying party of the house: what their answers are checked against.

import { HOUR } from '../../../shared/clock.ts'
import { type Keyring, sha256 } from '../../../shared/secrets.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'

/** What was sent to the provider, and where the browser goes when it comes back. */
export type Attempt = {
  state: string
  nonce: string
  /** RFC 7636, 4.1. */
  verifier: string
  returnTo: string
}

export type RelyingPartyAttempts = {
  /** Keeps it for an hour, for the one browser that has this cookie. Throws `StoreUnavailable`. */
  keep(browser: string, attempt: Attempt): Promise<void>
  /** Of this browser and this state, once; `undefined` for any other. Throws `StoreUnavailable`. */
  take(browser: string, state: string): Promise<Attempt | undefined>
}

/** As long as the provider waits for a code. */
const LIFE = HOUR

export function createRelyingPartyAttempts(parts: {
  /** Of the relying party. */
  name: string
  ephemeral: Pick<Ephemeral, 'set' | 'take'>
  keyring: Keyring
}): RelyingPartyAttempts {
  const { name, ephemeral, keyring } = parts
  const keyOf = (browser: string, state: string): string =>
    `party:${name}:${sha256(`${browser}.${state}`)}`
  const contextOf = (browser: string) => ({ context: name, bearer: browser })
  return {
    async keep(browser, attempt) {
      const sealed = keyring.seal('seal:relying-party', contextOf(browser), JSON.stringify(attempt))
      await ephemeral.set(keyOf(browser, attempt.state), sealed, LIFE)
    },

    async take(browser, state) {
      const sealed = await ephemeral.take(keyOf(browser, state))
      const clear = sealed && keyring.open('seal:relying-party', contextOf(browser), sealed)
      return clear ? (JSON.parse(clear) as Attempt) : undefined // sealed above
    },
  }
}
