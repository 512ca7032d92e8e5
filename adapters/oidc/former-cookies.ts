// The cookies that sessions had a moment ago: another tab, whose request is on its way, may still come with one.

import type { Keyring } from '../../src/shared/secrets.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { storedId } from './payload.ts'

export type FormerCookies = {
  /** One cookie takes another's place. Of two at once the first is chosen, for both: the chosen one is returned. */
  replace(organisation: string, former: string, next: string): Promise<string>
  /** What took the cookie's place a moment ago. */
  heirOf(organisation: string, cookie: string): Promise<string | undefined>
}

/** The new cookie is kept sealed under the old one: nobody else can read it, with `SECRET` or without. */
export function createFormerCookies(parts: {
  ephemeral: Ephemeral
  keyring: Pick<Keyring, 'seal' | 'open'>
  /** How long a former cookie leads on, in milliseconds. */
  life: number
}): FormerCookies {
  const { ephemeral, keyring, life } = parts
  const keyOf = (organisation: string, cookie: string): string =>
    `oidc:${organisation}:${storedId('FormerCookie', cookie)}`
  const contextOf = (organisation: string, bearer: string) => ({ context: organisation, bearer })

  const heirOf: FormerCookies['heirOf'] = async (organisation, cookie) => {
    const sealed = await ephemeral.get(keyOf(organisation, cookie))
    return sealed && keyring.open('seal:cookie', contextOf(organisation, cookie), sealed)
  }

  return {
    heirOf,
    async replace(organisation, former, next) {
      const sealed = keyring.seal('seal:cookie', contextOf(organisation, former), next)
      const isFirst = await ephemeral.setIfAbsent(keyOf(organisation, former), sealed, life)
      return isFirst ? next : ((await heirOf(organisation, former)) ?? next)
    },
  }
}
