// The public pages of an organisation's policies.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { sendPage } from '../src/http/security-headers.ts'
import type { Policies } from '../src/services/organisations/policies.ts'
import { policyAddress } from '../src/services/organisations/policy-addresses.ts'
import { hashText, textFor } from '../src/services/organisations/policy-texts.ts'
import { type Clock, HOUR } from '../src/shared/clock.ts'
import { AppError } from '../src/shared/errors.ts'
import { createFreshCache } from '../src/shared/fresh-cache.ts'
import { type PolicyKind, policyKinds } from '../src/shared/policy-kinds.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import { frameOf } from './frame.ts'
import { keepChoice, localeOf } from './locale.ts'
import { policyOf } from './pages/layout.ts'
import { type Markup, markdownHtml } from './pages/markdown.ts'
import { policyPage } from './pages/policy.ts'

/** Texts; the longest are some 400 kB of HTML. */
const RENDERED = 100

type Parts = {
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
  findVersion: Policies['find']
  clock: Clock
}

/** `GET /policies/{kind}` and `GET /policies/{kind}/{version}` of every issuer. */
export function createPolicyPages(parts: Parts): Middleware {
  const router = new Router()
  // A text never changes, and a long one takes a tenth of a second: everybody may ask for it.
  const rendered = createFreshCache<Markup>({ ...parts, life: HOUR, size: RENDERED })
  const render = (text: string): Markup => {
    const hash = hashText(text)
    const known = rendered.get(hash)
    if (known) return known
    const made = markdownHtml(text)
    rendered.set(hash, made)
    return made
  }
  const show = (ctx: Context): Promise<void> => showPolicy({ ...parts, render }, ctx)
  router.get('/policies/:kind', show)
  router.get('/policies/:kind/:number', show)
  return router.routes() as Middleware // the router's own context type says more than Koa's
}

async function showPolicy(
  parts: Parts & { render(text: string): Markup },
  ctx: Context,
): Promise<void> {
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
    text: parts.render(read.text),
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
