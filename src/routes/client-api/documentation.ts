// The Client API explains itself: an OpenAPI document, and the same as a page.

import { clientApiDocument } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { sendPage } from '../../http/security-headers.ts'
import { documentationPage, documentationPolicy } from './documentation-page.ts'

export function documentationRoutes(router: Router, baseUrl: string): void {
  const document = clientApiDocument(baseUrl)
  // Made once: both are the same for everybody.
  const text = JSON.stringify(document)
  const html = documentationPage(document)

  router.get('/openapi.json', (ctx: Context) => {
    ctx.set('Cache-Control', 'public, max-age=300')
    ctx.type = 'json'
    ctx.body = text
  })

  router.get('/', (ctx: Context) => {
    ctx.vary('Accept')
    if (ctx.accepts('html', 'json') === 'json')
      return ctx.redirect(`${ctx.path.replace(/\/$/, '')}/openapi.json`)
    sendPage(ctx, { html, policy: documentationPolicy })
    ctx.set('Cache-Control', 'public, max-age=300')
  })
}
