// The Client API explains itself: an OpenAPI document, and the same as a page.

import { clientApiDocument } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { sameForAll } from '../../http/same-for-all.ts'
import { sendPage } from '../../http/security-headers.ts'
import { documentationPage, documentationPolicy } from './documentation-page.ts'

export function documentationRoutes(router: Router, baseUrl: string): void {
  const document = clientApiDocument(baseUrl)
  // Made once: both are the same for everybody.
  const sendDocument = sameForAll(JSON.stringify(document))
  const html = documentationPage(document)
  const sendText = sameForAll(html)

  router.get('/openapi.json', (ctx: Context) => {
    ctx.type = 'json'
    sendDocument(ctx)
  })

  router.get('/', (ctx: Context) => {
    ctx.vary('Accept')
    if (ctx.accepts('html', 'json') === 'json')
      return ctx.redirect(`${ctx.path.replace(/\/$/, '')}/openapi.json`)
    sendPage(ctx, { html, policy: documentationPolicy })
    sendText(ctx)
  })
}
