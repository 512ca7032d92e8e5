// GET {issuer}/brand/{digest}.png: the pictures of an organisation's brand, each at the address of its content.

import type { Context, Middleware } from 'koa'
import { AppError } from '../shared/errors.ts'
import type { Organisation } from '../stores/organisations.ts'

const ADDRESS = /^\/brand\/([0-9a-f]{64})\.png$/

/** Another organisation's pictures are not here, also not under their right name. */
export function createBrandPictures(parts: {
  organisationOf(ctx: Context): Organisation
  find(organisation: string, digest: string): Promise<Buffer | undefined>
}): Middleware {
  return async (ctx, next) => {
    const digest = ADDRESS.exec(ctx.path)?.[1]
    if (digest === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    const png = await parts.find(parts.organisationOf(ctx)._id, digest)
    if (!png) throw new AppError('not_found')
    ctx.set({
      // What it is called is what it holds: it never changes.
      'Cache-Control': 'public, max-age=31536000, immutable',
      // Opened by itself it is still nothing but a picture.
      'Content-Security-Policy': "default-src 'none'; sandbox",
      // Programs that show mails, and sites that show the portal, load it from elsewhere.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
    ctx.type = 'png'
    ctx.body = png
  }
}
