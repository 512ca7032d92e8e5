// What a dump of the stores is worth to a thief: every value that a client or a browser was ever given is looked for in it.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createOwnPage } from '../support/challenge.ts'
import { type Credentials, postForm, refresh } from '../support/endpoints.ts'
import { cookieOf, follow, linkOf, visitorOf } from '../support/handoff.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { storedBytes } from '../support/stored-bytes.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

describeOnAllStores('D14: a copy of everything that is stored', (start) => {
  let server: TestServer
  let agent: UserAgent
  /** What was given out, by what it is. */
  const given = new Map<string, string>()

  const give = (values: { [name: string]: unknown }): void => {
    for (const [name, value] of Object.entries(values)) {
      expect([name, typeof value]).toEqual([name, 'string'])
      given.set(name, String(value))
    }
  }
  const giveCookies = (when: string): void =>
    give(Object.fromEntries(agent.cookies.map(({ name, value }) => [`${name} ${when}`, value])))

  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  /** Nothing given so far is in there; what is no secret is, so that the copy is one of everything. */
  async function expectNothingGiven(...visible: string[]): Promise<void> {
    const bytes = await storedBytes(server)
    for (const value of visible) expect(bytes).toContain(value)
    const found = [...given].filter(([, value]) => standsIn(bytes, value))
    expect(found.map(([name]) => name)).toEqual([])
  }

  /** Somebody new signs in at the client by a pushed request: gives whatever comes on the way. */
  async function signIn(client: Credentials, scope: string, name: string) {
    const email = freshAddress()
    agent = createUserAgent(server.baseUrl)
    const party = await createRelyingParty(server, client)
    const pending = await party.authorize({ scope })
    const fields = Object.fromEntries(pending.url.searchParams)
    const { request_uri } = (await postForm(server, 'par', { client, fields })).body
    give({ [`${name}: request_uri`]: String(request_uri).split(':').at(-1) })
    await expectNothingGiven()
    const query = new URLSearchParams({
      client_id: client.client_id,
      request_uri: String(request_uri),
    })
    let page = await agent.open(`/oauth/authorize?${query}`)
    giveCookies(`${name}, while signing in`)
    page = await agent.submit(page, { email })
    const code = await server.codeFor(email)
    give({ [`${name}: code by mail`]: code })
    await expectNothingGiven()
    const callback = await untilLeft(async () => {
      page = await agent.submit(page, { code })
      giveCookies(`${name}, while asked for permission`)
      await expectNothingGiven()
      return agent.submit(page)
    })
    giveCookies(`${name}, signed in`)
    give({
      [`${name}: authorization code`]: callback.searchParams.get('code'),
      [`${name}: verifier`]: pending.verifier,
    })
    await expectNothingGiven(email, client.client_id)
    const tokens = await party.exchange(callback, pending)
    giveTokens(name, tokens)
    return tokens
  }

  function giveTokens(name: string, tokens: { [member: string]: unknown }): void {
    for (const kind of ['access_token', 'refresh_token', 'id_token']) {
      const value = String(tokens[kind])
      // Of a signed token the signature is enough: the rest can be made from what it says.
      give({ [`${name}: ${kind}`]: value, [`${name}: end of ${kind}`]: value.split('.').at(-1) })
    }
  }

  it('holds nothing of what an application got that may not use the API', async () => {
    const client = await server.register({ apiScopes: [] })
    give({ 'client secret': client.client_secret })
    const tokens = await signIn(client, 'openid email offline_access', 'opaque')
    expect(String(tokens.access_token)).not.toContain('.')
    await expectNothingGiven()
    for (const turn of ['first', 'second']) {
      const { body } = await refresh(server, client, { refresh_token: tokens.refresh_token })
      giveTokens(`${turn} refresh`, body)
      await expectNothingGiven()
    }
  })

  it('holds nothing of what a first-party application in a browser got', async () => {
    const client = await server.register({ kind: 'browser', firstParty: true })
    const tokens = await signIn(client, 'openid email profile:read', 'signed')
    expect(String(tokens.access_token).split('.')).toHaveLength(3)
    const { status, body } = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(status).toBe(200)
    giveTokens('rotated', body)
    // The answer is kept for whoever lost it: sealed, and under the token that it was an answer to.
    await expectNothingGiven('answer')
  })

  it('holds nothing of what an application got that signs people in on its own page', async () => {
    const redirectUris = ['com.example.app:/callback']
    const app = await server.register({ kind: 'native', firstParty: true, redirectUris })
    const page = createOwnPage(server, app)
    const email = freshAddress()
    const session = await page.begun(email)
    const otp = await server.codeFor(email)
    give({ 'own page: auth_session': session, 'own page: code': otp, verifier: page.verifier })
    await expectNothingGiven(email, app.client_id, page.nonce)
    const { authorization_code } = (await page.prove(session, otp)).body
    give({ 'own page: authorization code': authorization_code })
    await expectNothingGiven()
    giveTokens('own page', (await page.redeem(String(authorization_code))).body)
    await expectNothingGiven()
  })

  it('holds nothing of what a session was handed on by', async () => {
    const visitor = await visitorOf(server)
    const link = await linkOf(server, visitor.tokens.access_token)
    give({ 'hand-off: ticket': link.split('/').at(-1) })
    await expectNothingGiven('handoff:')
    agent = createUserAgent(server.baseUrl)
    await follow(agent, link)
    giveCookies('handed on')
    give({ 'hand-off: end of its cookie': cookieOf(agent)?.split('.').at(-1) })
    await expectNothingGiven('handedOn')
  })

  it('holds nothing of what a machine got', async () => {
    const machine = await server.register({ kind: 'machine' })
    const fields = { grant_type: 'client_credentials' }
    const { body } = await postForm(server, 'token', { client: machine, fields })
    give({ 'machine: secret': machine.client_secret, 'machine: token': body.access_token })
    await expectNothingGiven(machine.client_id)
  })

  it('holds no private key that could be read', async () => {
    const bytes = await storedBytes(server)
    const { keys } = (await (await fetch(`${server.baseUrl}/oauth/jwks`)).json()) as {
      keys: { kid: string; n?: string; x?: string }[]
    }
    expect(keys.length).toBeGreaterThan(1)
    for (const { kid, n, x } of keys) {
      expect(bytes).toContain(kid)
      expect(bytes).not.toContain(String(n ?? x)) // not even what everybody may know: it is sealed whole
    }
    expect(bytes).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|\\?"dp\\?":|\\?"d\\?":\\?"[\w-]{40}/)
  })
})

/** As a value of its own: six digits stand in many longer numbers. */
function standsIn(bytes: string, value: string): boolean {
  const plain = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w-])${plain}(?![\\w-])`).test(bytes)
}
