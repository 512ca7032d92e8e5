// OAuth 2.0 for Browser-Based Applications (RFC 10017): what it asks of the server, by the numbers of the list.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { inDays } from '../support/calendar.ts'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import { proofKey } from '../support/dpop.ts'
import { answerOf, type Credentials, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { read } from '../support/repository.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

const SCOPE = 'openid email orders:read'
const origin = new URL(REDIRECT_URI).origin
const refused = { status: 400, body: { error: 'invalid_grant' } }

let server: TestServer
let person: Person
/** A page's client: public, and the business's own. */
let client: Credentials
/** The same of a stranger. */
let thirdParty: Credentials
/** Where the client signs people in itself. */
let page: OwnPage

beforeAll(async () => {
  server = await startServer()
  person = await signedInPerson(server)
  client = await server.register({ kind: 'browser', firstParty: true })
  thirdParty = await server.register({ kind: 'browser' })
  page = createOwnPage(server, client, { origin })
})
afterAll(() => server.stop())

const sign = (parameters: { [name: string]: string } = {}, who = person): Promise<Tokens> =>
  tokensFor(server, who, { client, parameters: { scope: SCOPE, ...parameters } })

const again = (tokens: { refresh_token?: unknown }, by = client, scope?: string) =>
  refresh(server, by, { refresh_token: tokens.refresh_token, ...(scope && { scope }) })

/** What authorize answers a browser that is signed in, without a page. */
async function authorize(
  parameters: { [name: string]: string },
  drop: readonly string[] = [],
): Promise<Response> {
  const { url } = await (await createRelyingParty(server, client)).authorize(parameters)
  for (const name of drop) url.searchParams.delete(name)
  return person.agent.request(url)
}

async function codeFor(): Promise<{ code: string; verifier: string }> {
  const { url, verifier } = await (await createRelyingParty(server, client)).authorize()
  const left = await untilLeft(() => person.agent.open(url))
  return { code: left.searchParams.get('code') ?? '', verifier }
}

const redeem = (fields: { [name: string]: string }, by: Credentials = client) =>
  postForm(server, 'token', {
    client: by,
    fields: { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, ...fields },
  })

describe('a public client', () => {
  it('BCP 6.3.2.1b: cannot do without PKCE, anywhere', async () => {
    await expect(server.register({ kind: 'browser', pkce: 'optional' })).rejects.toThrow()
    for (const [parameters, drop] of [
      [{}, ['code_challenge', 'code_challenge_method']],
      [{ code_challenge_method: 'plain' }, []],
    ] as const) {
      const { headers } = await authorize(parameters, drop)
      expect(headers.get('location')).toContain('error=invalid_request')
    }
    for (const [name, value] of [
      ['code_challenge', undefined],
      ['code_challenge_method', 'plain'],
    ] as const)
      expect((await page.begin(freshAddress(), { [name]: value })).body.error).toBe(
        'invalid_request',
      )
    expect(
      await page.redeem(await page.codeOf(freshAddress()), { code_verifier: 'a'.repeat(43) }),
    ).toMatchObject(refused)
    const { code, verifier } = await codeFor()
    expect((await redeem({ code })).body).toMatchObject({ error: expect.any(String) })
    expect(await redeem({ code, code_verifier: 'a'.repeat(43) })).toMatchObject(refused)
    expect((await redeem({ code, code_verifier: verifier })).status).toBe(200)
  })

  it('BCP 6.3.3.1a: has no secret, and needs none', async () => {
    expect(client.client_secret).toBeUndefined()
    expect((await again(await sign())).status).toBe(200)
  })

  it('BCP 6.3.3.1b: proves nothing by a secret', async () => {
    const { code, verifier } = await codeFor()
    const made = { ...client, client_secret: 'it-was-in-the-source' }
    const fields = { code, code_verifier: verifier }
    expect((await redeem(fields, made)).body.error).toBe('invalid_client')
    expect((await redeem({ ...fields, client_secret: 'it-was-in-the-source' })).body.error).toBe(
      'invalid_client',
    )
  })

  it('BCP 6.3.3.2: is not answered unasked for a stranger, or at an address that is not its own', async () => {
    const party = await createRelyingParty(server, thirdParty)
    const asked = await person.agent.open((await party.authorize()).url)
    expect([asked.status, asked.html]).toEqual([200, expect.stringContaining('asks for access')])
    const silent = await untilLeft(async () =>
      person.agent.open((await party.authorize({ prompt: 'none' })).url),
    )
    expect(silent.searchParams.get('error')).toBe('consent_required')

    const own = await authorize({ prompt: 'none' })
    expect(own.headers.get('location')).toContain('code=')
    const elsewhere = await authorize({ prompt: 'none', redirect_uri: `${REDIRECT_URI}/other` })
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([400, null])

    const inline = async (by: Credentials, from: string) =>
      (await createOwnPage(server, by, { origin: from }).begin(freshAddress())).body.error
    expect(await inline(thirdParty, origin)).toBe('unauthorized_client')
    expect(await inline(client, 'https://evil.example')).toBe('origin_not_allowed')
  })

  it('BCP 6.3.3.2.1b: comes back to exactly what it registered', async () => {
    for (const other of [
      `${REDIRECT_URI}/`,
      `${REDIRECT_URI}?a=b`,
      `${REDIRECT_URI}/../callback`,
      REDIRECT_URI.replace('callback', 'CALLBACK'),
      REDIRECT_URI.replace(':9', ':10'),
      REDIRECT_URI.replace('127.0.0.1', 'localhost'),
    ]) {
      const { status, headers } = await authorize({ redirect_uri: other })
      expect([other, status, headers.get('location')]).toEqual([other, 400, null])
    }
  })

  it('BCP 6.3.3.3b: is answered by no message between windows', async () => {
    for (const response_mode of ['web_message', 'relay'])
      expect(await (await authorize({ response_mode })).text()).not.toMatch(/postMessage|code=/)
    const supported = await answerOf(
      await fetch(`${server.baseUrl}/.well-known/openid-configuration`),
    )
    expect(supported.body.response_modes_supported).toEqual(['form_post', 'fragment', 'query'])
    const form = await (await authorize({ response_mode: 'form_post' })).text()
    expect(form).not.toMatch(/postMessage|\b(opener|parent)\b/)
  })

  it('BCP 6.3.3.4: reads what its page asks for, from its own origin', async () => {
    const { access_token } = await sign()
    const readers = async (from: string) => {
      const headers = { origin: from, authorization: `Bearer ${access_token}` }
      const answers = await Promise.all([
        postForm(server, 'token', { client, headers: { origin: from } }),
        postForm(server, 'revoke', {
          client,
          headers: { origin: from },
          fields: { token: 'unknown' },
        }),
        fetch(`${server.baseUrl}/oauth/challenge`, {
          method: 'POST',
          headers: { origin: from },
          body: new URLSearchParams({ client_id: client.client_id, email: freshAddress() }),
        }),
        ...['/oauth/userinfo', '/.well-known/openid-configuration', '/oauth/jwks'].map((path) =>
          fetch(`${server.baseUrl}${path}`, { headers }),
        ),
        fetch(`${server.baseUrl}/api/client/v1/profile`, { headers }),
      ])
      expect(
        answers.filter(({ headers: each }) => each.has('access-control-allow-credentials')),
      ).toEqual([])
      return answers.map(({ headers: each }) =>
        [from, '*'].includes(each.get('access-control-allow-origin') ?? ''),
      )
    }
    expect(await readers(origin)).toEqual([true, true, true, true, true, true, true])
    // The challenge endpoint says itself that it refuses; the rest is open to all, or asks for a token.
    const strangers = [false, false, true, false, true, true, true]
    expect(await readers('https://evil.example')).toEqual(strangers)
  })

  it('BCP 6.3.4.3: is not what a site with a server has to be: its code needs the secret', async () => {
    const web = await server.register({ firstParty: true })
    const { url, verifier } = await (await createRelyingParty(server, web)).authorize()
    const left = await untilLeft(() => person.agent.open(url))
    const fields = { code: left.searchParams.get('code') ?? '', code_verifier: verifier }
    const stolen = await redeem(fields, { client_id: web.client_id })
    expect(stolen.body.error).toBe('invalid_client')
    expect((await redeem(fields, web)).status).toBe(200)
  })
})

describe('a refresh token of a public client', () => {
  it('BCP 6.3.2.3a: is replaced at every use', async () => {
    const first = await sign()
    const second = (await again(first)).body
    const third = (await again(second)).body
    expect(new Set([first, second, third].map((each) => each.refresh_token)).size).toBe(3)
  })

  it('BCP 6.3.2.3b: ends after 30 days without use', async () => {
    const tokens = await sign({ scope: `${SCOPE} offline_access`, prompt: 'consent' })
    await inDays(31, async () => expect(await again(tokens)).toMatchObject(refused))
  })

  it('BCP 6.3.2.3c: ends 90 days after the sign-in, however often it is replaced', async () => {
    let tokens: { refresh_token?: unknown } = await sign({
      scope: `${SCOPE} offline_access`,
      prompt: 'consent',
    })
    for (const day of [29, 58, 87])
      tokens = await inDays(day, async () => (await again(tokens)).body)
    await inDays(91, async () => expect(await again(tokens)).toMatchObject(refused))
  })

  it('BCP 6.3.2.3d: that is used a second time ends its successors and their access tokens', async () => {
    const stolen = await sign()
    const { body } = await again(stolen)
    await inDays(1 / 24, async () => {
      expect(await again(stolen)).toMatchObject(refused)
      expect(await again(body)).toMatchObject(refused)
      expect((await userinfo(server, body.access_token)).status).toBe(401)
    })
  })

  it('BCP 6.3.2.3e: is no use to another client, for more scopes, or for another resource', async () => {
    const tokens = await sign()
    expect(await again(tokens, thirdParty)).toMatchObject(refused)
    expect((await again(tokens, client, `${SCOPE} bookings:read`)).body.error).toBe('invalid_scope')
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
      resource: 'https://other.example',
    }
    expect((await postForm(server, 'token', { client, fields })).body.error).toBe('invalid_target')
    expect((await again(tokens)).status).toBe(200)
  })

  it('BCP 6.3.2.3f: ends with the session', async () => {
    const who = await signedInPerson(server)
    const tokens = await sign({}, who)
    await who.agent.submit(await who.agent.open('/oauth/logout'))
    expect(await again(tokens)).toMatchObject(refused)
    expect((await userinfo(server, tokens.access_token)).status).toBe(401)
  })
})

describe('an access token', () => {
  it('BCP 7.2a: stands in no authorization response', async () => {
    for (const response_type of ['token', 'id_token token', 'code token', 'code id_token token']) {
      const { headers } = await authorize({ response_type })
      const location = headers.get('location') ?? ''
      expect(location).toContain('error=unsupported_response_type')
      expect(location).not.toMatch(/access_token|id_token=/)
    }
    const { headers } = await authorize({ prompt: 'none' })
    const answer = new URL(headers.get('location') ?? '')
    expect([[...answer.searchParams.keys()].sort(), answer.hash]).toEqual([
      ['code', 'iss', 'state'],
      '',
    ])
  })

  it('BCP 7.2b: is given by the token endpoint alone', async () => {
    const email = freshAddress()
    const session = await page.begun(email)
    const { status, body } = await page.prove(session, await server.codeFor(email))
    expect([status, Object.keys(body)]).toEqual([200, ['authorization_code']])
    const tokens = await page.redeem(String(body.authorization_code))
    expect(tokens.body).toHaveProperty('access_token')
  })

  it('BCP 7.3a: is not given for a password', async () => {
    const { status, body } = await postForm(server, 'token', {
      client,
      fields: { grant_type: 'password', username: person.email, password: 'secret' },
    })
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'unsupported_grant_type' })
    const discovery = await answerOf(
      await fetch(`${server.baseUrl}/.well-known/openid-configuration`),
    )
    expect(discovery.body.grant_types_supported).not.toContain('password')
  })

  it('BCP 9.1a: lives an hour, or as little as five minutes', async () => {
    expect((await sign()).expires_in).toBe(3600)
    const brief = await server.register({
      kind: 'browser',
      firstParty: true,
      lifetimes: { accessToken: 5 * 60_000 },
    })
    const tokens = await tokensFor(server, person, {
      client: brief,
      parameters: { scope: SCOPE },
    })
    expect(tokens.expires_in).toBe(300)
  })

  it('BCP 9.1c: is for the Client API and nothing else', async () => {
    expect(decodeJwt((await sign()).access_token).aud).toBe(`${server.baseUrl}/api/client/v1`)
  })

  it('BCP 9.2: that is bound to a key is refused without it, and so is its refresh token', async () => {
    const [own, thief] = [await proofKey(), await proofKey()]
    const token = { method: 'POST', uri: `${server.baseUrl}/oauth/token` }
    const { code, verifier } = await codeFor()
    const { body } = await postForm(server, 'token', {
      client,
      headers: { dpop: await own.proof(token) },
      fields: {
        grant_type: 'authorization_code',
        redirect_uri: REDIRECT_URI,
        code,
        code_verifier: verifier,
      },
    })
    expect(body.token_type).toBe('DPoP')
    const accessToken = String(body.access_token)
    const profile = { method: 'GET', uri: `${server.baseUrl}/api/client/v1/sessions`, accessToken }
    const call = async (authorization: string, proof?: string) =>
      (
        await fetch(profile.uri, {
          headers: { authorization, ...(proof && { dpop: proof }) },
        })
      ).status
    expect(await call(`Bearer ${accessToken}`)).toBe(401)
    expect(await call(`DPoP ${accessToken}`, await thief.proof(profile))).toBe(401)

    const fields = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) }
    const renew = async (headers: { dpop?: string }) =>
      (await postForm(server, 'token', { client, fields, headers })).status
    expect(await renew({})).toBe(400)
    expect(await renew({ dpop: await thief.proof(token) })).toBe(400)
    expect(await renew({ dpop: await own.proof(token) })).toBe(200)
  })
})

describe('an ID token', () => {
  it('BCP 9.1d: says no more than was asked for', async () => {
    const plain = (await sign({ scope: 'openid' })).claims() ?? {}
    for (const claim of ['email', 'name', 'phone_number']) expect(plain).not.toHaveProperty(claim)
    expect((await sign()).claims()).toHaveProperty('email', person.email)
  })
})

describe('the list', () => {
  it('names each of these tests once, and no other', () => {
    const numbersIn = (file: string, pattern: RegExp): string[] =>
      [...read(file).matchAll(pattern)].map(([, number = '']) => number)
    const list = numbersIn('packages/dom/docs/browser-based-apps.md', /^\| (\d\S*) \|/gm)
    const tests = [
      'test/flows/browser-based-apps.test.ts',
      'test/browser/dom-browser-based-apps.test.ts',
    ].flatMap((file) => numbersIn(file, /\bit\(\s*'BCP (\d\S*):/g))
    expect(list.length).toBeGreaterThan(30)
    expect(tests.sort()).toEqual(list.sort())
  })
})
