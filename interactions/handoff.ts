// `GET|POST {issuer}/oauth/handoff/{ticket}`: takes a session from a site or an app into this browser, once.

import type { Context, Middleware } from 'koa'
import { readForm } from '../src/http/body.ts'
import { isRead } from '../src/http/host.ts'
import { auditSourceOf } from '../src/http/request-id.ts'
import { sendPage } from '../src/http/security-headers.ts'
import type { By } from '../src/services/audit/audit.ts'
import type { Handoff, Handoffs } from '../src/services/identity/sessions/handoffs.ts'
import { AppError } from '../src/shared/errors.ts'
import { mountOf } from '../src/shared/issuer.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { frameOf } from './frame.ts'
import { keepChoice, localeOf } from './locale.ts'
import { goneHandoffPage, handoffPage, otherPersonPage, strangerPage } from './pages/handoff.ts'
import { goingOnPolicyOf, type PageFrame, policyOf } from './pages/layout.ts'

/** Who is signed in in a browser. */
type Session = { uid: string; account: string; clients: readonly string[] }

export type HandoffPageParts = {
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
  handoffs: Pick<Handoffs, 'look' | 'take'>
  /** Of the browser that asks. */
  sessionOf(organisation: Organisation, ctx: Context): Promise<Session | undefined>
  findSession(organisation: Organisation, uid: string): Promise<Session | undefined>
  /** Puts the session into this browser; `false` when it is over. */
  putSession(organisation: Organisation, ctx: Context, session: Session): Promise<boolean>
  /** Ends a session as signing out does. */
  endSession(organisation: Organisation, session: Session): Promise<void>
  /** The address of an active account. */
  emailOf(organisation: Organisation, account: string): Promise<string | undefined>
  portalAddressOf(organisation: Organisation): string
  audit(
    entry: By & { organisation: string; action: 'session.handed-on'; target: string },
  ): Promise<void>
}

const PATH = /^\/oauth\/handoff\/([\w-]{1,100})$/

export function createHandoffPages(parts: HandoffPageParts): Middleware {
  return async (ctx, next) => {
    const [, ticket] = PATH.exec(ctx.path) ?? []
    if (ticket === undefined) return next()
    // Whoever opened this window loses hold of it: it could lead it on to what was not asked for.
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin')
    const organisation = parts.organisationOf(ctx)
    const issuer = parts.issuerOf(organisation)
    const request = { ctx, organisation, issuer, ticket, page: `${mountOf(issuer)}${ctx.path}` }
    if (isRead(ctx)) return show(parts, request)
    if (ctx.method !== 'POST') {
      ctx.set('Allow', 'GET, HEAD, POST')
      throw new AppError('method_not_allowed')
    }
    await submit(parts, request)
  }
}

type Request = {
  ctx: Context
  organisation: Organisation
  issuer: string
  ticket: string
  /** The page's own address, without the host. */
  page: string
}

/** Nothing happens but this page: whoever looks at links before people do spends nothing. */
async function show(parts: HandoffPageParts, request: Request): Promise<void> {
  const { ctx, organisation, ticket } = request
  if (keepChoice(ctx, request)) return
  const handoff = await parts.handoffs.look(organisation._id, ticket)
  const email = handoff && (await parts.emailOf(organisation, handoff.account))
  if (!handoff || !email) return showGone(parts, request)
  const current = await parts.sessionOf(organisation, ctx)
  const data = { ...frameFor(request), action: request.page, email: masked(email) }
  const policy = policyOf(data.look)
  if (current && current.account !== handoff.account) {
    const other = (await parts.emailOf(organisation, current.account)) ?? ''
    const isAlike = masked(other) === data.email
    const html = otherPersonPage({ ...data, current: isAlike ? other : masked(other) })
    return sendPage(ctx, { html, policy })
  }
  if (!current && isFromStranger(ctx, handoff))
    return sendPage(ctx, { html: strangerPage(data), policy })
  sendPage(ctx, { html: handoffPage(data), policy: goingOnPolicyOf(data.look) })
}

/** The ticket is spent here, whatever was answered; a question that was not asked yet leaves it, and an outage. */
async function submit(parts: HandoffPageParts, request: Request): Promise<void> {
  const { ctx, organisation, ticket, page } = request
  refuseForeignForm(request)
  const answer = await answerOf(ctx)
  const seen = await parts.handoffs.look(organisation._id, ticket)
  const session = seen && (await livingSession(parts, organisation, seen))
  if (!session) return showGone(parts, request)
  const current = await parts.sessionOf(organisation, ctx)
  const isOther = current !== undefined && current.account !== session.account
  if (isOther && !answer) return goTo(ctx, page)
  const handoff = await parts.handoffs.take(organisation._id, ticket)
  if (!handoff) return showGone(parts, request)
  if (answer === 'stay' || current?.uid === session.uid) return goTo(ctx, handoff.target)
  if (current && isOver(current, handoff)) await parts.endSession(organisation, current)
  if (!(await parts.putSession(organisation, ctx, session))) return showGone(parts, request)
  await noteHandOn(parts, request, session)
  goTo(ctx, handoff.target)
}

async function livingSession(
  parts: HandoffPageParts,
  organisation: Organisation,
  { session: uid, account }: Handoff,
): Promise<Session | undefined> {
  const session = await parts.findSession(organisation, uid)
  const isActive = (await parts.emailOf(organisation, account)) !== undefined
  return isActive && session?.account === account ? session : undefined
}

async function noteHandOn(
  parts: HandoffPageParts,
  { ctx, organisation }: Request,
  { account, uid }: Session,
): Promise<void> {
  await parts.audit({
    organisation: organisation._id,
    action: 'session.handed-on',
    actor: account,
    target: uid,
    ...auditSourceOf(ctx),
  })
}

/**
 * Another person's session ends, as if they had signed out. The same person's ends when they have signed in
 * anew at the same application: nobody can reach the former one from this browser any more. What another
 * application lives by goes on.
 */
function isOver(current: Session, { account, client }: Handoff): boolean {
  return current.account !== account || current.clients.includes(client)
}

/**
 * Whether a page brought the browser here that is not the one that asked for the link: it may be somebody
 * else's link (login CSRF). Browsers say what kind of page it was; no page can have them leave that out. For
 * an app's link, which no page asked for, every page is a stranger, also one that does not say which it is.
 */
function isFromStranger(ctx: Context, { origin }: Handoff): boolean {
  const site = ctx.get('sec-fetch-site')
  if (site === '' || site === 'none') return false
  return origin === undefined || URL.parse(ctx.get('referer'))?.origin !== origin
}

/**
 * The page sends no referrer, so that its form's `Origin` is `null`: what any page can say. Then the browser
 * has to say where the form stood. Programs that are no browsers send neither.
 */
function refuseForeignForm({ ctx, issuer }: Request): void {
  const site = ctx.get('sec-fetch-site')
  const origin = ctx.get('origin')
  const isOwn =
    site === 'same-origin' || (site === '' && ['', new URL(issuer).origin].includes(origin))
  if (!isOwn) throw new AppError('origin_not_allowed')
}

async function answerOf(ctx: Context): Promise<'continue' | 'stay' | undefined> {
  const { answer, ...rest } = await readForm(ctx)
  const isKnown = answer === undefined || answer === 'continue' || answer === 'stay'
  if (!isKnown || Object.keys(rest).length > 0)
    throw new AppError('bad_request', { message: 'The form has other fields than its page' })
  return answer
}

function showGone(parts: HandoffPageParts, request: Request): void {
  const frame = frameFor(request)
  const target = parts.portalAddressOf(request.organisation)
  const html = goneHandoffPage({ ...frame, target })
  sendPage(request.ctx, { html, policy: policyOf(frame.look), status: 410 })
}

function frameFor({ ctx, organisation, issuer, page }: Request): PageFrame {
  const locale = localeOf(ctx, { fallback: organisation.locale })
  return {
    ...frameOf({ organisation, issuer, locale }),
    addresses: { page: (query = {}) => `${page}?${new URLSearchParams(query)}` },
  }
}

/** Enough to know oneself by: `b***n@example.com`. */
function masked(email: string): string {
  const at = email.lastIndexOf('@')
  const letters = [...email.slice(0, at)]
  const last = letters.length > 3 ? letters.at(-1) : ''
  return `${letters[0] ?? ''}***${last}${email.slice(at)}`
}

function goTo(ctx: Context, address: string): void {
  ctx.set('Cache-Control', 'no-store')
  ctx.status = 303
  ctx.redirect(address)
}
