// Refreshing, as clients do it and as thieves do.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { inDays } from '../support/calendar.ts'
import { type Credentials, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

const refused = { status: 400, body: { error: 'invalid_grant' } }

let server: TestServer
let person: Person
let web: Credentials
let browser: Credentials

beforeAll(async () => {
  server = await startServer()
  person = await signedInPerson(server)
  web = await server.register()
  browser = await server.register({ kind: 'browser' })
})
afterAll(() => server.stop())

const sign = (
  client: Credentials,
  scope: string,
  { who = person, ...parameters }: { who?: Person; prompt?: string } = {},
): Promise<Tokens> => tokensFor(server, who, { client, parameters: { scope, ...parameters } })

const again = (client: Credentials, tokens: { refresh_token?: unknown }, scope?: string) =>
  refresh(server, client, { refresh_token: tokens.refresh_token, ...(scope && { scope }) })

/** Ends the session of a person's browser, by the page. */
async function signOut({ agent }: Person): Promise<void> {
  await agent.submit(await agent.open('/oauth/logout'))
}

describe('refreshing', () => {
  it('gives a new access token and ID token of the same sign-in', async () => {
    const before = await sign(web, 'openid email orders:read')
    const { status, body, headers } = await again(web, before)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid email orders:read',
    })
    const [old, fresh] = [before.access_token, String(body.access_token)].map((token) =>
      decodeJwt(token),
    )
    for (const claim of ['sub', 'sid', 'auth_time', 'aud', 'scope', 'client_id', 'org', 'gid'])
      expect(fresh?.[claim]).toEqual(old?.[claim])
    expect(fresh?.jti).not.toBe(old?.jti)
    const idToken = decodeJwt(String(body.id_token))
    for (const claim of ['sub', 'sid', 'auth_time', 'aud', 'iss'])
      expect(idToken[claim]).toEqual(before.claims()?.[claim])
  })

  it('keeps a confidential client’s token, which is of no use without its secret', async () => {
    const tokens = await sign(web, 'openid')
    const { body } = await again(web, tokens)
    expect(body.refresh_token).toBe(tokens.refresh_token)
    expect((await again({ client_id: web.client_id }, tokens)).body.error).toBe('invalid_client')
  })

  it('replaces a confidential client’s token in the last third of its life', async () => {
    const tokens = await sign(web, 'openid offline_access', { prompt: 'consent' })
    await inDays(22, async () => {
      const { body } = await again(web, tokens)
      expect(body.refresh_token).not.toBe(tokens.refresh_token)
    })
  })

  it('replaces a public client’s token at every use', async () => {
    const tokens = await sign(browser, 'openid')
    const second = (await again(browser, tokens)).body
    const third = (await again(browser, second)).body
    expect(new Set([tokens, second, third].map((each) => each.refresh_token)).size).toBe(3)
  })

  it('R01: with a token that was replaced ends the whole chain', async () => {
    const tokens = await sign(browser, 'openid')
    const { body } = await again(browser, tokens)
    await inDays(1 / 24, async () => {
      expect(await again(browser, tokens)).toMatchObject(refused)
      expect(await again(browser, body)).toMatchObject(refused)
      expect((await userinfo(server, body.access_token)).status).toBe(401)
    })
  })

  it('R05: with another client’s token is refused, and leaves it good', async () => {
    const tokens = await sign(browser, 'openid')
    const thief = await server.register({ kind: 'browser' })
    expect(await again(thief, tokens)).toMatchObject(refused)
    expect(await again(web, tokens)).toMatchObject(refused)
    expect((await again(browser, tokens)).status).toBe(200)
  })

  it.each([
    ['no token', ''],
    ['an unknown token', 'unknown'],
    ['a huge token', 'a'.repeat(10_000)],
  ])('with %s is refused', async (_name, token) => {
    const { status, body } = await again(browser, { refresh_token: token })
    expect(status).toBe(400)
    expect(body.error).toMatch(/^invalid_(grant|request)$/)
  })
})

describe('O28: a refresh that names scopes', () => {
  it('may narrow them, down to an opaque token, and have all of them the next time', async () => {
    const tokens = await sign(web, 'openid email orders:read bookings:read')
    const narrow = (await again(web, tokens, 'openid orders:read')).body
    expect(decodeJwt(String(narrow.access_token)).scope).toBe('openid orders:read')
    const opaque = (await again(web, tokens, 'openid email')).body
    expect(opaque).toMatchObject({
      scope: 'openid email',
      access_token: expect.not.stringMatching(/\./),
    })
    expect((await userinfo(server, opaque.access_token)).body).toHaveProperty('email', person.email)
    const all = (await again(web, tokens)).body
    expect(all.scope).toBe('openid email orders:read bookings:read')
  })

  it('cannot widen them', async () => {
    const tokens = await sign(web, 'openid orders:read')
    for (const scope of ['openid orders:read email', 'openid invoices:read', 'offline_access'])
      expect(await again(web, tokens, scope)).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope' },
      })
  })
})

describe('R06: a refresh for more than was granted', () => {
  it('is refused: another resource, or scopes that were not asked', async () => {
    const plain = await server.register({ apiScopes: [] })
    const api = `${server.baseUrl}/api/client/v1`
    const [tokens, opaque] = [await sign(web, 'openid orders:read'), await sign(plain, 'openid')]
    const ask = async (client: Credentials, token: unknown, fields: { [name: string]: string }) =>
      (
        await postForm(server, 'token', {
          client,
          fields: { grant_type: 'refresh_token', refresh_token: String(token), ...fields },
        })
      ).body.error
    for (const resource of ['https://other.example', `${api}/`, server.baseUrl])
      expect(await ask(web, tokens.refresh_token, { resource })).toBe('invalid_target')
    expect(await ask(plain, opaque.refresh_token, { resource: api })).toBe('invalid_target')
    expect(await ask(plain, opaque.refresh_token, { scope: 'openid orders:read' })).toBe(
      'invalid_scope',
    )
    expect(await ask(web, tokens.refresh_token, {})).toBeUndefined()
  })
})

describe('without `offline_access`, a refresh token', () => {
  it.each(['web', 'browser', 'native'] as const)(
    'of kind %s is there all the same',
    async (kind) => {
      const client = await server.register({ kind })
      expect((await sign(client, 'openid')).refresh_token).toEqual(expect.any(String))
    },
  )

  it('ends with the session', async () => {
    const who = await signedInPerson(server)
    const tokens = await sign(web, 'openid orders:read', { who })
    await signOut(who)
    expect(await again(web, tokens)).toMatchObject(refused)
    expect((await userinfo(server, tokens.access_token)).status).toBe(401)
  })

  it('R14: is what a third-party client gets that asks for the scope without `prompt=consent`', async () => {
    const who = await signedInPerson(server)
    const tokens = await sign(web, 'openid offline_access', { who })
    expect(tokens.scope).toBe('openid')
    await signOut(who)
    expect(await again(web, tokens)).toMatchObject(refused)
  })
})

describe('with `offline_access`, a refresh token', () => {
  it('outlives the session, and keeps working', async () => {
    const who = await signedInPerson(server)
    const tokens = await sign(web, 'openid email offline_access', { who, prompt: 'consent' })
    expect(tokens.scope).toBe('openid email offline_access')
    await signOut(who)
    const { status, body } = await again(web, tokens)
    expect(status).toBe(200)
    expect((await userinfo(server, body.access_token)).body).toHaveProperty('email', who.email)
  })

  it('is asked the customer about each time, by name', async () => {
    const party = await createRelyingParty(server, web)
    for (let times = 0; times < 2; times += 1) {
      const scope = 'openid offline_access'
      const { url } = await party.authorize({ scope, prompt: 'consent' })
      expect((await person.agent.open(url)).html).toContain('keep this access while you are away')
    }
  })

  it('needs no page for a first-party client', async () => {
    const client = await server.register({ firstParty: true })
    const party = await createRelyingParty(server, client)
    const { url } = await party.authorize({ scope: 'openid offline_access', prompt: 'consent' })
    const left = await untilLeft(() => person.agent.open(url))
    expect(left.searchParams.has('code')).toBe(true)
  })

  it('R07: ends after 30 days without use, and 90 days after the sign-in however much it is used', async () => {
    const ask = () => sign(browser, 'openid offline_access', { prompt: 'consent' })
    const idle = await ask()
    await inDays(31, async () => expect(await again(browser, idle)).toMatchObject(refused))

    let tokens: { refresh_token?: unknown } = await ask()
    for (const day of [29, 58, 87])
      tokens = await inDays(day, async () => (await again(browser, tokens)).body)
    const last = await inDays(89, () => again(browser, tokens))
    expect(last.status).toBe(200)
    await inDays(91, async () => expect(await again(browser, last.body)).toMatchObject(refused))
  })
})
