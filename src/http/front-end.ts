// The built files of a front end: names with a hash are kept for ever, the page itself is asked for again.

import { send } from '@koa/send'
import type { Middleware } from 'koa'
import { isRead } from './host.ts'

export type FrontEnd = {
  /** Where it is, such as `/demo`. */
  path: string
  /** What its build made. */
  folder: string
  /** Its Content Security Policy. */
  policy: string
  /** Paths that its own script tells apart, below its own: they all are the same page. */
  pages?: RegExp
}

const ONE_YEAR = 31_536_000_000

/** Serves what is there, and passes on what is not. */
export function frontEnd({ path, folder, policy, pages }: FrontEnd): Middleware {
  return async (ctx, next) => {
    if (!isRead(ctx)) return next()
    if (ctx.path === path) return ctx.redirect(`${path}/`)
    if (!ctx.path.startsWith(`${path}/`)) return next()
    const file = ctx.path.slice(path.length)
    const isKept = file.startsWith('/assets/')
    const sent = await send(ctx, pages?.test(file) ? '/' : file, {
      root: folder,
      index: 'index.html',
      maxage: isKept ? ONE_YEAR : 0,
      immutable: isKept,
    }).catch(asNotThere)
    if (sent === undefined) return next()
    // The build lays compressed files beside the others, and the library sends them to who takes them.
    ctx.vary('Accept-Encoding')
    ctx.set('Content-Security-Policy', policy)
  }
}

/** Not there, or outside the folder; anything else is a fault. */
function asNotThere(error: Error & { status?: number }): undefined {
  if (error.status === undefined || error.status >= 500) throw error
}

/** The policy of a front end that has everything in files of its own, and speaks to its own origin alone. */
export const ownFilesOnly =
  "default-src 'none'; script-src 'self'; object-src 'none'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
