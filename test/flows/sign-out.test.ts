// RP-initiated logout: an application sends the browser to sign out, and back.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import { inDays } from '../support/calendar.ts'
import { type Credentials, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { administrationOf } from '../support/organisations.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { wordsOf } from '../support/sign-in-pages.ts'
import { createUserAgent, formsOf, type UserAgent } from '../support/user-agent.ts'

const BYE = 'https://app.example.com/bye?from=foyer'

let server: TestServer
let client: Credentials

beforeAll(async () => {
  server = await startServer()
  client = await server.register({ postLogoutRedirectUris: [BYE], firstParty: true })
})
afterAll(() => server.stop())

/** Somebody signed in, with the application's tokens. */
async function signedIn(): Promise<{ person: Person; tokens: Tokens }> {
  const person = await signedInPerson(server)
  const parameters = { scope: 'openid email' }
  return { person, tokens: await tokensFor(server, person, { client, parameters }) }
}

type Parameters = { [name: string]: string | undefined }

function logoutUrl(parameters: Parameters): URL {
  const url = new URL('/oauth/logout', server.baseUrl)
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value)
  return url
}

/** Whether this browser still has a session: an application gets a code without a page. */
async function isSignedIn(agent: UserAgent): Promise<boolean> {
  const party = await createRelyingParty(server, client)
  const { url } = await party.authorize({ prompt: 'none', scope: 'openid' })
  const left = await untilLeft(() => agent.open(url))
  return left.searchParams.has('code')
}

describe('an application that signs somebody out', () => {
  it('shows who asks, asks nothing, and gets them back with its state; everything of the session is over', async () => {
    const { person, tokens } = await signedIn()
    const other = await server.register({ apiScopes: [] })
    const theirs = await tokensFor(server, person, {
      client: other,
      parameters: { scope: 'openid' },
    })
    const { config } = await createRelyingParty(server, client)
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: BYE,
      state: 'a state & more',
    })
    const question = await person.agent.open(url)
    expect(wordsOf(question).heading).toBe('Continue')
    expect(question.html).not.toContain('Submitting Callback')
    const left = await untilLeft(() => person.agent.submit(question))
    expect(left.href).toBe(`${BYE}&state=a+state+%26+more`)

    expect(await isSignedIn(person.agent)).toBe(false)
    expect(person.agent.cookies.map(({ name }) => name)).not.toContain('foyer_session')
    for (const [owner, gone] of [
      [client, tokens],
      [other, theirs],
    ] as const) {
      expect((await userinfo(server, gone.access_token)).status).toBe(401)
      expect((await refresh(server, owner, { refresh_token: gone.refresh_token })).status).toBe(400)
    }
  })

  it('ends what the house’s own applications would have kept, and codes that nobody exchanged yet', async () => {
    const person = await signedInPerson(server)
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const kept = await tokensFor(server, person, { client, parameters })
    expect(kept.scope).toContain('offline_access')
    const third = await createRelyingParty(server, await server.register())
    const pending = await third.authorize({ ...parameters, scope: 'openid email offline_access' })
    const callback = await untilLeft(async () =>
      person.agent.submit(await person.agent.open(pending.url)),
    )
    await person.agent.submit(await person.agent.open('/oauth/logout'))
    expect((await refresh(server, client, { refresh_token: kept.refresh_token })).status).toBe(400)
    await expect(third.exchange(callback, pending)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('without a state gets them back at exactly its address', async () => {
    const { person } = await signedIn()
    const url = logoutUrl({ client_id: client.client_id, post_logout_redirect_uri: BYE })
    const question = await person.agent.open(url)
    const left = await untilLeft(() => person.agent.submit(question))
    expect(left.href).toBe(BYE)
  })

  it('may send a POST (RP-Initiated Logout 2)', async () => {
    const { person, tokens } = await signedIn()
    const question = await person.agent.open('/oauth/logout', {
      method: 'POST',
      body: new URLSearchParams({
        id_token_hint: String(tokens.id_token),
        post_logout_redirect_uri: BYE,
      }),
    })
    expect(wordsOf(question).heading).toBe('Continue')
    const left = await untilLeft(() => person.agent.submit(question))
    expect(left.href).toBe(BYE)
  })

  it('is in the audit log as the person’s own act', async () => {
    const { person, tokens } = await signedIn()
    await person.agent.submit(await person.agent.open('/oauth/logout'))
    const rows = await administrationOf(server).rowsOf(server.organisation._id)
    expect(rows[0]).toMatchObject({ action: 'session.ended', actor: tokens.claims()?.sub })
  })

  it('has nobody asked who is signed out already', async () => {
    const agent = createUserAgent(server.baseUrl)
    const url = logoutUrl({
      client_id: client.client_id,
      post_logout_redirect_uri: BYE,
      state: 's',
    })
    const left = await untilLeft(() => agent.open(url))
    expect(left.href).toBe(`${BYE}&state=s`)
    expect(agent.cookies).toEqual([])
    const end = await agent.open('/oauth/logout')
    expect(wordsOf(end).heading).toBe('You are signed out')
  })

  it('with an ID token that has expired is understood all the same', async () => {
    const { person, tokens } = await signedIn()
    const url = logoutUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: BYE })
    const question = await inDays(2, () => person.agent.open(url))
    expect(wordsOf(question).heading).toBe('Continue')
  })
})

describe('R10: a request to sign out', () => {
  it('is always asked about: a link alone signs nobody out', async () => {
    const { person, tokens } = await signedIn()
    for (const hint of [undefined, tokens.id_token]) {
      await person.agent.open(logoutUrl({ id_token_hint: hint }))
      expect(await isSignedIn(person.agent)).toBe(true)
    }
  })

  it('can be declined, and the person stays signed in', async () => {
    const { person } = await signedIn()
    const page = await person.agent.open('/oauth/logout')
    expect(wordsOf(await person.agent.submit(page, {}, 1)).heading).toBe('You are still signed in')
    expect(await isSignedIn(person.agent)).toBe(true)
  })

  it('declined, is signed out alone: its next sign-in is another one', async () => {
    const { person, tokens } = await signedIn()
    const page = await person.agent.open(logoutUrl({ client_id: client.client_id }))
    await person.agent.submit(page, {}, 1)
    const refreshed = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(refreshed.body.error).toBe('invalid_grant')
    const next = await tokensFor(server, person, { client, parameters: { prompt: 'none' } })
    expect(next.claims()).toMatchObject({ sub: tokens.claims()?.sub })
    expect(next.claims()?.sid).not.toBe(tokens.claims()?.sid)
  })

  it.each([
    ['another address', 'https://app.example.com/bye'],
    ['a longer address', `${BYE}&more=1`],
    ['another origin', 'https://evil.test/bye?from=foyer'],
    ['a relative address', '//evil.test/'],
    ['a script', 'javascript:alert(1)'],
    ['one with a line break', `${BYE}%0d%0aLocation: https://evil.test`],
  ])('back to %s is refused on our page', async (_name, address) => {
    const { person } = await signedIn()
    for (const agent of [person.agent, createUserAgent(server.baseUrl)]) {
      const page = await agent.open(
        logoutUrl({ client_id: client.client_id, post_logout_redirect_uri: address }),
      )
      expect(page.status).toBe(400)
      expect(page.html).toContain('post_logout_redirect_uri not registered')
    }
    expect(await isSignedIn(person.agent)).toBe(true)
  })

  it('of nobody in particular leads back nowhere', async () => {
    const { person } = await signedIn()
    const question = await person.agent.open(logoutUrl({ post_logout_redirect_uri: BYE }))
    expect(wordsOf(await person.agent.submit(question)).heading).toBe('You are signed out')
  })

  it('with another client’s ID token, a forged one, or none of ours is refused', async () => {
    const { person, tokens } = await signedIn()
    const token = String(tokens.id_token)
    const hints = [
      { id_token_hint: token, client_id: (await server.register()).client_id },
      { id_token_hint: `${token.slice(0, -6)}AAAAAA` },
      { id_token_hint: 'rubbish' },
      { client_id: 'cli_nobody' },
    ]
    for (const parameters of hints) {
      const page = await person.agent.open(
        logoutUrl({ ...parameters, post_logout_redirect_uri: BYE }),
      )
      expect([400, 401]).toContain(page.status)
      expect(wordsOf(page).heading).toBe('That did not work')
    }
    expect(await isSignedIn(person.agent)).toBe(true)
  })

  it('with another person’s ID token is asked about, and says nothing of them', async () => {
    const { person } = await signedIn()
    const other = await signedIn()
    const page = await person.agent.open(
      logoutUrl({ id_token_hint: other.tokens.id_token, post_logout_redirect_uri: BYE }),
    )
    expect(wordsOf(page).heading).toBe('Sign out?')
    expect(page.html).not.toContain(other.person.email)
    expect(await isSignedIn(person.agent)).toBe(true)
    expect(await isSignedIn(other.person.agent)).toBe(true)
  })

  it('is not answered twice by one form', async () => {
    const { person } = await signedIn()
    const page = await person.agent.open('/oauth/logout')
    await person.agent.submit(page)
    const again = await person.agent.open(String(formsOf(page)[0]?.action), {
      method: 'POST',
      body: new URLSearchParams(formsOf(page)[0]?.fields),
    })
    expect(again.status).toBe(400)
  })
})

describe('signing in as somebody else', () => {
  it('signs the other account out first, on a page of the house', async () => {
    const first = await signedIn()
    const party = await createRelyingParty(server, client)
    const pending = await party.authorize({ prompt: 'login', scope: 'openid email' })
    const email = 'somebody-else@example.org'
    let page = await first.person.agent.open(pending.url)
    page = await first.person.agent.submit(page, { email })
    page = await first.person.agent.submit(page, { code: await server.codeFor(email) })
    expect(wordsOf(page).heading).toBe('Continue')
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'sha256-/)
    expect(page.html).not.toContain('Submitting Callback')
    const left = await untilLeft(() => first.person.agent.submit(page))
    const tokens = await party.exchange(left, pending)
    expect((await userinfo(server, tokens.access_token)).body.email).toBe(email)
    expect((await userinfo(server, first.tokens.access_token)).status).toBe(401)
  })
})
