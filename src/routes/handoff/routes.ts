// `POST {issuer}/oauth/handoff`: a site or an app of the house gets a link that takes its session into a browser.

import { handoff } from '@foyer/contract'
import type { Context, Middleware } from 'koa'
import { readJson } from '../../http/body.ts'
import { judgedCors } from '../../http/cors.ts'
import { type ErrorHandlerParts, errorHandler } from '../../http/error-handler.ts'
import { parseInput } from '../../http/input.ts'
import type { RateLimiter } from '../../http/rate-limit.ts'
import type { HandoffOutcome, Handoffs } from '../../services/identity/handoffs.ts'
import { ownAddress } from '../../services/identity/own-address.ts'
import { MINUTE } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import {
  type Credentials,
  credentialsOf,
  type ProvenRequest,
  possessionProblem,
} from '../credentials.ts'

const HANDOFF_PATH = '/oauth/handoff'

/** Somebody who opens the portal again and again; a page that asks in a loop. For each account. */
const limit = { name: 'handoff', limit: 40, window: 2 * MINUTE } as const

/** A checked access token, as far as it matters here. */
type Caller = {
  organisation: string
  account: string
  clientId: string
  sid?: string
  jkt?: string
}

export type HandoffRouteParts = Pick<ErrorHandlerParts, 'classify' | 'log'> & {
  handoffs: Pick<Handoffs, 'judge' | 'issue'>
  organisationOf(ctx: Context): Organisation
  issuerOf(organisation: Organisation): string
  /** `undefined` for whatever is not an unexpired access token of ours for the Client API. */
  checkAccessToken(token: string): Promise<Caller | undefined>
  checkProof(request: ProvenRequest): Promise<string | undefined>
  proofAlgorithms: readonly string[]
  /** The portal, or a section of it. */
  portalAddressOf(organisation: Organisation, section: string | undefined): string
  rateLimiter: RateLimiter
}

export function createHandoffRoute(parts: HandoffRouteParts): Middleware {
  const cors = judgedCors({ methods: ['POST'] })
  const errors = errorHandler({ ...parts, answer: answerError })
  return (ctx, next) => {
    if (ctx.path !== HANDOFF_PATH) return next()
    return cors(ctx, () => errors(ctx, () => serve(parts, ctx)))
  }
}

async function serve(parts: HandoffRouteParts, ctx: Context): Promise<void> {
  ctx.set('Cache-Control', 'no-store')
  if (ctx.method === 'POST') return handOff(parts, ctx)
  ctx.set('Allow', 'POST, OPTIONS')
  if (ctx.method !== 'OPTIONS') throw new AppError('method_not_allowed')
  ctx.status = 204 // no preflight, which was answered before: somebody asks what there is
}

async function handOff(parts: HandoffRouteParts, ctx: Context): Promise<void> {
  const organisation = parts.organisationOf(ctx)
  const { account, clientId, sid } = await callerOf(parts, ctx, organisation)
  const origin = ctx.get('origin') || undefined
  const judged = await parts.handoffs.judge({ organisation, account, clientId, sid, origin })
  if (judged.outcome !== 'allowed') return refuse(ctx, judged.outcome)
  const target = await targetOf(parts, ctx, organisation)
  // At once, so that a store that is away is waited for once. A ticket that nobody is told of is worth nothing.
  const [ticket] = await Promise.all([
    parts.handoffs.issue(organisation._id, { ...judged.handoff, target }),
    parts.rateLimiter.count(ctx, limit, `${organisation._id}:${account}`),
  ])
  ctx.status = 201
  ctx.body = {
    url: `${parts.issuerOf(organisation)}${HANDOFF_PATH}/${ticket.ticket}`,
    expires_in: ticket.expiresIn,
  }
}

/** Of this organisation: another's token is no token here. */
async function callerOf(
  parts: HandoffRouteParts,
  ctx: Context,
  organisation: Organisation,
): Promise<Caller> {
  const credentials = credentialsOf(ctx)
  const caller = credentials && (await parts.checkAccessToken(credentials.token))
  const isOurs = caller?.organisation === organisation._id
  const problem = isOurs ? await problemOf(parts, ctx, credentials, caller) : 'invalid_token'
  if (isOurs && !problem) return caller
  const error = credentials && problem ? ` error="${problem}"` : ''
  const algorithms = `algs="${parts.proofAlgorithms.join(' ')}"`
  const dpop = `DPoP ${algorithms}${error && `,${error}`}`
  const { scheme } = credentials ?? {}
  if (!scheme) ctx.set('WWW-Authenticate', ['Bearer', dpop])
  else ctx.set('WWW-Authenticate', scheme === 'DPoP' ? dpop : `Bearer${error}`)
  throw new AppError('invalid_token')
}

function problemOf(
  parts: HandoffRouteParts,
  ctx: Context,
  credentials: Credentials | undefined,
  { jkt }: Caller,
) {
  const uri = `${parts.issuerOf(parts.organisationOf(ctx))}${HANDOFF_PATH}`
  return credentials && possessionProblem(ctx, credentials, { ...parts, jkt, uri })
}

async function targetOf(
  parts: HandoffRouteParts,
  ctx: Context,
  organisation: Organisation,
): Promise<string> {
  const asked = parseInput(handoff.request, await readJson(ctx), 'bad_request')
  if (asked.return_to === undefined) return parts.portalAddressOf(organisation, asked.section)
  const target = ownAddress(parts.issuerOf(organisation), asked.return_to)
  if (!target) throw new AppError('bad_request', { message: 'return_to is no page of this issuer' })
  return target
}

const refusals: {
  readonly [outcome in Exclude<HandoffOutcome['outcome'], 'allowed'>]: readonly [
    error: string,
    description: string,
  ]
} = {
  'unauthorized-client': ['unauthorized_client', 'only first-party clients may hand a session on'],
  'origin-not-allowed': [
    'origin_not_allowed',
    'register the origin of the page with the client; only native clients ask without one',
  ],
  'session-expired': [
    'session_expired',
    'the session is over, or the sign-in is too long ago: sign in again',
  ],
}

function refuse(ctx: Context, outcome: keyof typeof refusals): void {
  const [error, description] = refusals[outcome]
  ctx.status = 403
  ctx.body = { error, error_description: description }
}

/** As OAuth's endpoints say it (RFC 6749, 5.2). */
function answerError(ctx: Context, error: AppError): void {
  ctx.set('Cache-Control', 'no-store')
  const fields = error.fields?.map(({ path, message }) =>
    [path, message].filter(Boolean).join(': '),
  )
  ctx.body = {
    error: codes[error.code] ?? (error.status < 500 ? 'invalid_request' : 'server_error'),
    error_description: fields?.join('; ') ?? error.message,
  }
}

const codes: { readonly [code: string]: string } = {
  invalid_token: 'invalid_token',
  origin_not_allowed: 'origin_not_allowed',
  rate_limited: 'rate_limited',
  unavailable: 'temporarily_unavailable',
}
