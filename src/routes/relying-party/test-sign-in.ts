// "Test sign-in" of the console: a whole sign-in as one client, in a tab of its own, and what came of it.

import type { Context, Middleware } from 'koa'
import * as oidc from 'openid-client'
import { sendData, sendFailure } from '../../http/envelope.ts'
import { type ErrorHandlerParts, errorHandler } from '../../http/error-handler.ts'
import { isRead } from '../../http/host.ts'
import type { TestSignIns } from '../../services/identity/sign-in/test-sign-ins.ts'
import { may, type Role } from '../../services/operators/roles.ts'
import { type Clock, MINUTE } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Random } from '../../shared/secrets.ts'
import type { Client } from '../../stores/clients.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { type TestResult, tested } from './test-result.ts'

export type TestSignInParts = Pick<ErrorHandlerParts, 'log' | 'classify'> & {
  /** Who is signed in at the console in this browser. */
  personOf(ctx: Context): Promise<{ email: string } | undefined>
  roleIn(organisation: string, email: string): Promise<Role | undefined>
  findOrganisation(slug: string): Promise<Organisation | undefined>
  findClient(organisation: string, id: string): Promise<Client | undefined>
  issuerOf(organisation: Organisation): string
  /** Reaches an organisation's endpoints in this process. */
  fetchOf(organisation: Organisation): oidc.CustomFetch
  tests: TestSignIns
  /** Kept for as long as a test may take, sealed, and read by its key. */
  keep(key: string, value: string, life: number): Promise<void>
  read(key: string): Promise<string | undefined>
  /** Once. */
  take(key: string): Promise<string | undefined>
  signInAddress(returnTo: string): string
  random: Random
  clock: Clock
}

/** What the browser took along to the sign-in pages. */
type Attempt = {
  email: string
  slug: string
  client: string
  redirectUri: string
  secret: string
  verifier: string
  nonce: string
}

const TEST_PATH = '/admin/test-sign-in'
export const TEST_CALLBACK = `${TEST_PATH}/callback`
const LIFE = 10 * MINUTE
const STATE_BYTES = 32

/** `/admin/test-sign-in`, where a test begins; its `/callback`; and its `/result`, which the console reads. */
export function createTestSignIn(parts: TestSignInParts): Middleware {
  const forPrograms = errorHandler({ ...parts, answer: sendFailure })
  return async (ctx, next) => {
    if (!isRead(ctx)) return next()
    if (ctx.path === TEST_PATH) return begin(parts, ctx)
    if (ctx.path.startsWith(`${TEST_CALLBACK}/`)) return finish(parts, ctx)
    if (ctx.path === `${TEST_PATH}/result`)
      return forPrograms(ctx, async () => sendData(ctx, await resultOf(parts, ctx)))
    return next()
  }
}

/** The client, for whoever may change it. Anything else is not there. */
async function allowed(
  parts: TestSignInParts,
  { email, slug, id }: { email: string; slug: string; id: string },
) {
  const organisation = await parts.findOrganisation(slug)
  const role = organisation && (await parts.roleIn(organisation._id, email))
  const client = organisation && (await parts.findClient(organisation._id, id))
  if (!organisation || !client || !may(role, 'change', 'clients')) throw new AppError('not_found')
  return { organisation, client }
}

async function begin(parts: TestSignInParts, ctx: Context): Promise<void> {
  const { organisation: slug, client: id } = ctx.query
  if (typeof slug !== 'string' || typeof id !== 'string') throw new AppError('bad_request')
  const person = await parts.personOf(ctx)
  if (!person) return goTo(ctx, parts.signInAddress(ctx.url))
  const { organisation, client } = await allowed(parts, { email: person.email, slug, id })
  const { redirectUri, secret } = parts.tests.begin(client)
  const verifier = oidc.randomPKCECodeVerifier()
  const nonce = oidc.randomNonce()
  const state = parts.random.token(STATE_BYTES)
  const attempt: Attempt = {
    email: person.email,
    slug,
    client: id,
    redirectUri,
    secret,
    verifier,
    nonce,
  }
  await parts.keep(`attempt:${state}`, JSON.stringify(attempt), LIFE)
  const address = new URL(`${parts.issuerOf(organisation)}/oauth/authorize`)
  address.search = new URLSearchParams({
    client_id: id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: ['openid', 'profile', 'email', ...client.apiScopes].join(' '),
    prompt: 'login', // the pages are what is to be tried
    // At the issuer that the console itself signs in at, somebody else would end the operator’s own session.
    login_hint: person.email,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  goTo(ctx, address.href)
}

/** Only for who began it: another browser that comes with its state is told nothing. */
async function finish(parts: TestSignInParts, ctx: Context): Promise<void> {
  const { state } = ctx.query
  const person = await parts.personOf(ctx)
  const kept = typeof state === 'string' ? await parts.take(`attempt:${state}`) : undefined
  const attempt = kept === undefined ? undefined : (JSON.parse(kept) as Attempt) // kept above
  if (!person || attempt?.email !== person.email) throw new AppError('not_found')
  const { email, slug, client: id } = attempt
  const { organisation, client } = await allowed(parts, { email, slug, id })
  const result = await tested(
    {
      issuer: parts.issuerOf(organisation),
      client,
      fetch: parts.fetchOf(organisation),
      clock: parts.clock,
    },
    { ...attempt, state: String(state), query: ctx.querystring },
  )
  const ticket = parts.random.token(STATE_BYTES)
  await parts.keep(`result:${ticket}`, JSON.stringify({ email, result }), LIFE)
  goTo(ctx, `/admin/o/${slug}/clients/${id}/test?ticket=${ticket}`)
}

async function resultOf(parts: TestSignInParts, ctx: Context): Promise<TestResult> {
  ctx.set('Cache-Control', 'no-store')
  const person = await parts.personOf(ctx)
  if (!person) throw new AppError('invalid_token', { message: 'Nobody is signed in' })
  const { ticket } = ctx.query
  const kept = typeof ticket === 'string' ? await parts.read(`result:${ticket}`) : undefined
  const found = kept && (JSON.parse(kept) as { email: string; result: TestResult }) // kept above
  if (!found || found.email !== person.email) throw new AppError('not_found')
  return found.result
}

function goTo(ctx: Context, address: string): void {
  ctx.set('Cache-Control', 'no-store')
  ctx.status = 303
  ctx.redirect(address)
}
