// The pages that the engine shows itself: signing out, its end, passing on by a POST, and errors.

import type { Context } from 'koa'
import { sendPage } from '../src/http/security-headers.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { localeOf } from './locale.ts'
import { type ErrorKind, errorPage } from './pages/error.ts'
import { policy } from './pages/layout.ts'
import { passOnPage, passOnPolicy } from './pages/pass-on.ts'
import { signedOutPage, signOutPage } from './pages/sign-out.ts'

export type EngineError = {
  /** OAuth's code. */
  code: string
  description?: string
  status: number
  /** The page of the application that sent the request, when it is known. */
  client?: { name: string; homeUri?: string }
}

/** Makes the pages of one organisation. `requestIdOf` gives the support code. */
export function createEnginePages(parts: {
  organisation: Organisation
  requestIdOf(ctx: Context): string | undefined
}) {
  const { organisation } = parts
  const frameOf = (ctx: Context) => ({
    locale: localeOf(ctx, {
      uiLocales: String(ctx.query.ui_locales ?? '').split(' '),
      fallback: organisation.locale,
    }),
    brand: organisation.name,
  })

  return {
    signOut(ctx: Context, form: { action: string; xsrf: string }): void {
      sendPage(ctx, { html: signOutPage({ ...frameOf(ctx), ...form }), policy })
    },

    signedOut(ctx: Context, end: { isOver: boolean }): void {
      sendPage(ctx, { html: signedOutPage({ ...frameOf(ctx), ...end }), policy })
    },

    passOn(ctx: Context, form: { action: string; fields: Readonly<Record<string, string>> }): void {
      sendPage(ctx, { html: passOnPage({ ...frameOf(ctx), ...form }), policy: passOnPolicy })
    },

    error(ctx: Context, error: EngineError): void {
      const supportCode = parts.requestIdOf(ctx)
      const kind = kindOf(error)
      const home = error.client?.homeUri
      // Nothing was done: the same request, asked again, goes on from here.
      const canRetry = kind === 'unavailable' && ctx.method === 'GET'
      const html = errorPage({
        ...frameOf(ctx),
        kind,
        detail: [error.code, error.description].filter(Boolean).join(': '),
        ...(supportCode && { supportCode }),
        ...(home && { wayOn: { href: home, clientName: error.client?.name ?? '' } }),
        ...(canRetry && { wayOn: { href: ctx.url } }),
      })
      sendPage(ctx, { html, policy, status: error.status })
    },
  }
}

function kindOf({ status, code, description }: EngineError): ErrorKind {
  if (status === 503) return 'unavailable'
  if (status === 404) return 'not-found'
  if (status >= 500) return 'internal'
  // The engine's word for an interaction that is over.
  const isOver = code === 'invalid_request' && /expired|session/.test(description ?? '')
  return isOver ? 'ended' : 'request'
}
