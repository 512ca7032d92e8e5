// The pages that the engine shows itself: signing out, its end, passing on by a POST, and errors.

import type { Context } from 'koa'
import { sendPage } from '../src/http/security-headers.ts'
import { brandingOf } from '../src/services/organisations/branding.ts'
import { mountOf } from '../src/shared/issuer.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import type { Application, Ended } from './engine.ts'
import { frameOf } from './frame.ts'
import { localeOf } from './locale.ts'
import { type ErrorKind, errorPage } from './pages/error.ts'
import { goingOnPolicyOf, policyOf } from './pages/layout.ts'
import { passOnPage } from './pages/pass-on.ts'
import { signedOutPage, signOutPage } from './pages/sign-out.ts'
import { type WayOn, wayFromEnd, wayToApplication } from './way-on.ts'

export type EngineError = {
  /** OAuth's code. */
  code: string
  description?: string
  status: number
  /** The application that sent the request, when it is known. */
  client?: Application
  /** There when a sign-in has ended: its page, and what is known of it. */
  ended?: { uid: string; token: unknown; restart?: Ended }
}

/** Makes the pages of one organisation. `requestIdOf` gives the support code. */
export function createEnginePages(parts: {
  organisation: Organisation
  issuer: string
  requestIdOf(ctx: Context): string | undefined
}) {
  const { organisation, issuer } = parts
  const { look } = brandingOf(organisation, issuer)
  const policy = policyOf(look)
  const frame = (ctx: Context, uiLocales = String(ctx.query.ui_locales ?? '').split(' ')) =>
    frameOf({ ...parts, locale: localeOf(ctx, { uiLocales, fallback: organisation.locale }) })

  return {
    signOut(ctx: Context, form: { action: string; xsrf: string }): void {
      sendPage(ctx, { html: signOutPage({ ...frame(ctx), ...form }), policy })
    },

    signedOut(ctx: Context, end: { isOver: boolean }): void {
      sendPage(ctx, { html: signedOutPage({ ...frame(ctx), ...end }), policy })
    },

    passOn(ctx: Context, form: { action: string; fields: Readonly<Record<string, string>> }): void {
      const html = passOnPage({ ...frame(ctx), ...form })
      sendPage(ctx, { html, policy: goingOnPolicyOf(look) })
    },

    error(ctx: Context, error: EngineError): void {
      const supportCode = parts.requestIdOf(ctx)
      const kind = kindOf(error)
      const html = errorPage({
        ...frame(ctx, error.ended?.restart?.uiLocales.slice()),
        kind,
        // Whoever took too long has no developer to ask.
        detail: error.ended ? '' : [error.code, error.description].filter(Boolean).join(': '),
        wayOn: wayOnOf(ctx, kind, error),
        ...(supportCode && { supportCode }),
      })
      sendPage(ctx, { html, policy, status: error.status })
    },
  }

  function wayOnOf(ctx: Context, kind: ErrorKind, { ended, client }: EngineError): WayOn {
    // Nothing was done: the same request, asked again, goes on from here.
    if (kind === 'unavailable' && ctx.method === 'GET')
      return { href: `${mountOf(issuer)}${ctx.url}`, isRetry: true }
    if (!ended) return wayToApplication(parts.issuer, client)
    const token = typeof ended.token === 'string' ? ended.token : undefined
    return wayFromEnd(parts.issuer, { uid: ended.uid, token }, ended.restart)
  }
}

function kindOf({ status, ended }: EngineError): ErrorKind {
  if (ended) return ended.restart?.isOpen ? 'interrupted' : 'ended'
  if (status === 503) return 'unavailable'
  if (status === 404) return 'not-found'
  return status >= 500 ? 'internal' : 'request'
}
