// The paths of sign-in. Which page a path shows is decided by what the engine asks for and how far the challenge is.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { addressesOf, restartTokenOf } from './addresses.ts'
import { showAgreement, submitAgreement } from './agreement.ts'
import { showCode, submitCode } from './code.ts'
import { showEmail, submitEmail, submitOtherAddress, submitResend } from './email.ts'
import { startAgain } from './ended.ts'
import { keepChoice } from './locale.ts'
import { showPermission, submitCancel, submitPermission } from './permission.ts'
import { backToPage, type InteractionParts, type Step, step } from './step.ts'

/** Everything under `/sign-in/{uid}`. */
export function createInteractions(parts: InteractionParts): Middleware {
  const router = new Router()
  const on = (run: (step: Step) => Promise<void>) => step(parts, run)
  const page = on(showPage)
  /** The page of this request's sign-in, whether or not there is one. */
  const hereOf = (ctx: Context) => {
    const issuer = parts.issuerOf(parts.organisationOf(ctx))
    const here = { issuer, uid: String(ctx.params.uid), restart: restartTokenOf(ctx) }
    return { issuer, page: addressesOf(here).page() }
  }

  router.get('/sign-in/:uid', (ctx: Context) =>
    keepChoice(ctx, hereOf(ctx)) ? undefined : page(ctx),
  )
  router.get('/sign-in/:uid/again', (ctx: Context) => startAgain(parts, ctx))
  // A page that said what was wrong stands at the address of its form: asked for again, it is the page.
  router.get('/sign-in/:uid/:form', (ctx: Context) => {
    ctx.status = 303
    ctx.redirect(hereOf(ctx).page)
  })
  router.post('/sign-in/:uid/email', on(ofLogin(submitEmail)))
  router.post('/sign-in/:uid/resend', on(ofLogin(submitResend)))
  router.post('/sign-in/:uid/other-address', on(ofLogin(submitOtherAddress)))
  router.post('/sign-in/:uid/code', on(ofLogin(submitCode)))
  router.post('/sign-in/:uid/agreement', on(ofLogin(submitAgreement)))
  router.post('/sign-in/:uid/permission', on(ofConsent(submitPermission)))
  router.post('/sign-in/:uid/cancel', on(submitCancel))
  return router.routes() as Middleware // the router's own context type says more than Koa's
}

async function showPage(step: Step): Promise<void> {
  if (step.interaction.prompt === 'consent') return showPermission(step)
  if (step.interaction.isProven) return step.engine.goOn(step.ctx)
  if (step.proven) return showAgreement(step, step.proven)
  return step.pending ? showCode(step, step.pending) : showEmail(step)
}

/** A form of a page that the engine no longer asks for (an old tab, the back button) leads to the one it does. */
function ofLogin(run: (step: Step) => Promise<void>) {
  return only('login', run)
}

function ofConsent(run: (step: Step) => Promise<void>) {
  return only('consent', run)
}

function only(prompt: 'login' | 'consent', run: (step: Step) => Promise<void>) {
  return async (step: Step): Promise<void> => {
    if (step.interaction.prompt === prompt) return run(step)
    backToPage(step)
  }
}
