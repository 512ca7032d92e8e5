// Who may not sign customers in on a page of their own, and which requests are refused: callers, origins, PKCE, foreign sign-ins, redemption.

import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { clientsCollection } from '../../src/stores/clients.ts'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import { type Answer, answerOf, postForm } from '../support/endpoints.ts'
import { signedInPerson } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'

const ORIGIN = 'https://shop.example'
const browser = {
  kind: 'browser',
  firstParty: true,
  redirectUris: [`${ORIGIN}/callback`, `${ORIGIN}/other`],
} as const

let server: TestServer
let client: { client_id: string }
let page: OwnPage

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  client = await server.register(browser)
  page = createOwnPage(server, client, { origin: ORIGIN })
})
afterAll(() => server.stop())

/** What was said, and that no mail was sent. */
async function refusal(answer: Promise<Answer>): Promise<{ status: number; error: unknown }> {
  const { status, body, headers } = await answer
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-request-id')).toBeTruthy()
  expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/) // RFC 6749, 5.2
  return { status, error: body.error }
}

describe('a request from a page', () => {
  const strangers = [
    ['another site', 'https://evil.example'],
    ['a page without an origin', 'null'],
    ['a host below', 'https://a.shop.example'],
    ['another scheme', 'http://shop.example'],
    ['another port', 'https://shop.example:8443'],
    ['the issuer itself', 'http://localhost'],
  ]

  it.each(strangers)('E09, O23: of %s is refused, and may read why', async (_name, origin) => {
    const email = freshAddress()
    const asked = page.begin(email, {}, { origin })
    expect(await refusal(asked)).toEqual({ status: 403, error: 'origin_not_allowed' })
    const { headers } = await asked
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.has('access-control-allow-credentials')).toBe(false)
    expect(headers.get('vary')).toMatch(/\borigin\b/i)
    expect(await server.mails(email)).toEqual([])
  })

  it('E09: that goes on with the sign-in of somebody else from another site gets nothing', async () => {
    const email = freshAddress()
    const session = await page.begun(email)
    const otp = await server.codeFor(email)
    const foreign = page.ask({ auth_session: session, otp }, { origin: 'https://evil.example' })
    expect(await refusal(foreign)).toEqual({ status: 403, error: 'origin_not_allowed' })
    expect((await page.prove(session, otp)).status).toBe(200)
  })

  it('E09: sets no cookie: whoever is made to send it is signed in nowhere', async () => {
    const email = freshAddress()
    const first = await page.begin(email)
    const otp = await server.codeFor(email)
    const second = await page.prove(String(first.body.auth_session), otp)
    const third = await page.redeem(String(second.body.authorization_code))
    for (const { headers } of [first, second, third]) expect(headers.getSetCookie()).toEqual([])
  })

  it('says where it comes from; only an app may leave that out', async () => {
    const asked = page.begin(freshAddress(), {}, { origin: undefined })
    expect(await refusal(asked)).toEqual({ status: 403, error: 'origin_not_allowed' })
  })

  it('of an app comes from an origin of that app, if from any', async () => {
    const app = await server.register({ ...browser, kind: 'native' })
    const strange = createOwnPage(server, app, { origin: 'https://evil.example' })
    expect((await strange.begin(freshAddress())).body.error).toBe('origin_not_allowed')
    const own = createOwnPage(server, app, { origin: ORIGIN })
    expect((await own.begin(freshAddress())).body.error).toBe('insufficient_authorization')
  })

  it('of a preview comes from an origin that its wildcard stands for', async () => {
    const preview = await server.register({
      kind: 'preview',
      firstParty: true,
      redirectUris: ['https://*.preview.shop.example/callback'],
    })
    const branch = { origin: 'https://branch-7.preview.shop.example' }
    const tokens = await createOwnPage(server, preview, branch).signIn(freshAddress(), {
      scope: 'openid offline_access',
    })
    expect(tokens.scope).toBe('openid')
    const other = { origin: 'https://a.b.preview.shop.example' }
    const { body } = await createOwnPage(server, preview, other).begin(freshAddress())
    expect(body.error).toBe('origin_not_allowed')
  })

  it('O23: may be sent after a preflight, good for a day, without credentials', async () => {
    const { status, headers } = await fetch(`${server.baseUrl}/oauth/challenge`, {
      method: 'OPTIONS',
      headers: { origin: 'https://any.example', 'access-control-request-method': 'POST' },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('https://any.example')
    expect(headers.get('access-control-allow-methods')).toBe('POST')
    expect(headers.get('access-control-allow-headers')).toContain('dpop')
    expect(headers.get('access-control-max-age')).toBe('86400')
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  })

  it('O23: may read when to come back, and the id of the request', async () => {
    const { headers } = await page.begin('no address')
    const exposed = headers.get('access-control-expose-headers')?.split(',')
    const readable = ['DPoP-Nonce', 'Date', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id']
    expect(exposed?.sort()).toEqual(readable)
  })
})

describe('a client', () => {
  it.each([
    ['of a third party', { ...browser, firstParty: false }],
    ['with a secret', { ...browser, kind: 'web' }],
  ] as const)('%s uses the pages', async (_name, input) => {
    const own = createOwnPage(server, await server.register(input), { origin: ORIGIN })
    const asked = own.begin(freshAddress())
    expect(await refusal(asked)).toEqual({ status: 400, error: 'unauthorized_client' })
  })

  it('that is a machine has no customers', async () => {
    const machine = await server.register({ kind: 'machine', firstParty: true })
    const answer = await createOwnPage(server, machine, { origin: ORIGIN }).begin(freshAddress())
    expect(answer.status).toBe(403)
  })

  it('that nobody knows, or that was disabled, gets nothing', async () => {
    const gone = { status: 401, error: 'invalid_client' }
    const unknown = createOwnPage(server, { client_id: 'cli_unknown' }, { origin: ORIGIN })
    expect(await refusal(unknown.begin(freshAddress()))).toEqual(gone)
    const { client_id } = await server.register(browser)
    const disabled = createOwnPage(server, { client_id }, { origin: ORIGIN })
    const email = freshAddress()
    const session = await disabled.begun(email)
    const otp = await server.codeFor(email)
    const disabledAt = server.clock.now()
    const clients = server.documents.collection(clientsCollection)
    await clients.updateOne({ _id: client_id }, { $set: { disabledAt } })
    server.clock.forward(5000)
    expect(await refusal(disabled.begin(freshAddress()))).toEqual(gone)
    expect(await refusal(disabled.prove(session, otp))).toEqual(gone)
  })

  it('of kind preview is not known any more when its time is over', async () => {
    const preview = await server.register({
      ...browser,
      kind: 'preview',
      expiresAt: server.clock.now() + 60_000,
    })
    const own = createOwnPage(server, preview, { origin: ORIGIN })
    const code = await own.codeOf(freshAddress())
    server.clock.forward(61_000)
    expect((await own.begin(freshAddress())).body.error).toBe('invalid_client')
    expect((await own.redeem(code)).body.error).toBe('invalid_client')
  })
})

describe('the first request', () => {
  const malformed = [
    ['no PKCE challenge', { code_challenge: undefined }],
    ['a challenge that S256 never makes', { code_challenge: 'a'.repeat(42) }],
    ['a challenge with other characters', { code_challenge: `${'a'.repeat(42)}=` }],
    ['no method', { code_challenge_method: undefined }],
    ['the method plain', { code_challenge_method: 'plain' }],
    ['another response type', { response_type: 'token' }],
    ['no client', { client_id: undefined }],
    ['no address', { email: undefined }],
    ['an empty address', { email: '' }],
    ['a code, and nothing that it belongs to', { email: undefined, otp: '123456' }],
    ['an address and a code', { otp: '123456' }],
    ['a nonce without an end', { nonce: 'n'.repeat(1025) }],
  ] as const

  it.each(malformed)('with %s is an invalid request', async (_name, fields) => {
    const asked = page.begin(freshAddress(), fields)
    expect(await refusal(asked)).toEqual({ status: 400, error: 'invalid_request' })
  })

  it('may leave the response type out, and hold what is nobody’s business', async () => {
    const fields = { response_type: undefined, redirect_uri: 'https://evil.example', foo: 'bar' }
    expect((await page.begin(freshAddress(), fields)).status).toBe(403)
  })

  it.each([
    'ana',
    'ana@',
    'a@x.example,b@y.example',
    'Ana <ana@x.example>',
    'a\r\nBcc:b@x.example',
  ])('E15, E16: with %j as the address is refused', async (email) => {
    const asked = page.begin(email)
    expect(await refusal(asked)).toEqual({ status: 400, error: 'email_invalid' })
  })

  it.each([
    ['a scope that is not known is left out', { scope: 'openid profile:read nothing' }, 200],
    ['only such scopes are an error', { scope: 'nothing else' }, 'invalid_scope'],
    [
      'a nonce without openid, which would be missed after the code, is an error',
      { scope: 'profile:read', nonce: 'n' },
      'invalid_scope',
    ],
    ['another resource is an error', { resource: 'https://x.example' }, 'invalid_target'],
  ] as const)('%s', async (_name, fields, expected) => {
    if (expected !== 200) {
      const asked = page.begin(freshAddress(), fields)
      return expect(await refusal(asked)).toEqual({ status: 400, error: expected })
    }
    expect((await page.signIn(freshAddress(), fields)).scope).toBe('openid profile:read')
  })

  it.each(['client_id', 'email', 'code_challenge', 'scope', 'resource'])(
    'D01: with an operator in place of %s is refused',
    async (name) => {
      const { [name]: _left, ...others }: { [field: string]: string } = {
        ...client,
        email: freshAddress(),
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
      }
      const pairs = [`${name}={"$ne":null}`, `${name}=%00`, `${name}=x&${name}=y`]
      const isNeeded = ['client_id', 'email', 'code_challenge'].includes(name)
      for (const pair of [...pairs, ...(isNeeded ? [`${name}[$ne]=x`, `${name}[]=x`] : [])]) {
        const response = await fetch(`${server.baseUrl}/oauth/challenge`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN },
          body: `${new URLSearchParams(others)}&${pair}`,
        })
        const { status, body } = await answerOf(response)
        const expected = { status: expect.any(Number), error: expect.stringMatching(/invalid/) }
        expect({ pair, status, error: body.error }).toEqual({ pair, ...expected })
        expect(status).toBeLessThan(500)
      }
    },
  )

  it('may name the Client API as the resource', async () => {
    const resource = `${server.baseUrl}/api/client/v1`
    expect((await page.signIn(freshAddress(), { resource, scope: 'openid' })).scope).toBe('openid')
  })
})

describe('a request as HTTP', () => {
  const send = (init: RequestInit): Promise<Answer> =>
    fetch(`${server.baseUrl}/oauth/challenge`, init).then(answerOf)

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('is a POST, no %s', async (method) => {
    const { status, headers } = await send({ method })
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST, OPTIONS' })
  })

  it.each([
    ['JSON', 415, { headers: { 'content-type': 'application/json' }, body: '{"email":"a@b.c"}' }],
    ['a NUL', 400, { body: new URLSearchParams('email=a%00@example.org') }],
    [
      'a parameter twice',
      400,
      { body: new URLSearchParams('email=a@b.example&email=c@d.example') },
    ],
    ['60 kB', 413, { body: new URLSearchParams({ email: 'a'.repeat(60_000) }) }],
    ['nothing', 400, {}],
  ])('with %s is answered in OAuth’s words', async (_name, status, init) => {
    const asked = send({ method: 'POST', ...init })
    expect(await refusal(asked)).toEqual({ status, error: 'invalid_request' })
  })

  it('of bytes that are no text is refused', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      request(`${server.baseUrl}/oauth/challenge`, { method: 'POST', headers })
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end(Buffer.from([0x65, 0x3d, 0xff, 0xfe]))
    })
    expect(status).toBe(400)
  })
})

describe('a sign-in that runs', () => {
  const over = { status: 400, error: 'invalid_session' }

  it('is nothing to another client, which is told what anybody is', async () => {
    const email = freshAddress()
    const session = await page.begun(email)
    const otp = await server.codeFor(email)
    const other = createOwnPage(server, await server.register(browser), { origin: ORIGIN })
    const { client_id } = await server.register(browser)
    expect(await refusal(other.prove(session, otp, { client_id }))).toEqual(over)
    expect(await refusal(other.prove('made-up', otp, { client_id }))).toEqual(over)
    expect((await page.prove(session, otp, client)).status).toBe(200)
  })

  it('M03: is nothing at another organisation', async () => {
    const acme = await server.addOrganisation('challenge-acme')
    const email = freshAddress()
    const session = await page.begun(email)
    const otp = await server.codeFor(email)
    const other = createOwnPage(acme, await acme.register(browser), { origin: ORIGIN })
    expect(await refusal(other.prove(session, otp))).toEqual(over)
    expect((await page.prove(session, otp)).status).toBe(200)
    expect((await other.signIn(freshAddress())).id_token).toBeTruthy()
    for (const document of [
      `${acme.baseUrl}/.well-known/openid-configuration`,
      `${server.baseUrl}/.well-known/oauth-authorization-server/o/challenge-acme`,
    ])
      expect(await (await fetch(document)).json()).toMatchObject({
        authorization_challenge_endpoint: `${acme.baseUrl}/oauth/challenge`,
      })
  })

  it('is over with its authorization code: nothing comes of it again', async () => {
    const email = freshAddress()
    const session = await page.begun(email)
    const otp = await server.codeFor(email)
    expect((await page.prove(session, otp)).status).toBe(200)
    expect(await refusal(page.prove(session, otp))).toEqual(over)
    const again = page.ask({ auth_session: session, email })
    expect(await refusal(again)).toEqual(over)
    const accepted = page.ask({ auth_session: session, accept: 'terms.1' })
    expect(await refusal(accepted)).toEqual(over)
  })

  it('is over after an hour', async () => {
    const session = await page.begun(freshAddress())
    server.clock.forward(3_601_000)
    expect(await refusal(page.prove(session, '123456'))).toEqual(over)
  })
})

describe('the authorization code', () => {
  const invalid = { status: 400, error: 'invalid_grant' }
  const redeemed = async (more: { [name: string]: string | undefined }) => {
    const { status, body } = await page.redeem(await page.codeOf(freshAddress()), more)
    return { status, error: body.error }
  }

  it.each([
    ['a wrong verifier', { code_verifier: 'v'.repeat(43) }],
    ['no verifier', { code_verifier: undefined }],
    ['a redirect URI', { redirect_uri: `${ORIGIN}/callback` }],
    ['the name of none', { redirect_uri: 'urn:foyer:no-redirect' }],
  ])('is not redeemed with %s', async (_name, more) => {
    expect(await redeemed(more)).toEqual(invalid)
  })

  it('is not redeemed by another client', async () => {
    expect(await redeemed(await server.register(browser))).toEqual(invalid)
  })

  it('is redeemed once; the second time its grant ends', async () => {
    const code = await page.codeOf(freshAddress())
    const { body } = await page.redeem(code)
    expect((await page.redeem(code)).body.error).toBe('invalid_grant')
    const headers = { authorization: `Bearer ${body.access_token}` }
    const profile = await fetch(`${server.baseUrl}/api/client/v1/profile`, { headers })
    expect(profile.status).toBe(401)
  })

  it('of an ordinary request is not redeemed without its redirect URI', async () => {
    const { agent } = await signedInPerson(server)
    const ordinary = await server.register({ firstParty: true, kind: 'native' })
    const party = await createRelyingParty(server, ordinary)
    const pending = await party.authorize()
    const callback = await untilLeft(() => agent.open(pending.url))
    const fields = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      code_verifier: pending.verifier,
    }
    for (const more of [{}, { redirect_uri: 'urn:foyer:no-redirect' }]) {
      const { status } = await postForm(server, 'token', {
        client: ordinary,
        fields: { ...fields, ...more },
      })
      expect(status).toBe(400)
    }
    expect((await party.exchange(callback, pending)).id_token).toBeTruthy()
  })
})
