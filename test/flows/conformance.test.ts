// The OpenID conformance suite's plans for Basic and Form Post, module by module: what each of them asserts.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { UnsecuredJWT } from 'jose'
import * as oidc from 'openid-client'
import { inDays } from '../support/calendar.ts'
import {
  answerOf,
  CALLBACK,
  createParty,
  type Issuer,
  type Party,
  pageOf,
  registerParty,
} from '../support/conformance.ts'
import {
  type Credentials,
  postForm,
  answerOf as readAnswer,
  refresh,
} from '../support/endpoints.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'
import { formsOf } from '../support/user-agent.ts'

/** Somebody with a full profile, as the suite would use for every module. */
const EMAIL = 'ana.dubois@example.com'
const SECOND_IN_DAYS = 1 / 86_400

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const userinfo = async (
  issuer: Issuer,
  init: RequestInit,
): Promise<{ [claim: string]: unknown }> => {
  const { status, body } = await readAnswer(await fetch(`${issuer.baseUrl}/oauth/userinfo`, init))
  expect(status).toBe(200)
  return body
}
const bearer = (token: unknown) => ({ authorization: `Bearer ${token}` })

describe.each<[plan: string, where: string, more: { [name: string]: string }]>([
  ['oidcc-basic-certification-test-plan', 'the default organisation', {}],
  ['oidcc-formpost-basic-certification-test-plan', 'it', { response_mode: 'form_post' }],
  ['oidcc-basic-certification-test-plan', 'another', {}],
])('O01: %s, at the issuer of %s', (_plan, where, more) => {
  let issuer: Issuer
  let client: Required<Credentials>
  let second: Required<Credentials>
  beforeAll(async () => {
    issuer = where === 'another' ? await server.addOrganisation('another') : server
    await server.organisations.change(issuer.organisation._id, { signIn: roomyLimits })
    client = await registerParty(issuer)
    second = await registerParty(issuer)
  })

  const party = (change: Partial<Parameters<typeof createParty>[1]> = {}): Party =>
    createParty(issuer, { client, email: EMAIL, more, ...change })

  it('oidcc-server: a sign-in with state and nonce, and userinfo for the same subject', async () => {
    const { tokens, claims } = await party().signIn()
    const { sub } = await userinfo(issuer, { headers: bearer(tokens.access_token) })
    expect(sub).toBe(claims.sub)
  })

  it('oidcc-response-type-missing: an error, at the redirect URI or on a page', async () => {
    const { end } = await party().authorize({ response_type: undefined, response_mode: undefined })
    if ('page' in end) expect(end.page.status).toBe(400)
    else
      expect(end.parameters.get('error')).toMatch(/^(invalid_request|unsupported_response_type)$/)
  })

  it('oidcc-userinfo-get, -post-header, -post-body: one answer by three ways', async () => {
    const { tokens, claims } = await party().signIn({ scope: 'openid email' })
    const answers = [
      await userinfo(issuer, { headers: bearer(tokens.access_token) }),
      await userinfo(issuer, { method: 'POST', headers: bearer(tokens.access_token) }),
      await userinfo(issuer, {
        method: 'POST',
        body: new URLSearchParams({ access_token: String(tokens.access_token) }),
      }),
    ]
    for (const answer of answers)
      expect(answer).toEqual({ sub: claims.sub, email: EMAIL, email_verified: true })
  })

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const { claims } = await party().signIn({ nonce: undefined })
    expect(claims).not.toHaveProperty('nonce')
  })

  it.each([
    ['oidcc-scope-profile', 'openid profile', ['name', 'given_name', 'family_name']],
    ['oidcc-scope-email', 'openid email', ['email', 'email_verified']],
    ['oidcc-scope-address', 'openid address', ['address']],
    ['oidcc-scope-phone', 'openid phone', ['phone_number', 'phone_number_verified']],
    [
      'oidcc-scope-all',
      'openid profile email address phone',
      ['name', 'email', 'address', 'phone_number'],
    ],
    ['oidcc-ensure-other-scope-order-succeeds', 'email openid', ['email']],
  ])('%s: the claims of %s, each of its type', async (_module, scope, expected) => {
    const { tokens, claims } = await party().signIn({ scope })
    const answer = await userinfo(issuer, { headers: bearer(tokens.access_token) })
    // Of whom the other organisation's commerce knows nothing, there is only what the code proved.
    const known = where === 'another' ? [] : expected
    for (const claim of known) {
      expect(answer).toHaveProperty(claim)
      // In the code flow they come from userinfo, and the ID token stays small (Core, 5.4).
      expect(claims).not.toHaveProperty(claim)
    }
    for (const [claim, value] of Object.entries(answer))
      expect([claim, typeof value]).toEqual([claim, types[claim] ?? 'string'])
    if (answer.birthdate) expect(answer.birthdate).toMatch(/^\d{4}(-\d\d-\d\d)?$/)
  })

  const types: { [claim: string]: string } = {
    address: 'object',
    updated_at: 'number',
    email_verified: 'boolean',
    phone_number_verified: 'boolean',
  }

  it.each([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-login-hint', { login_hint: EMAIL }],
    ['oidcc-login-hint', { login_hint: 'buffy@id.example.org' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-ui-locales', { ui_locales: 'fr-CA fr en' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-claims-essential', { claims: '{"userinfo":{"name":{"essential":true}}}' }],
  ])('%s: %j causes no error', async (_module, parameters) => {
    await party().signIn(parameters)
  })

  it('oidcc-prompt-login: asks again, and auth_time differs', async () => {
    const once = party()
    const { claims: before } = await once.signIn()
    await inDays(2 * SECOND_IN_DAYS, async () => {
      const { claims } = await once.signIn({ prompt: 'login' })
      expect(once.asked.slice(0, 2)).toEqual(['email', 'code'])
      expect(claims.auth_time).not.toBe(before.auth_time)
    })
  })

  it('oidcc-prompt-none-not-logged-in: login_required at the redirect URI', async () => {
    const { answer } = await party().answer({ prompt: 'none' })
    expect(answer.get('error')).toBe('login_required')
    expect(answer.has('code')).toBe(false)
  })

  it('oidcc-prompt-none-logged-in, oidcc-max-age-10000: no page, the same subject and auth_time', async () => {
    const once = party()
    const { claims: before } = await once.signIn()
    for (const parameters of [{ prompt: 'none' }, { max_age: '10000' }]) {
      const { claims } = await once.signIn(parameters)
      expect(once.asked).toEqual([])
      expect(claims).toMatchObject({ sub: before.sub, auth_time: before.auth_time })
    }
  })

  it('oidcc-max-age-1: asks again after a second, with a later auth_time', async () => {
    const once = party()
    const { claims: before } = await once.signIn()
    await inDays(2 * SECOND_IN_DAYS, async () => {
      const { claims } = await once.signIn({ max_age: '1' })
      expect(once.asked.slice(0, 2)).toEqual(['email', 'code'])
      expect(Number(claims.auth_time)).toBeGreaterThan(Number(before.auth_time))
      expect(Date.now() / 1000 - Number(claims.auth_time)).toBeLessThan(10)
    })
  })

  it('oidcc-id-token-hint: with prompt=none and a hint about who is signed in, no page', async () => {
    const once = party()
    const { tokens, claims: before } = await once.signIn()
    const id_token_hint = String(tokens.id_token)
    const { claims } = await once.signIn({ prompt: 'none', id_token_hint })
    expect(claims).toMatchObject({ sub: before.sub, auth_time: before.auth_time })
  })

  it('oidcc-ensure-request-with-acr-values-succeeds: acr is one of what is announced', async () => {
    const discovered = await fetch(`${issuer.baseUrl}/.well-known/openid-configuration`)
    const { acr_values_supported: values } = (await discovered.json()) as {
      acr_values_supported: string[]
    }
    const { claims } = await party().signIn({ acr_values: values.join(' ') })
    expect(values).toContain(claims.acr)
    await party().signIn({ acr_values: '1 2' })
  })

  it('oidcc-codereuse: a code is good once', async () => {
    const once = party()
    const { code } = await once.signIn()
    const { status, headers, body } = await once.redeem(code)
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' })
    expect(headers.get('content-type')).toContain('application/json')
    expect(String(body.error_description)).not.toMatch(/[\r\n\t]/)
  })

  it('oidcc-codereuse-30seconds: and its second use ends the first one’s access token', async () => {
    const once = party()
    const { code, tokens } = await once.signIn()
    await inDays(30 * SECOND_IN_DAYS, async () => {
      expect((await once.redeem(code)).body.error).toBe('invalid_grant')
      const headers = bearer(tokens.access_token)
      expect((await fetch(`${issuer.baseUrl}/oauth/userinfo`, { headers })).status).toBe(401)
    })
  })

  it('oidcc-ensure-registered-redirect-uri: a page that says so, and no redirect', async () => {
    const { end } = await party().authorize({ redirect_uri: `${CALLBACK}/unregistered` })
    expect(pageOf(end).html).toContain('redirect_uri')
    expect(pageOf(end).status).toBe(400)
  })

  it('oidcc-ensure-post-request-succeeds: the request may be a POST', async () => {
    const { agent, follow } = party()
    const body = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state: 'by-post',
      ...more,
    })
    const end = await follow(() =>
      agent.open(`${issuer.baseUrl}/oauth/authorize`, { method: 'POST', body }),
    )
    expect(answerOf(end, 'by-post').has('code')).toBe(true)
  })

  it('oidcc-server-client-secret-post: the secret may come in the body', async () => {
    const { answer } = await party().answer()
    const { status } = await postForm(issuer, 'token', {
      fields: {
        grant_type: 'authorization_code',
        code: String(answer.get('code')),
        redirect_uri: CALLBACK,
        ...client,
      },
    })
    expect(status).toBe(200)
  })

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported, oidcc-ensure-request-object-with-redirect-uri: request_not_supported', async () => {
    const object = new UnsecuredJWT({ redirect_uri: CALLBACK, state: 'inside', scope: 'openid' })
    const request = object.setIssuer(client.client_id).setAudience(issuer.baseUrl).encode()
    const { answer } = await party().answer({ request })
    expect(answer.get('error')).toBe('request_not_supported')
    // A redirect URI that is not registered: nobody is sent there, whatever the object says.
    const { end } = await party().authorize({ request, redirect_uri: `${CALLBACK}/invalid` })
    expect(pageOf(end).status).toBe(400)
  })

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: request_uri_not_supported', async () => {
    const { answer } = await party().answer({
      request_uri: 'https://suite.example.org/request.jwt',
    })
    expect(answer.get('error')).toBe('request_uri_not_supported')
  })

  it('oidcc-refresh-token: of the same sign-in, and bound to its client', async () => {
    for (const scope of ['openid', 'openid offline_access']) {
      const prompt = scope.includes('offline_access') ? 'consent' : undefined
      const [first, other] = [party(), party({ client: second })]
      const { tokens, claims } = await first.signIn({ scope, prompt })
      const given = { refresh_token: tokens.refresh_token }
      await inDays(SECOND_IN_DAYS, async () => {
        const { status, body } = await refresh(issuer, client, { ...given, scope })
        expect(status).toBe(200)
        expect(body.access_token).not.toBe(tokens.access_token)
        const fresh = oidcClaims(body.id_token)
        for (const claim of ['iss', 'sub', 'aud', 'auth_time', 'azp'])
          expect([claim, fresh[claim]]).toEqual([claim, claims[claim]])
        expect(fresh.iat).not.toBe(claims.iat)
      })
      const { tokens: others } = await other.signIn({ scope, prompt })
      const stolen = await refresh(issuer, client, { refresh_token: others.refresh_token })
      expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant'])
    }
  })

  it('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const once = party()
    const code_verifier = oidc.randomPKCECodeVerifier()
    const { answer } = await once.answer({
      code_challenge: await oidc.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    })
    const { status } = await once.redeem(String(answer.get('code')), { code_verifier })
    expect(status).toBe(200)
  })

  it('the cancel button of each page is access_denied at the redirect URI', async () => {
    const { agent, follow } = party()
    const state = 'cancelled'
    const query = new URLSearchParams({
      client_id: (await registerParty(issuer)).client_id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state,
      ...more,
    })
    let page = await agent.open(`${issuer.baseUrl}/oauth/authorize?${query}`)
    const cancel = async () => {
      const form = formsOf(page).find(({ action }) => new URL(action).pathname.endsWith('/cancel'))
      const end = await follow(() => agent.open(form?.action ?? '', { method: 'POST' }))
      expect(answerOf(end, state).get('error')).toBe('access_denied')
    }
    await cancel()
    page = await agent.open(`${issuer.baseUrl}/oauth/authorize?${query}`)
    page = await agent.submit(page, { email: EMAIL })
    await cancel()
  })
})

function oidcClaims(token: unknown): { [claim: string]: unknown } {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())
}
