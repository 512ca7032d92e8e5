// Where the engine would show an unbranded page that submits itself: pages of our own, or none.

import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { cookiePathOf } from '../shared/issuer.ts'
import type { EnginePages } from './options.ts'
import type { Middleware } from './requests.ts'

/** The `form_post` response mode (OAuth 2.0 Form Post Response Mode), on our page. */
export function answerByPost(pages: EnginePages) {
  return (ctx: KoaContextWithOIDC, redirectUri: string, answer: object): void => {
    const fields = Object.entries(answer).map(([name, value]) => [name, String(value)])
    pages.passOn(ctx, { action: redirectUri, fields: Object.fromEntries(fields) })
  }
}

/** What the engine keeps in a session while somebody signs out. */
type SignOutState = { secret: string; postLogoutRedirectUri?: string; state?: string }

/** Signing out where nobody is signed in, or with proof of who asks, and where another account has just signed in. */
export function replaceSubmittingPages(provider: Provider, pages: EnginePages): Middleware {
  return async (ctx, next) => {
    await next()
    const session = ctx.oidc?.session
    const state = session?.state as SignOutState | undefined
    if (!session || !state || ctx.status !== 200) return
    if (ctx.oidc.route === 'end_session' && !session.accountId) {
      await session.destroy() // it was made to keep this state, and is of no more use
      ctx.cookies.set(provider.cookieName('session'), null, {
        path: cookiePathOf(provider.issuer),
      })
      ctx.status = 303
      ctx.redirect(afterSignOut(ctx, state))
    }
    // Whoever shows an ID token of this person is asked nothing (RP-Initiated Logout 1.0, 2): R10.
    const isTheirWish = ctx.oidc.route === 'end_session' && isHintOf(ctx, session.accountId)
    const isSwitch = ctx.oidc.route === 'resume' && state.postLogoutRedirectUri === ownAddress(ctx)
    if (isTheirWish || isSwitch)
      pages.passOn(ctx, {
        action: ctx.oidc.urlFor('end_session_confirm'),
        fields: { xsrf: state.secret, logout: 'yes' },
      })
  }
}

/** The engine has checked the address against the client's registration. */
function afterSignOut(ctx: KoaContextWithOIDC, state: SignOutState): string {
  if (!state.postLogoutRedirectUri) return ctx.oidc.urlFor('end_session_success')
  const uri = new URL(state.postLogoutRedirectUri)
  if (state.state !== undefined) uri.searchParams.set('state', state.state)
  return uri.href
}

function ownAddress(ctx: KoaContextWithOIDC): string {
  return ctx.oidc.urlFor('resume', ctx.params)
}

/** The engine has validated the hint; here it is compared with who is signed in. */
function isHintOf(ctx: KoaContextWithOIDC, account: string | undefined): boolean {
  const hint = ctx.oidc.entities.IdTokenHint as { payload?: { sub?: unknown } } | undefined // as the engine decoded it
  return account !== undefined && hint?.payload?.sub === account
}
