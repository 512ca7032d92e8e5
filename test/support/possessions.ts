// Everything that one person and one application hold at one issuer, to be tried at another.

import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { createOwnPage, type OwnPage } from './challenge.ts'
import { basic } from './endpoints.ts'
import { askHandoff } from './handoff.ts'
import { createRelyingParty, type Pending, type RelyingParty, untilLeft } from './relying-party.ts'
import type { OtherOrganisation } from './server.ts'
import { freshAddress } from './sign-in-pages.ts'
import { createUserAgent, type UserAgent } from './user-agent.ts'

export type Possessions = {
  email: string
  sub: string
  agent: UserAgent
  party: RelyingParty
  client: { client_id: string; client_secret?: string }
  /** Of an authorization request whose code was not exchanged yet. */
  unspent: { callback: URL; pending: Pending }
  /** A sign-in that has begun, in another browser. */
  begun: { agent: UserAgent; uid: string; address: URL }
  /** On a page of the application's own: a sign-in that has begun, and a code for tokens that waits. */
  own: { page: OwnPage; client: { client_id: string }; session: string; otp: string; code: string }
  /** Each by its name: what an attacker may copy from somewhere. */
  credentials: { readonly [name: string]: string }
  /** Words that no other organisation's answer may hold. */
  markers: readonly string[]
}

export async function possessionsAt(issuer: OtherOrganisation): Promise<Possessions> {
  const email = freshAddress()
  const agent = createUserAgent(issuer.baseUrl)
  const name = `Application of ${issuer.organisation.slug}`
  const client = await issuer.register({ name, firstParty: true })
  const party = await createRelyingParty(issuer, client)
  const tokens = await tokensAt(issuer, { party, agent, email })
  const plain = await createRelyingParty(issuer, await issuer.register({ name }))
  const opaque = await tokensAt(issuer, { party: plain, agent, scope: 'openid email' })
  const pending = await party.authorize()
  const callback = await untilLeft(() => agent.open(pending.url))
  const begun = await beginAt(issuer, party)
  const own = await ownPageAt(issuer, name)
  const claims = decodeJwt(tokens.access_token)
  const session = String(claims.sid)
  const cookie = agent.cookies.find((each) => each.name.endsWith('session'))?.value ?? ''
  return {
    email,
    sub: String(claims.sub),
    agent,
    party,
    client,
    unspent: { callback, pending },
    begun,
    own,
    credentials: {
      'access token': tokens.access_token,
      'opaque access token': opaque.access_token,
      'refresh token': String(tokens.refresh_token),
      'ID token': String(tokens.id_token),
      'authorization code': callback.searchParams.get('code') ?? '',
      'client id': client.client_id,
      'client secret': String(client.client_secret),
      'session cookie': cookie,
      'session id': session,
      'grant id': String(claims.gid),
      'interaction uid': begun.uid,
      'interaction cookie':
        begun.agent.cookies.find((each) => each.name.endsWith('interaction'))?.value ?? '',
      'auth session': own.session,
      'code of an own page': own.code,
      'hand-off ticket': await ticketAt(issuer, name),
      'pushed request': await pushAt(issuer, client, pending),
    },
    markers: [email, String(claims.sub), session, issuer.organisation._id, name],
  }
}

async function tokensAt(
  issuer: OtherOrganisation,
  walk: { party: RelyingParty; agent: UserAgent; email?: string; scope?: string },
) {
  const { party, agent, email, scope } = walk
  const pending = await party.authorize(scope ? { scope } : {})
  const callback = await untilLeft(async () => {
    let page = await agent.open(pending.url)
    if (email) {
      page = await agent.submit(page, { email })
      page = await agent.submit(page, { code: await issuer.codeFor(email) })
    }
    return agent.submit(page)
  })
  return party.exchange(callback, pending)
}

async function beginAt(issuer: OtherOrganisation, party: RelyingParty) {
  const agent = createUserAgent(issuer.baseUrl)
  const { url } = await party.authorize()
  const address = new URL((await agent.open(url)).url)
  return { agent, address, uid: /\/sign-in\/([^/?]+)/.exec(address.pathname)?.[1] ?? '' }
}

async function ownPageAt(issuer: OtherOrganisation, name: string): Promise<Possessions['own']> {
  const redirectUris = ['com.example.app:/callback']
  const client = await issuer.register({ kind: 'native', name, firstParty: true, redirectUris })
  const page = createOwnPage(issuer, client)
  const code = await page.codeOf(freshAddress())
  const email = freshAddress()
  const session = await page.begun(email)
  return { page, client, session, otp: await issuer.codeFor(email), code }
}

async function ticketAt(issuer: OtherOrganisation, name: string): Promise<string> {
  const redirectUris = ['com.example.app:/callback']
  const client = await issuer.register({ kind: 'native', name, firstParty: true, redirectUris })
  const tokens = await createOwnPage(issuer, client).signIn(freshAddress())
  const asked = await askHandoff(issuer, { token: String(tokens.access_token), origin: null })
  return String(asked.json.url).replace(/.*\//, '')
}

async function pushAt(
  issuer: OtherOrganisation,
  client: Possessions['client'],
  { url }: Pending,
): Promise<string> {
  const response = await fetch(`${issuer.baseUrl}/oauth/par`, {
    method: 'POST',
    headers: basic({ client_id: client.client_id, client_secret: client.client_secret ?? '' }),
    body: new URLSearchParams(url.search),
  })
  const { request_uri } = (await response.json()) as { request_uri: string } // RFC 9126, 2.2
  return request_uri
}

/** That everything is as good at its own issuer as it was: nobody else has spent or ended it. */
export async function useAll(possessions: Possessions): Promise<void> {
  const { party, agent, unspent, credentials, client, begun, own } = possessions
  await party.exchange(unspent.callback, unspent.pending)
  await oidc.refreshTokenGrant(party.config, credentials['refresh token'] ?? '')
  await oidc.fetchUserInfo(party.config, credentials['opaque access token'] ?? '', possessions.sub)
  const url = new URL(party.config.serverMetadata().authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    request_uri: credentials['pushed request'] ?? '',
  }).toString()
  const answer = await untilLeft(() => agent.open(url))
  if (!answer.searchParams.get('code')) throw new Error(`no code, but ${answer.search}`)
  const page = await begun.agent.open(begun.address)
  if (page.status !== 200) throw new Error(`the sign-in that had begun is gone: ${page.status}`)
  const { body } = await own.page.prove(own.session, own.otp)
  for (const code of [own.code, String(body.authorization_code)]) {
    const answer = await own.page.redeem(code)
    if (answer.status !== 200) throw new Error(`no tokens: ${JSON.stringify(answer.body)}`)
  }
}
