// The two cookies of a relying party: who is signed in, and which browser began to.

import type { Context } from 'koa'
import { cookieNameOf, cookiePathOf } from '../../shared/issuer.ts'

export type PartyCookie = {
  read(ctx: Context): string | undefined
  /** `maxAge` in milliseconds. */
  write(ctx: Context, value: string, maxAge: number): void
  clear(ctx: Context): void
}

/** A cookie of the host that the address `base` is on: `__Host-foyer_NAME` over https. */
export function partyCookie(base: string, name: string): PartyCookie {
  const cookie = cookieNameOf(base, name)
  const secure = base.startsWith('https:')
  // `Lax`: the browser comes back from the provider, and links from mails open signed in.
  const attributes = {
    signed: false, // random enough that nobody finds one
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: cookiePathOf(base),
    overwrite: true,
  } as const
  const set = (ctx: Context, value: string, maxAge: number): void => {
    // TLS ends at the proxy: what the connection is here says nothing of how the browser came.
    ctx.cookies.secure = secure
    ctx.cookies.set(cookie, value, { ...attributes, maxAge })
  }
  return {
    read: (ctx) => ctx.cookies.get(cookie, { signed: false }),
    write: set,
    clear(ctx) {
      if (ctx.cookies.get(cookie, { signed: false }) !== undefined) set(ctx, '', -1)
    },
  }
}
