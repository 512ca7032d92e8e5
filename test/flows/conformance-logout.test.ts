// The OpenID conformance suite's plans for Config, RP-initiated and back-channel logout, module by module.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createParty,
  LOGGED_OUT,
  logoutTokenClaims,
  type Party,
  pageOf,
  registerParty,
} from '../support/conformance.ts'
import { type Credentials, answerOf as readAnswer } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { startLogoutListener } from '../support/logout-listener.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { sendThrough } from '../support/server-process.ts'
import { roomyLimits, wordsOf } from '../support/sign-in-pages.ts'

const EMAIL = 'ana.dubois@example.com'

let server: TestServer
let client: Required<Credentials>

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  client = await registerParty(server)
})
afterAll(() => server.stop())

/** Longer than most, to see that it is not cut. */
const STATE = 's'.repeat(128)
type Change = { [name: string]: string | undefined }

const same = (hint: string): string => hint
const unsigned = (hint: string): string => {
  const [, payload] = hint.split('.')
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
}

async function isSignedIn(party: Party): Promise<boolean> {
  const { answer } = await party.answer({ prompt: 'none' })
  return answer.get('error') === null
}

describe('O01: oidcc-config-certification-test-plan', () => {
  it('oidcc-discovery-endpoint-verification: over https, as it would stand behind a proxy', async () => {
    const behind = await startServer({ env: { BASE_URL: 'https://id.example.org' } })
    try {
      const send = sendThrough(behind.config.port)
      const read = async (path: string) => {
        const answer = await send(new URL(path, behind.baseUrl), {})
        expect(answer.status).toBe(200)
        expect(answer.headers.get('content-type')).toMatch(/^application\/(jwk-set\+)?json/)
        return answer.json()
      }
      const metadata = await read('/.well-known/openid-configuration')
      expect(metadata).toMatchObject({
        issuer: 'https://id.example.org',
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
        scopes_supported: expect.arrayContaining(['openid']),
        grant_types_supported: expect.arrayContaining(['authorization_code']),
        claims_supported: expect.arrayContaining(['sub', 'name', 'email']),
        claims_parameter_supported: false,
        request_uri_parameter_supported: false,
        code_challenge_methods_supported: ['S256'],
      })
      for (const [name, value] of Object.entries(metadata))
        if (/_(endpoint|uri)$/.test(name))
          expect([name, value]).toEqual([
            name,
            expect.stringMatching(/^https:\/\/id\.example\.org\//),
          ])
      const { keys } = await read('/oauth/jwks')
      for (const key of keys) {
        expect(key).toMatchObject({
          kid: expect.any(String),
          kty: expect.stringMatching(/^(RSA|EC)$/),
        })
        for (const part of ['d', 'p', 'q', 'k']) expect(key).not.toHaveProperty(part)
      }
    } finally {
      await behind.stop()
    }
  })
})

describe('O01: oidcc-rp-initiated-logout-certification-test-plan', () => {
  /** Signs in, sends the browser to sign out, and says where that ended. */
  async function logout(change: Change, alter = same) {
    const party = createParty(server, { client, email: EMAIL })
    const { tokens } = await party.signIn()
    const parameters: Change = {
      id_token_hint: alter(String(tokens.id_token)),
      post_logout_redirect_uri: LOGGED_OUT,
      state: STATE,
      ...change,
    }
    const query = new URLSearchParams(
      Object.entries(parameters).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
    const open = () => party.agent.open(`/oauth/logout?${query}`)
    return { party, open }
  }

  it('oidcc-rp-initiated-logout-discovery-endpoint-verification', async () => {
    const { body } = await readAnswer(
      await fetch(`${server.baseUrl}/.well-known/openid-configuration`),
    )
    expect(body.end_session_endpoint).toBe(`${server.baseUrl}/oauth/logout`)
  })

  it.each([
    ['oidcc-rp-initiated-logout', { state: STATE }],
    ['oidcc-rp-initiated-logout-no-state', { state: undefined }],
  ])(
    '%s: back at the registered address with exactly its state, and signed out',
    async (_module, change) => {
      const { party, open } = await logout(change)
      const end = await party.follow(open)
      if (!('parameters' in end)) throw new Error('the browser stayed')
      expect(end.address).toBe(LOGGED_OUT)
      expect([...end.parameters]).toEqual(change.state ? [['state', change.state]] : [])
      expect(await isSignedIn(party)).toBe(false)
    },
  )

  it.each<[module: string, change: Change, alter: (hint: string) => string]>([
    [
      'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
      { post_logout_redirect_uri: `${LOGGED_OUT}/bad` },
      same,
    ],
    [
      'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
      { post_logout_redirect_uri: `${LOGGED_OUT}?foo=bar` },
      same,
    ],
    ['oidcc-rp-initiated-logout-modified-id-token-hint', {}, unsigned],
    ['oidcc-rp-initiated-logout-bad-id-token-hint', {}, (hint) => `${hint.slice(0, -8)}AAAAAAAA`],
  ])(
    '%s: an error page, nobody is sent anywhere, and the session stays',
    async (_module, change, alter) => {
      const { party, open } = await logout(change, alter)
      const page = await open()
      expect([400, 401]).toContain(page.status)
      expect(wordsOf(page).heading).toBe('That did not work')
      expect(await isSignedIn(party)).toBe(true)
    },
  )

  it.each<[module: string, change: Change]>([
    ['oidcc-rp-initiated-logout-no-id-token-hint', { id_token_hint: undefined }],
    [
      'oidcc-rp-initiated-logout-no-params',
      { id_token_hint: undefined, post_logout_redirect_uri: undefined, state: undefined },
    ],
    [
      'oidcc-rp-initiated-logout-only-state',
      { id_token_hint: undefined, post_logout_redirect_uri: undefined },
    ],
  ])('%s: asks, then signs out, and sends nobody anywhere', async (_module, change) => {
    const { party, open } = await logout(change)
    const question = await open()
    expect(wordsOf(question).heading).toBe('Sign out?')
    expect(await isSignedIn(party)).toBe(true)
    expect(wordsOf(await party.agent.submit(await open())).heading).toBe('You are signed out')
    expect(await isSignedIn(party)).toBe(false)
  })

  it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: signs out, and stays on our page', async () => {
    const { party, open } = await logout({ post_logout_redirect_uri: undefined })
    const end = await party.follow(open)
    expect(wordsOf(pageOf(end)).heading).toBe('You are signed out')
    expect(await isSignedIn(party)).toBe(false)
  })
})

describe('O01: oidcc-backchannel-rp-initiated-logout-certification-test-plan', () => {
  it('oidcc-backchannel-logout-discovery-endpoint-verification', async () => {
    const { body } = await readAnswer(
      await fetch(`${server.baseUrl}/.well-known/openid-configuration`),
    )
    expect(body).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      end_session_endpoint: expect.any(String),
    })
  })

  it('oidcc-backchannel-rp-initiated-logout: tells the application, brings the browser back, and has signed out', async () => {
    const listener = await startLogoutListener()
    try {
      const told = await registerParty(server, { backChannelLogoutUri: listener.uri })
      const party = createParty(server, { client: told, email: EMAIL })
      const { tokens, claims } = await party.signIn()
      const query = new URLSearchParams({
        id_token_hint: String(tokens.id_token),
        post_logout_redirect_uri: LOGGED_OUT,
        state: STATE,
      })
      const end = await party.follow(() => party.agent.open(`/oauth/logout?${query}`))
      if (!('parameters' in end)) throw new Error('the browser stayed')
      expect([end.address, ...end.parameters]).toEqual([LOGGED_OUT, ['state', STATE]])

      await eventually(async () => expect(listener.told).toHaveLength(1))
      const [notice] = listener.told
      expect(notice).toMatchObject({ method: 'POST' })
      const logout = await logoutTokenClaims(server, told.client_id, String(notice?.token))
      expect(logout).toMatchObject({ sub: claims.sub, sid: claims.sid })
      expect(logout.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
      expect(logout).not.toHaveProperty('nonce')
      expect(await isSignedIn(party)).toBe(false)
    } finally {
      await listener.stop()
    }
  })
})
