// Documents that the console shows in a frame: pages and mails as they would be.

import type { Context } from 'koa'
import { sendPage } from '../../http/security-headers.ts'

/** Our own words and styles, and pictures that were drawn anew: it can do nothing, and be framed by the console. */
const PREVIEW_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; base-uri 'none'; frame-ancestors 'self'"

export function sendPreview(ctx: Context, html: string): void {
  sendPage(ctx, { html, policy: PREVIEW_POLICY })
  ctx.remove('X-Frame-Options') // the console shows it in a frame; the policy says who may
}
