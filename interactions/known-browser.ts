// The cookie of a known browser: it gives guesses of its own at addresses that this browser has proven, and nothing else.

import type { KnownBrowserCookie } from '../src/services/identity/limits/known-browsers.ts'
import type { Step } from './step.ts'

/** As the browser sent it; whether it is worth anything is decided where addresses are known. */
export function knownBrowserOf({ ctx, parts, organisation }: Step): string | undefined {
  const { name } = parts.knownBrowserCookieOf(organisation)
  return ctx.cookies.get(name, { signed: false })
}

/** Strictly necessary, so that no consent is asked: without it a stranger could keep the owner out. */
export function keepKnownBrowser(
  { ctx, parts, organisation }: Step,
  { value, maxAge }: KnownBrowserCookie,
): void {
  const { name, path, secure } = parts.knownBrowserCookieOf(organisation)
  // TLS ends at the proxy: what the connection is here says nothing of how the browser came.
  ctx.cookies.secure = secure
  ctx.cookies.set(name, value, {
    signed: false, // its digests are signatures
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path,
    maxAge,
  })
}
