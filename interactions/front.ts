// The address of the organisation itself.

import type { Context, Middleware } from 'koa'
import { isRead } from '../src/http/host.ts'
import { sendPage } from '../src/http/security-headers.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { frameOf } from './frame.ts'
import { localeOf } from './locale.ts'
import { frontPage } from './pages/front.ts'
import { policyOf } from './pages/layout.ts'

/** `GET /` of an issuer. */
export function createFrontPage(parts: {
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
}): Middleware {
  return (ctx, next) => {
    if (ctx.path !== '/' || !isRead(ctx)) return next()
    const organisation = parts.organisationOf(ctx)
    const locale = localeOf(ctx, { fallback: organisation.locale })
    const issuer = parts.issuerOf(organisation)
    const frame = frameOf({ organisation, issuer, locale })
    sendPage(ctx, { html: frontPage(frame), policy: policyOf(frame.look) })
  }
}
