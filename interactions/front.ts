// The address of the organisation itself.

import type { Context, Middleware } from 'koa'
import { sendPage } from '../src/http/security-headers.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { localeOf } from './locale.ts'
import { frontPage } from './pages/front.ts'
import { policy } from './pages/layout.ts'

/** `GET /` of an issuer. */
export function createFrontPage(parts: { organisationOf(ctx: Context): Organisation }): Middleware {
  return (ctx, next) => {
    if (ctx.path !== '/' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    const organisation = parts.organisationOf(ctx)
    const locale = localeOf(ctx, { fallback: organisation.locale })
    sendPage(ctx, { html: frontPage({ locale, brand: organisation.name }), policy })
  }
}
