// `GET /demo/account`, in development only: who is signed in in this browser, where a hand-off ends until there is a portal.

import type { Context, Middleware } from 'koa'
import { isRead } from '../src/http/host.ts'
import { sendPage } from '../src/http/security-headers.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { frameOf } from './frame.ts'
import { keepChoice, localeOf } from './locale.ts'
import { demoAccountPage, nobodyPage } from './pages/demo-account.ts'
import { type PageFrame, policyOf } from './pages/layout.ts'

type Session = { uid: string; account: string; signedInAt: number; clients: readonly string[] }
type Listed = { browser?: string; system?: string; lastSeenAt: number; isCurrent: boolean }

export type DemoAccountParts = {
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
  /** Of the browser that asks. */
  sessionOf(organisation: Organisation, ctx: Context): Promise<Session | undefined>
  /** The address of an active account. */
  emailOf(organisation: Organisation, account: string): Promise<string | undefined>
  nameOf(organisation: Organisation, client: string): Promise<string | undefined>
  /** The account's newest. */
  sessionsOf(organisation: Organisation, session: Session): Promise<readonly Listed[]>
}

const PATH = '/demo/account'

export function createDemoAccount(parts: DemoAccountParts): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== PATH || !isRead(ctx)) return next()
    const organisation = parts.organisationOf(ctx)
    const issuer = parts.issuerOf(organisation)
    if (keepChoice(ctx, { issuer, page: PATH })) return
    const locale = localeOf(ctx, { fallback: organisation.locale })
    const frame: PageFrame = {
      ...frameOf({ organisation, issuer, locale }),
      addresses: { page: (query = {}) => `${PATH}?${new URLSearchParams(query)}` },
    }
    const html = await htmlFor(parts, ctx, frame)
    sendPage(ctx, { html, policy: policyOf(frame.look) })
  }
}

async function htmlFor(parts: DemoAccountParts, ctx: Context, frame: PageFrame): Promise<string> {
  const organisation = parts.organisationOf(ctx)
  const session = await parts.sessionOf(organisation, ctx)
  const email = session && (await parts.emailOf(organisation, session.account))
  if (!session || !email) return nobodyPage({ ...frame, signIn: '/demo/' })
  const { timeZone } = organisation
  const format = new Intl.DateTimeFormat(frame.locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  })
  const names = session.clients.map((id) => parts.nameOf(organisation, id))
  const sessions = await parts.sessionsOf(organisation, session)
  return demoAccountPage({
    ...frame,
    email,
    since: format.format(session.signedInAt),
    applications: (await Promise.all(names)).filter((name) => name !== undefined),
    sessions: sessions.map(({ lastSeenAt, ...rest }) => ({
      ...rest,
      seen: format.format(lastSeenAt),
    })),
    signOut: '/oauth/logout',
  })
}
