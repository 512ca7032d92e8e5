// That a sign-in goes on in the browser where it began, also where a neighbouring host puts cookies into another one.

import type { Context } from 'koa'
import { SECOND } from '../shared/clock.ts'
import { cookieNameOf } from '../shared/issuer.ts'
import { lifetimes } from './lifetimes.ts'

/**
 * The cookies of a sign-in belong to its path, and every host of the same site can set such cookies for ours
 * (`Domain`): those of the attacker's own sign-in, signed as they are, so that somebody's browser finishes it and is
 * signed in as the attacker. No other host can set a `__Host-` cookie (RFC 6265bis, 4.1.3.2). So one more says that
 * a sign-in began here, by its name; without https there are no such names.
 */
function ownCookieOf(uid: string): string {
  return `__Host-foyer_own_${uid.slice(0, 8)}`
}

const attributes = {
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'lax',
  signed: false, // what nobody else can set needs no signature
} as const

/** Remembers in the browser of this request that the sign-in is its own. */
export function markAsOwn(ctx: Context, { issuer, uid }: { issuer: string; uid: string }): void {
  if (!issuer.startsWith('https:')) return
  forgetOldest(ctx)
  ctx.cookies.set(ownCookieOf(uid), uid, {
    ...attributes,
    maxAge: lifetimes.interaction * SECOND,
  })
}

/**
 * More sign-ins than somebody has open at once. A page can have a browser begin any number, and each cookie goes
 * with every request: proxies refuse what is longer than some kilobytes, and then nothing here could be reached.
 */
const MOST = 20
const OWN_COOKIE = /(?:^|; ?)(__Host-foyer_own_[\w-]{8})=/g

/** Browsers send those first that they have had for longest (RFC 6265, 5.4). */
function forgetOldest(ctx: Context): void {
  const names = [...ctx.get('cookie').matchAll(OWN_COOKIE)].map(([, name = '']) => name)
  for (const name of names.slice(0, 1 - MOST)) ctx.cookies.set(name, null, attributes)
}

/** What the cookie library asks of its keys; its typings know lists of keys only. */
type Keys = { index(cookie: string, signature: string): number }
type Cookies = { keys?: Keys; get(name: string): string | undefined }

/** From now on the signatures of a sign-in that began elsewhere count as wrong ones. */
export function takeOwnOnly(ctx: Context, issuer: string): void {
  if (!issuer.startsWith('https:')) return
  const cookies = ctx.cookies as unknown as Cookies // see the type
  const { keys } = cookies
  if (!keys) return
  const bound = ['interaction', 'resume'].map((name) =>
    cookieNameOf(issuer, name, { isBoundToPath: true }),
  )
  const isForeign = (cookie: string): boolean => {
    const [name = '', uid = ''] = cookie.split('=')
    return bound.includes(name) && cookies.get(ownCookieOf(uid)) !== uid
  }
  cookies.keys = {
    ...keys,
    index: (cookie, signature) => (isForeign(cookie) ? -1 : keys.index(cookie, signature)),
  }
}
