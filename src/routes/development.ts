// For development only: the front page, the mailbox, and what the demo application needs to know.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { sendPage } from '../http/security-headers.ts'
import { AppError } from '../shared/errors.ts'
import {
  developmentPolicy,
  frontPage,
  type MailView,
  mailboxPage,
  mailPolicy,
} from './development-pages.ts'

export type DevelopmentParts = {
  brand: string
  /** The newest first, of one address or of all; left out where a mail server takes the mails. */
  listMails?: (to?: string) => MailView[]
  /** What `/demo/config.json` tells the demo application. */
  demo: {
    issuer: string
    clientId: string
    scope: string
    api: string
    brand: string
    /** The shop's address, where there is one. */
    shop?: string
  }
}

/** `/`, `/dev/mail`, `/dev/mail.json`, `/demo/config.json`. Not there in production. */
export function createDevelopment(parts: DevelopmentParts): Middleware {
  const router = new Router()
  const { listMails } = parts

  router.get('/', (ctx: Context) => {
    const html = frontPage(parts.brand, {
      hasMailbox: listMails !== undefined,
      shop: parts.demo.shop,
    })
    sendPage(ctx, { html, policy: developmentPolicy })
  })

  router.get('/demo/config.json', (ctx: Context) => {
    ctx.set('Cache-Control', 'no-store')
    ctx.body = parts.demo
  })

  if (listMails) addMailbox(router, listMails)
  return router.routes() as Middleware // the router's own context type says more than Koa's
}

function addMailbox(router: Router, listMails: (to?: string) => MailView[]): void {
  router.get('/dev/mail', (ctx: Context) => {
    const to = addressOf(ctx)
    sendPage(ctx, { html: mailboxPage(listMails(to), to), policy: developmentPolicy })
  })

  router.get('/dev/mail.json', (ctx: Context) => {
    ctx.set('Cache-Control', 'no-store')
    ctx.body = listMails(addressOf(ctx)).map(({ to, subject, text, html, at }) => ({
      to,
      subject,
      text,
      html,
      at,
    }))
  })

  router.get('/dev/mail/:number', (ctx: Context) => {
    const mail = listMails().find(({ at }) => String(at) === ctx.params.number)
    if (!mail) throw new AppError('not_found')
    sendPage(ctx, { html: mail.html, policy: mailPolicy })
    ctx.remove('X-Frame-Options') // the mailbox shows it in a frame; the policy says who may
  })
}

function addressOf(ctx: Context): string | undefined {
  const { to } = ctx.query
  if (Array.isArray(to)) throw new AppError('bad_request')
  return to || undefined
}
