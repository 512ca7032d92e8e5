// Where the way forward leads from a page that ends something: never to a dead end.

import { mountOf } from '../src/shared/issuer.ts'
import { addressesOf } from './addresses.ts'
import type { Application, Ended } from './engine.ts'

export type WayOn = {
  href: string
  /** The application that it leads to. */
  clientName?: string
  /** The same address again. */
  isRetry?: boolean
}

/**
 * To the application: to its page that begins a sign-in (OpenID Connect Core 4), else its home page.
 * Where there is neither, to the organisation's own front page.
 */
export function wayToApplication(
  issuer: string,
  client: Application | undefined,
  loginHint?: string,
): WayOn {
  const { name = '', homeUri, initiateLoginUri } = client ?? {}
  if (!initiateLoginUri)
    return homeUri ? { href: homeUri, clientName: name } : { href: frontOf(issuer) }
  const uri = new URL(initiateLoginUri)
  uri.searchParams.set('iss', issuer)
  if (loginHint !== undefined) uri.searchParams.set('login_hint', loginHint)
  return { href: uri.href, clientName: name }
}

/** From a sign-in that has ended: the same again where that may be, else to the application. */
export function wayFromEnd(
  issuer: string,
  { uid, token }: { uid: string; token: string | undefined },
  ended: Ended | undefined,
): WayOn {
  if (ended?.isOpen) return { href: addressesOf({ issuer, uid, restart: token }).form('again') }
  return wayToApplication(issuer, ended?.client, ended?.loginHint)
}

/** The organisation's front page. */
export function frontOf(issuer: string): string {
  return `${mountOf(issuer)}/`
}
