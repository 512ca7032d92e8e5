// `POST {issuer}/oauth/handoff`: a site or an app of the house gets a link that takes its session into a browser.

import { handoff } from '@foyer/contract'
import type { Context, Middleware } from 'koa'
import { readJson } from '../../http/body.ts'
import { parseInput } from '../../http/input.ts'
import type { RateLimiter } from '../../http/rate-limit.ts'
import type { HandoffOutcome, Handoffs } from '../../services/identity/sessions/handoffs.ts'
import { ownAddress } from '../../services/identity/sessions/own-address.ts'
import { MINUTE } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import {
  type Credentials,
  credentialsOf,
  type ProvenRequest,
  possessionProblem,
  setChallenge,
} from '../credentials.ts'
import { createOAuthEndpoint, type OAuthAnswer, type OAuthEndpoint } from '../oauth-endpoint.ts'

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

export type HandoffRouteParts = Pick<OAuthEndpoint, 'classify' | 'log'> & {
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
  return createOAuthEndpoint({
    ...parts,
    path: HANDOFF_PATH,
    answer: (ctx) => handOff(parts, ctx),
  })
}

async function handOff(parts: HandoffRouteParts, ctx: Context): Promise<OAuthAnswer> {
  const organisation = parts.organisationOf(ctx)
  const { account, clientId, sid } = await callerOf(parts, ctx, organisation)
  const { origin } = ctx.headers
  const judged = await parts.handoffs.judge({ organisation, account, clientId, sid, origin })
  if (judged.outcome !== 'allowed') return refused(judged.outcome)
  const target = await targetOf(parts, ctx, organisation)
  // At once, so that a store that is away is waited for once. A ticket that nobody is told of is worth nothing.
  const [ticket] = await Promise.all([
    parts.handoffs.issue(organisation._id, { ...judged.handoff, target }),
    parts.rateLimiter.count(ctx, limit, `${organisation._id}:${account}`),
  ])
  const url = `${parts.issuerOf(organisation)}${HANDOFF_PATH}/${ticket.ticket}`
  return { status: 201, body: { url, expires_in: ticket.expiresIn } }
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
  const problem = isOurs
    ? await problemOf(parts, ctx, { credentials, jkt: caller.jkt })
    : 'invalid_token'
  if (isOurs && !problem) return caller
  const { proofAlgorithms } = parts
  setChallenge(ctx, { scheme: credentials?.scheme, error: problem, proofAlgorithms })
  throw new AppError('invalid_token')
}

function problemOf(
  parts: HandoffRouteParts,
  ctx: Context,
  { credentials, jkt }: { credentials: Credentials | undefined; jkt: string | undefined },
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

function refused(outcome: keyof typeof refusals): OAuthAnswer {
  const [error, description] = refusals[outcome]
  return { status: 403, body: { error, error_description: description } }
}
