// Signing in at a relying party: off to the provider, and back from it.

import type { Context } from 'koa'
import type { RelyingPartyAttempts } from '../../services/identity/sessions/relying-party-attempts.ts'
import type { RelyingPartySessions } from '../../services/identity/sessions/relying-party-sessions.ts'
import { type Clock, HOUR } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import type { Random } from '../../shared/secrets.ts'
import type { PartyCookie } from './cookies.ts'
import type { Provider } from './provider.ts'

export type SignInParts = {
  provider: Provider
  sessions: RelyingPartySessions
  attempts: RelyingPartyAttempts
  /** Of the session, and of the browser that begins one. */
  cookies: { session: PartyCookie; browser: PartyCookie }
  /** What became of a sign-in that did not come to its end. */
  showFailure(ctx: Context, failure: { isCancelled: boolean }): void
  /** A page of the relying party's own, see `ownPath`. */
  ownPath(asked: unknown): string
  random: Random
  clock: Clock
  log: Log
}

const BROWSER_BYTES = 32
const BROWSER = /^[\w-]{43}$/

/** `GET …/sign-in?return_to=` */
export async function beginSignIn(parts: SignInParts, ctx: Context): Promise<void> {
  const { cookies, random } = parts
  const known = cookies.browser.read(ctx)
  // Kept where there is one: sign-ins that another tab began go on.
  const browser = known && BROWSER.test(known) ? known : random.token(BROWSER_BYTES)
  const { address, ...begun } = await parts.provider.begin()
  const returnTo = parts.ownPath(ctx.query.return_to)
  await parts.attempts.keep(browser, { ...begun, returnTo })
  cookies.browser.write(ctx, browser, HOUR)
  goTo(ctx, address.href)
}

/** `GET …/callback`: only for the browser that began, and once (RFC 6749, 10.12). */
export async function finishSignIn(parts: SignInParts, ctx: Context): Promise<void> {
  const { sessions, cookies, log } = parts
  const browser = cookies.browser.read(ctx)
  const { state } = ctx.query
  const attempt =
    browser !== undefined && typeof state === 'string'
      ? await parts.attempts.take(browser, state)
      : undefined
  if (!attempt) return withoutAttempt(parts, ctx)

  const done = await parts.provider.finish(new URLSearchParams(ctx.querystring), attempt)
  if (done.outcome !== 'signed-in') {
    if (done.outcome === 'refused') log.warn({ detail: done.detail }, 'a sign-in was refused')
    return parts.showFailure(ctx, { isCancelled: done.outcome === 'cancelled' })
  }
  const started = await sessions.start(done.tokens)
  if (!started) return parts.showFailure(ctx, { isCancelled: false })
  const former = cookies.session.read(ctx)
  if (former !== undefined) await sessions.leave(former)
  cookies.session.write(ctx, started.cookie, started.expiresAt - parts.clock.now())
  goTo(ctx, attempt.returnTo)
}

/** Reloaded, gone back to, too late, or another browser's. */
async function withoutAttempt(parts: SignInParts, ctx: Context): Promise<void> {
  const cookie = parts.cookies.session.read(ctx)
  const isSignedIn = cookie !== undefined && (await parts.sessions.open(cookie)) !== undefined
  if (isSignedIn) return goTo(ctx, parts.ownPath(undefined))
  parts.showFailure(ctx, { isCancelled: false })
}

function goTo(ctx: Context, address: string): void {
  ctx.set('Cache-Control', 'no-store')
  ctx.status = 303
  ctx.redirect(address)
}
