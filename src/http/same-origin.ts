// Writes that a browser sends with its cookies: taken from our own pages alone, and only in forms that no foreign page can send.

import type { Context } from 'koa'
import { AppError } from '../shared/errors.ts'
import { isWithoutBody } from './body.ts'

/**
 * Throws `origin_not_allowed` unless the request comes from `origin` and its body, where it has one, is of one
 * of the types. Who sends no `Origin` at all is no browser, or hides where it comes from: refused, too. Pages
 * with forms have to be sent with `sendFormPage`, or browsers say `null`.
 */
export function refuseForeignWrite(
  ctx: Context,
  { origin, types }: { origin: string; types: readonly string[] },
): void {
  const site = ctx.get('sec-fetch-site')
  const isForeign = ctx.get('origin') !== origin || (site !== '' && site !== 'same-origin')
  // Any page can have a form sent as text/plain, or as a form, without asking first.
  const isOtherType = !isWithoutBody(ctx) && !ctx.is([...types])
  if (isForeign || isOtherType) throw new AppError('origin_not_allowed')
}
