// Answers that a relying party must not take for a sign-in, and what it takes to make them.

import { decodeJwt, type JWTPayload } from 'jose'
import type { Change } from './relay.ts'
import type { RunningParty, Visit } from './running-party.ts'
import { goTo } from './walk.ts'

type Refusal = {
  /** Changes the authorization request on its way. */
  before?(url: URL): void
  /** Changes the answer on its way. */
  after?(callback: URL): void
  /** Changes what the token endpoint answers. */
  alter?(run: RunningParty): Change
}

const HOUR = 3600

/** The same ID token but for these claims, signed by the issuer. */
const withClaims =
  (changes: (claims: JWTPayload) => JWTPayload) =>
  (run: RunningParty): Change =>
  async ({ id_token = '', ...answer }) => {
    const claims = decodeJwt(id_token)
    return { ...answer, id_token: await run.sign({ ...claims, ...changes(claims) }) }
  }

const withForgedSignature =
  (): Change =>
  ({ id_token = '', ...answer }) => {
    const at = id_token.lastIndexOf('.') + 1
    const first = id_token[at] === 'A' ? 'B' : 'A'
    return { ...answer, id_token: `${id_token.slice(0, at)}${first}${id_token.slice(at + 1)}` }
  }

const forgedTokens: [string, Refusal][] = [
  ['whose signature is not right', { alter: withForgedSignature }],
  ['of another issuer', { alter: withClaims(() => ({ iss: 'https://id.example.com' })) }],
  ['for another client', { alter: withClaims(() => ({ aud: 'cli_another' })) }],
  [
    'that has ended',
    { alter: withClaims(({ iat = 0 }) => ({ iat: iat - 2 * HOUR, exp: iat - HOUR })) },
  ],
]

/** What forged tokens are made of, and nothing forged: else they might be refused for how they were made. */
export const nothingForged: Refusal = { alter: withClaims(() => ({})) }

/** In answer to a sign-in. */
export const refusals: [string, Refusal][] = [
  ['an answer with another state', { after: (url) => url.searchParams.set('state', 'another') }],
  [
    'an answer without an ID token',
    {
      alter:
        () =>
        ({ id_token: _none, ...answer }) =>
          answer,
    },
  ],
  ['an ID token with another nonce', { before: (url) => url.searchParams.set('nonce', 'another') }],
  ...forgedTokens.map(([what, refusal]): [string, Refusal] => [`an ID token ${what}`, refusal]),
]

/** Of those that look at `iss` in the answer (RFC 9207). */
export const issuerRefusal: [string, Refusal] = [
  'an answer of another issuer',
  { after: (url) => url.searchParams.set('iss', 'https://id.example.com') },
]

/** In answer to a refresh. */
export const renewalRefusals: [string, Refusal][] = [
  ...forgedTokens,
  ['of somebody else', { alter: withClaims(() => ({ sub: 'acc_another' })) }],
]

/** Signs in with all that changed; returns who did. */
export async function tryToSignIn(
  run: RunningParty,
  { before, after, alter }: Refusal,
): Promise<Visit> {
  const { relay } = run.installation
  const visit = run.visit()
  const url = await run.begin(visit)
  before?.(url)
  const callback = await run.walkPages(visit, url)
  after?.(callback)
  await relay.during(alter?.(run), () => goTo(visit.here, callback))
  return visit
}
