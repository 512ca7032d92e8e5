// Signing in on an application's own page, from the first request to the last: what it gets, and what its session is.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { apiScopes } from '../../src/services/identity/clients/api-scopes.ts'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import { callerOf } from '../support/client-api.ts'
import { refresh, userinfo } from '../support/endpoints.ts'
import type { TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'

const ORIGIN = 'https://shop.example'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0'

describeOnAllStores('signing in on an own page', (start) => {
  let server: TestServer
  let client: { client_id: string }
  let page: OwnPage

  beforeAll(async () => {
    server = await start()
    client = await server.register({
      kind: 'browser',
      firstParty: true,
      redirectUris: [`${ORIGIN}/callback`],
    })
    page = createOwnPage(server, client, { origin: ORIGIN })
  })
  afterAll(() => server.stop())

  it('takes two requests, and a third for the tokens', async () => {
    const email = freshAddress()
    const first = await page.begin(email)
    expect(first.status).toBe(403)
    expect(first.body).toEqual({
      error: 'insufficient_authorization',
      error_description: expect.any(String),
      auth_session: expect.stringMatching(/^[\w-]{43}$/),
      otp_length: 6,
      otp_expires_in: 600,
      otp_resend_in: 60,
    })
    const second = await page.prove(String(first.body.auth_session), await server.codeFor(email))
    expect(second.status).toBe(200)
    expect(second.body).toEqual({ authorization_code: expect.stringMatching(/^[\w-]{43}$/) })
    const third = await page.redeem(String(second.body.authorization_code))
    expect(third.status).toBe(200)
    expect(third.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    for (const { headers } of [first, second, third]) {
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  it('gets what the pages give: both tokens of OpenID Connect, good where they are meant to be', async () => {
    const email = freshAddress()
    const before = Math.floor(server.clock.now() / 1000)
    const tokens = await page.signIn(email)
    const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/oauth/jwks`))
    const checks = { issuer: server.baseUrl, audience: client.client_id }
    const { payload: id } = await jwtVerify(tokens.id_token ?? '', keys, checks)
    expect(id).toMatchObject({
      nonce: page.nonce,
      auth_time: expect.any(Number),
      amr: ['otp'],
      acr: 'urn:foyer:acr:email-code',
      sid: expect.any(String),
      email,
      email_verified: true,
    })
    expect(id.auth_time).toBeGreaterThanOrEqual(before)
    const api = `${server.baseUrl}/api/client/v1`
    const { payload: access, protectedHeader } = await jwtVerify(tokens.access_token ?? '', keys, {
      issuer: server.baseUrl,
      audience: api,
    })
    expect(protectedHeader).toMatchObject({ typ: 'at+jwt', alg: 'RS256' })
    expect(access).toEqual({
      iss: server.baseUrl,
      aud: api,
      sub: id.sub,
      client_id: client.client_id,
      scope: tokens.scope,
      sid: expect.any(String),
      gid: expect.any(String),
      org: server.organisation._id,
      auth_time: id.auth_time,
      acr: id.acr,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: Number(access.iat) + 3600,
    })
    expect(tokens.scope?.split(' ')).toEqual(['openid', 'profile', 'email', ...apiScopes])
    expect((await userinfo(server, tokens.access_token)).body).toMatchObject({ email })
    const profile = await callerOf(server, tokens.access_token)('GET', '/profile')
    expect(profile.data).toMatchObject({ email })
  })

  it('refreshes: rotated, and the same again when the answer was lost', async () => {
    const tokens = await page.signIn(freshAddress())
    const first = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(first.status).toBe(200)
    expect(first.body.refresh_token).not.toBe(tokens.refresh_token)
    const again = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(again.body.refresh_token).toBe(first.body.refresh_token)
    const next = await refresh(server, client, { refresh_token: first.body.refresh_token })
    expect(next.status).toBe(200)
    const stolen = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(stolen.body.error).toBe('invalid_grant')
  })

  it('is one session like any other: listed by its browser, and ended with all that it gave', async () => {
    const email = freshAddress()
    const session = await page.begun(email)
    const proof = { auth_session: session, otp: await server.codeFor(email) }
    const { body } = await page.ask(proof, { 'user-agent': FIREFOX })
    const tokens = (await page.redeem(String(body.authorization_code))).body
    const call = callerOf(server, String(tokens.access_token))
    const other = await page.signIn(email)

    const { items } = (await call('GET', '/sessions')).data as { items: Listed[] }
    const own = items.find(({ current }) => current)
    expect(items).toHaveLength(2)
    expect(own).toMatchObject({
      id: decodeJwt(String(tokens.access_token)).sid,
      browser: 'Firefox',
      system: 'Linux',
    })
    await callerOf(server, other.access_token)('DELETE', `/sessions/${own?.id}`)
    expect((await call('GET', '/profile')).status).toBe(401)
    const refused = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(refused.body.error).toBe('invalid_grant')
    expect((await callerOf(server, other.access_token)('GET', '/profile')).status).toBe(200)
  })

  it('is over when its refresh token is given up', async () => {
    const tokens = await page.signIn(freshAddress())
    const config = await oidc.discovery(
      new URL(server.baseUrl),
      client.client_id,
      {},
      oidc.None(),
      { execute: [oidc.allowInsecureRequests] },
    )
    expect(config.serverMetadata().authorization_challenge_endpoint).toBe(
      `${server.baseUrl}/oauth/challenge`,
    )
    await oidc.tokenRevocation(config, tokens.refresh_token ?? '')
    expect((await callerOf(server, tokens.access_token)('GET', '/profile')).status).toBe(401)
  })

  it('goes from an app too, which sends no origin', async () => {
    const app = await server.register({
      kind: 'native',
      firstParty: true,
      redirectUris: ['com.shop.app:/callback'],
    })
    const tokens = await createOwnPage(server, app).signIn(freshAddress())
    expect(decodeJwt(tokens.access_token ?? '')).toMatchObject({ client_id: app.client_id })
  })
})

type Listed = { id: string; current: boolean; browser?: string; system?: string }
