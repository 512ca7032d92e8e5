// The console's pages that need no scripts: accepting an invitation, and where signing in can end.

import type { Context, Middleware } from 'koa'
import { readForm } from '../src/http/body.ts'
import { isRead } from '../src/http/host.ts'
import { auditSourceOf } from '../src/http/request-id.ts'
import { sendFormPage } from '../src/http/security-headers.ts'
import type { Invitations } from '../src/services/operators/invitations.ts'
import { AppError } from '../src/shared/errors.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { frameOf } from './frame.ts'
import { keepChoice, localeOf } from './locale.ts'
import {
  failedSignInPage,
  goneInvitationPage,
  invitationPage,
  leftConsolePage,
  noOperatorPage,
  unbuiltConsolePage,
} from './pages/console.ts'
import { type PageFrame, policyOf } from './pages/layout.ts'

export type ConsolePageParts = {
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
}

export type ConsolePages = {
  failed(ctx: Context, page: { signIn: string; isCancelled: boolean }): void
  signedOut(ctx: Context, page: { signIn: string }): void
  noOperator(ctx: Context, person: { email: string; isInvited: boolean }): void
  unbuilt(ctx: Context): void
}

const CONSOLE = '/admin'
const SIGN_OUT = `${CONSOLE}/sign-out`

export function createConsolePages(parts: ConsolePageParts): ConsolePages {
  const show = (ctx: Context, page: (frame: PageFrame) => string, status: number): void =>
    showPage(parts, ctx, { page, status })
  return {
    failed: (ctx, data) =>
      show(ctx, (frame) => failedSignInPage({ ...frame, ...data }), data.isCancelled ? 200 : 400),
    signedOut: (ctx, data) => show(ctx, (frame) => leftConsolePage({ ...frame, ...data }), 200),
    noOperator: (ctx, data) =>
      show(ctx, (frame) => noOperatorPage({ ...frame, ...data, signOut: SIGN_OUT }), 403),
    unbuilt: (ctx) => show(ctx, unbuiltConsolePage, 503),
  }
}

export type InvitationPageParts = ConsolePageParts & {
  invitations: Pick<Invitations, 'look' | 'accept'>
  /** Who is signed in at the console in this browser; the address is normalised, and proven. */
  personOf(ctx: Context): Promise<{ email: string } | undefined>
  signInAddress(returnTo: string): string
  /** Throws 403 for a form that is none of our own pages'. */
  refuseForeignForm(ctx: Context): void
}

const INVITATION = /^\/admin\/invitations\/([\w-]{1,100})\/?$/

/** `/admin/invitations/{token}`: says what it is about, signs in, and accepts. */
export function createInvitationPages(parts: InvitationPageParts): Middleware {
  return async (ctx, next) => {
    const [, token] = INVITATION.exec(ctx.path) ?? []
    if (token === undefined) return next()
    if (isRead(ctx)) return showInvitation(parts, ctx, token)
    if (ctx.method !== 'POST') throw new AppError('method_not_allowed')
    await acceptInvitation(parts, ctx, token)
  }
}

async function showInvitation(
  parts: InvitationPageParts,
  ctx: Context,
  token: string,
): Promise<void> {
  const address = addressOf(token)
  const issuer = parts.issuerOf(parts.organisationOf(ctx))
  if (keepChoice(ctx, { issuer, page: address })) return
  const found = await parts.invitations.look(token)
  if (!found) return showGone(parts, ctx)
  const person = await parts.personOf(ctx)
  const isOther = person !== undefined && person.email !== found.email
  const data = {
    organisation: found.name,
    role: found.role,
    address,
    addresses: { page: (query = {}) => `${address}?${new URLSearchParams(query)}` },
    ...(person && { person: { email: person.email, isOther, signOut: SIGN_OUT } }),
  }
  const page = (frame: PageFrame): string => invitationPage({ ...frame, ...data })
  showPage(parts, ctx, { page, status: isOther ? 403 : 200 })
}

/** Whoever is not signed in does so first, and comes back to the page, to accept as the address it then names. */
async function acceptInvitation(
  parts: InvitationPageParts,
  ctx: Context,
  token: string,
): Promise<void> {
  parts.refuseForeignForm(ctx)
  if (Object.keys(await readForm(ctx)).length > 0)
    throw new AppError('bad_request', { message: 'The form has other fields than its page' })
  const person = await parts.personOf(ctx)
  if (!person) return goTo(ctx, parts.signInAddress(addressOf(token)))
  const accepted = await parts.invitations.accept(token, person.email, auditSourceOf(ctx))
  switch (accepted.outcome) {
    case 'joined':
      return goTo(ctx, `${CONSOLE}/`)
    case 'other-address':
      return showInvitation(parts, ctx, token)
    case 'gone':
      return showGone(parts, ctx)
  }
}

function showGone(parts: ConsolePageParts, ctx: Context): void {
  const page = (frame: PageFrame): string =>
    goneInvitationPage({ ...frame, console: `${CONSOLE}/` })
  showPage(parts, ctx, { page, status: 410 })
}

function addressOf(token: string): string {
  return `${CONSOLE}/invitations/${token}`
}

function goTo(ctx: Context, address: string): void {
  ctx.set('Cache-Control', 'no-store')
  ctx.status = 303
  ctx.redirect(address)
}

/** In the default organisation's look, at whose issuer operators sign in. */
function showPage(
  { organisationOf, issuerOf }: ConsolePageParts,
  ctx: Context,
  { page, status }: { page(frame: PageFrame): string; status: number },
): void {
  const organisation = organisationOf(ctx)
  const issuer = issuerOf(organisation)
  const locale = localeOf(ctx, { fallback: organisation.locale })
  const frame = frameOf({ organisation, issuer, locale })
  sendFormPage(ctx, { html: page(frame), policy: policyOf(frame.look), status })
}
