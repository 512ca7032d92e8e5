// Answers that a relying party must not take for a sign-in, and what it takes to make them.

import { createRelyingParty, signIn } from '../../support/relying-party.ts'
import type { TokenAnswer } from './relay.ts'
import type { RunningParty, Visit } from './running-party.ts'
import { goTo } from './walk.ts'

export type Refusal = {
  /** Changes the authorization request on its way. */
  before?(url: URL): void
  /** Changes the answer on its way. */
  after?(callback: URL): void
  /** Changes what the token endpoint answers. */
  alter?(run: RunningParty, visit: Visit, url: URL): Promise<(answer: TokenAnswer) => TokenAnswer>
  /** Milliseconds that the server's clock is off. */
  clock?: number
}

const HOUR = 3600_000

export const refusals: [string, Refusal][] = [
  ['an answer with another state', { after: (url) => url.searchParams.set('state', 'another') }],
  ['an ID token with another nonce', { before: (url) => url.searchParams.set('nonce', 'another') }],
  ['an ID token whose signature is not right', { alter: async () => withForgedSignature }],
  ['an ID token for another client', { alter: withTokenOfOther }],
  ['an ID token that has ended', { clock: -3 * HOUR }],
  [
    'an answer without an ID token',
    {
      alter:
        async () =>
        ({ id_token: _none, ...answer }) =>
          answer,
    },
  ],
]

/** Of those that look at `iss` in the answer (RFC 9207). */
export const issuerRefusal: [string, Refusal] = [
  'an answer of another issuer',
  { after: (url) => url.searchParams.set('iss', 'https://id.example.com') },
]

/** Signs in with all that changed; returns who did. */
export async function tryToSignIn(
  run: RunningParty,
  { before, after, alter, clock = 0 }: Refusal,
): Promise<Visit> {
  const { installation } = run
  const visit = run.visit()
  installation.clock.forward(clock)
  try {
    const url = await run.begin(visit)
    before?.(url)
    const callback = await run.walkPages(visit, url)
    after?.(callback)
    installation.relay.alter(await alter?.(run, visit, url))
    await goTo(visit.here, callback)
  } finally {
    installation.relay.alter()
    installation.clock.forward(-clock)
  }
  return visit
}

export function withForgedSignature({ id_token = '', ...answer }: TokenAnswer): TokenAnswer {
  const at = id_token.lastIndexOf('.') + 1
  const first = id_token[at] === 'A' ? 'B' : 'A'
  return { ...answer, id_token: `${id_token.slice(0, at)}${first}${id_token.slice(at + 1)}` }
}

/** One that fits in everything else: of the same issuer, for the same person and nonce. */
async function withTokenOfOther(
  { issuer, other, installation }: RunningParty,
  visit: Visit,
  url: URL,
) {
  const party = await createRelyingParty({ baseUrl: issuer }, other)
  const nonce = url.searchParams.get('nonce') ?? ''
  const pending = { ...(await party.authorize({ nonce, scope: 'openid email' })), nonce }
  const server = { baseUrl: issuer, codeFor: installation.codeFor }
  const callback = await signIn(server, { url: pending.url, email: visit.email })
  const { id_token = '' } = await party.exchange(callback, pending)
  return (answer: TokenAnswer) => ({ ...answer, id_token })
}
