// The public pages of an organisation's policies.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { sendPage } from '../src/http/security-headers.ts'
import type { Policies } from '../src/services/organisations/policies.ts'
import { policyAddress } from '../src/services/organisations/policy-addresses.ts'
import { textFor } from '../src/services/organisations/policy-texts.ts'
import { AppError } from '../src/shared/errors.ts'
import { type PolicyKind, policyKinds } from '../src/shared/policy-kinds.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { frameOf } from './frame.ts'
import { keepChoice, localeOf } from './locale.ts'
import { policyOf } from './pages/layout.ts'
import { policyPage } from './pages/policy.ts'

type Parts = {
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
  findVersion: Policies['find']
}

/** `GET /policies/{kind}` and `GET /policies/{kind}/{version}` of every issuer. */
export function createPolicyPages(parts: Parts): Middleware {
  const router = new Router()
  const show = (ctx: Context): Promise<void> => showPolicy(parts, ctx)
  router.get('/policies/:kind', show)
  router.get('/policies/:kind/:number', show)
  return router.routes() as Middleware // the router's own context type says more than Koa's
}

async function showPolicy(parts: Parts, ctx: Context): Promise<void> {
  const organisation = parts.organisationOf(ctx)
  const issuer = parts.issuerOf(organisation)
  const asked = askedOf(ctx, organisation)
  if (!asked) throw new AppError('not_found')
  const { kind, number, newest } = asked
  const address = policyAddress(issuer, kind, number)
  if (keepChoice(ctx, { issuer, page: address })) return
  const fallback = organisation.locale
  const locale = localeOf(ctx, { fallback })
  const version = await parts.findVersion(organisation._id, kind, number ?? newest)
  const read = version && textFor(version.texts, { locale, fallback })
  if (!version || !read) throw new AppError('not_found')
  const frame = frameOf({ organisation, issuer, locale })
  const html = policyPage({
    ...frame,
    addresses: { page: (query = {}) => `${address}?${new URLSearchParams(query)}` },
    kind,
    number: version.number,
    text: read.text,
    textLocale: read.locale,
    publishedAt: version.publishedAt,
    timeZone: organisation.timeZone,
    ...(version.number < newest && { newest: policyAddress(issuer, kind) }),
  })
  sendPage(ctx, { html, policy: policyOf(frame.look) })
}

/** What of the path can be there; without a number the newest is meant. */
function askedOf(
  ctx: Context,
  { policies }: Organisation,
): { kind: PolicyKind; number?: number; newest: number } | undefined {
  const kind = policyKinds.find((each) => each === ctx.params.kind)
  const newest = kind && policies?.[kind]?.number
  if (!newest) return undefined
  const { number } = ctx.params
  if (number === undefined) return { kind, newest }
  return /^[1-9]\d{0,8}$/.test(number) ? { kind, newest, number: Number(number) } : undefined
}
