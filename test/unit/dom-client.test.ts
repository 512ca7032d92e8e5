// What can be tried of the library without a page: mistakes, tokens that are not for it, failures and what they are called.

import { describe, expect, it } from '@jest/globals'
import { dpop } from '../../packages/dom/src/dpop.ts'
import { type ClientOptions, createClient, FoyerError } from '../../packages/dom/src/index.ts'

const ISSUER = 'https://id.example.com'
const API = 'https://id.example.com/api/client/v1'
const EMAIL = 'ana@example.com'

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (claims: object): string => `${part({ alg: 'ES256' })}.${part(claims)}.c2ln`

type Sent = { path: string; headers: Headers; fields: URLSearchParams; init: RequestInit }
type Answer = { status?: number; body?: unknown; headers?: { [name: string]: string } }

/** An issuer of one person; what it answers can be changed, by path. */
function createIssuer(answers: { [path: string]: (sent: Sent, count: number) => Answer } = {}) {
  const sent: Sent[] = []
  const issuer = {
    sent,
    claims: {},
    tokens: {},
    fetch: async (address: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
      const { pathname } = new URL(String(address))
      const fields = new URLSearchParams(init.body ? String(init.body) : '')
      const each = { path: pathname, headers: new Headers(init.headers), fields, init }
      const count = sent.filter(({ path }) => path === pathname).length
      sent.push(each)
      const { status = 200, body = {}, headers } = (answers[pathname] ?? ordinary)(each, count)
      return new Response(JSON.stringify(body), { status, ...(headers && { headers }) })
    },
  }
  let nonce = ''
  function ordinary({ path, fields }: Sent): Answer {
    if (path === '/oauth/challenge' && fields.has('email')) {
      nonce = fields.get('nonce') ?? nonce
      return {
        status: 403,
        body: {
          error: 'insufficient_authorization',
          auth_session: 'running',
          otp_length: 6,
          otp_expires_in: 600,
          otp_resend_in: 60,
        },
      }
    }
    if (path === '/oauth/challenge') return { body: { authorization_code: 'code' } }
    if (path === '/oauth/token') {
      const iat = 1_700_000_000
      const claims = { iss: ISSUER, aud: 'shop', sub: 'acc_1', email: EMAIL, iat, exp: iat + 60 }
      return {
        body: {
          access_token: jwt({ aud: API, sub: 'acc_1' }),
          refresh_token: 'refresh',
          id_token: jwt({ ...claims, nonce, ...issuer.claims }),
          token_type: 'Bearer',
          scope: 'openid',
          expires_in: 3600,
          ...issuer.tokens,
        },
      }
    }
    return { body: { success: true, data: { path } } }
  }
  return issuer
}

const clientOf = (issuer: ReturnType<typeof createIssuer>, options: Partial<ClientOptions> = {}) =>
  createClient({ issuer: ISSUER, clientId: 'shop', fetch: issuer.fetch, ...options })

async function signedIn(issuer: ReturnType<typeof createIssuer>, options?: Partial<ClientOptions>) {
  const foyer = clientOf(issuer, options)
  await foyer.sendCode(EMAIL)
  await foyer.verifyCode('123456')
  return foyer
}

describe('a mistake is a TypeError at once', () => {
  const good = { issuer: ISSUER, clientId: 'shop' }
  it.each([
    ['no options', undefined],
    ['no issuer', { clientId: 'shop' }],
    ['an issuer without a scheme', { ...good, issuer: 'id.example.com' }],
    ['an issuer by plain http', { ...good, issuer: 'http://id.example.com' }],
    [
      'a host that only begins as this device’s',
      { ...good, issuer: 'http://localhost.evil.example' },
    ],
    ['an issuer with a query', { ...good, issuer: `${ISSUER}/?a` }],
    ['an issuer with a fragment', { ...good, issuer: `${ISSUER}/#a` }],
    ['an issuer with a password', { ...good, issuer: 'https://a:b@id.example.com' }],
    ['a script', { ...good, issuer: 'javascript:alert(1)' }],
    ['no client', { issuer: ISSUER }],
    ['an empty client', { ...good, clientId: '' }],
    ['a storage that there is not', { ...good, storage: 'cookie' }],
    ['options that only its prototype has', Object.create(good)],
  ])('%s', (_name, options) => {
    // As from a page without types.
    expect(() => createClient(options as ClientOptions)).toThrow(TypeError)
  })

  it.each([
    ['https://id.example.com/', ISSUER],
    ['https://id.example.com/o/acme', 'https://id.example.com/o/acme'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/o/acme', 'http://127.0.0.1:3000/o/acme'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['http://localhost', 'http://localhost'],
  ])('and %s is none', (given, issuer) => {
    expect(createClient({ ...good, issuer: given }).issuer).toBe(issuer)
  })

  it.each(['', undefined, 7])('nor is %p an address to send a code to', async (email) => {
    await expect(clientOf(createIssuer()).sendCode(email as string)).rejects.toThrow(TypeError)
  })
})

describe('tokens', () => {
  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another client', { aud: 'other' }],
    ['another client too', { aud: ['shop', 'other'] }],
    ['nobody', { sub: undefined }],
    ['another sign-in', { nonce: 'other' }],
    ['no sign-in', { nonce: undefined }],
    ['a time before they were made', { exp: 1_600_000_000 }],
  ])('for %s sign nobody in', async (_name, claims) => {
    const issuer = createIssuer()
    issuer.claims = claims
    await expect(signedIn(issuer)).rejects.toMatchObject({ code: 'request_failed' })
  })

  it.each([
    ['without an access token', { access_token: undefined }],
    ['without an end', { expires_in: undefined }],
    ['that are no JWTs', { id_token: 'opaque' }],
    [
      'for an API that anybody could listen to',
      { access_token: jwt({ aud: 'http://evil.example' }) },
    ],
    ['for a key that nobody asked for', { token_type: 'DPoP' }],
  ])('%s sign nobody in', async (_name, tokens) => {
    const issuer = createIssuer()
    issuer.tokens = tokens
    await expect(signedIn(issuer)).rejects.toMatchObject({ code: 'request_failed' })
  })

  it('stay the same person’s when they are refreshed', async () => {
    const issuer = createIssuer()
    const foyer = await signedIn(issuer)
    issuer.claims = { sub: 'acc_2' }
    await expect(foyer.refresh()).rejects.toMatchObject({ code: 'request_failed' })
    expect(foyer.getUser()?.sub).toBe('acc_1')
  })

  it('go to the Client API alone, as headers, without cookies and redirects', async () => {
    const issuer = createIssuer()
    const foyer = await signedIn(issuer)
    expect(await foyer.fetch('/bookings?limit=1')).toEqual({ path: '/api/client/v1/bookings' })
    const last = issuer.sent.at(-1)
    expect(last?.init).toMatchObject({ credentials: 'omit', redirect: 'error', cache: 'no-store' })
    expect(last?.headers.get('authorization')).toMatch(/^Bearer eyJ/)
  })

  it('that were made by a clock of another day are good for as long as they say', async () => {
    const foyer = await signedIn(createIssuer())
    const left = (foyer.getSession()?.expiresAt ?? 0) - Date.now()
    expect(Math.abs(left - 3_600_000)).toBeLessThan(1000)
  })
})

describe('a failure', () => {
  const failing = (answer: Answer) => {
    const foyer = clientOf(createIssuer({ '/oauth/challenge': () => answer }))
    return foyer.sendCode(EMAIL).catch((error: unknown) => error)
  }

  it('has the code, the words and the numbers of the answer', async () => {
    const error = await failing({
      status: 429,
      body: { error: 'rate_limited', error_description: 'wait', attempts_left: 2 },
      headers: { 'Retry-After': '30', 'X-Request-Id': 'req_1' },
    })
    expect(error).toBeInstanceOf(FoyerError)
    expect({ ...(error as FoyerError), message: (error as FoyerError).message }).toEqual({
      name: 'FoyerError',
      code: 'rate_limited',
      message: 'wait',
      status: 429,
      retryAfter: 30,
      requestId: 'req_1',
      attemptsLeft: 2,
      policies: undefined,
    })
  })

  it.each([
    ['invalid_session', 400, 'session_expired'],
    ['redirect_to_web', 403, 'redirect_required'],
    ['otp_invalid', 400, 'otp_invalid'],
    ['something_new', 400, 'something_new'],
  ])('%s (%i) is called %s', async (error, status, code) => {
    expect(await failing({ status, body: { error } })).toMatchObject({ code, status })
  })

  it.each([
    [502, '<html>'],
    [500, {}],
    [400, { error: 7 }],
    [404, null],
  ])('of %i with %p is request_failed', async (status, body) => {
    expect(await failing({ status, body })).toMatchObject({ code: 'request_failed', status })
  })

  it('of the network holds no token', async () => {
    const issuer = createIssuer({
      '/api/client/v1/profile': () => {
        throw new TypeError('fetch failed')
      },
    })
    const foyer = await signedIn(issuer)
    const error = await foyer.profile.get().catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'network_error', status: 0, cause: expect.any(TypeError) })
    expect(JSON.stringify([error, error.stack, String(error.cause)])).not.toContain('eyJ')
  })
})

describe('the policies that are due', () => {
  it('are told, and accepted by kind and number', async () => {
    const policies = [{ kind: 'terms', number: 3, changed: false, uri: `${ISSUER}/policies/terms` }]
    const due = { error: 'insufficient_authorization', auth_session: 'next', policies }
    const issuer = createIssuer()
    const ordinary = issuer.fetch
    issuer.fetch = async (address, init = {}) => {
      const answer = await ordinary(address, init)
      const isCode = String(init.body).includes('otp=')
      return isCode ? new Response(JSON.stringify(due), { status: 403 }) : answer
    }
    const foyer = clientOf(issuer)
    await foyer.sendCode(EMAIL)
    const error = await foyer.verifyCode('123456').catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'policies_required', policies })
    await foyer.acceptPolicies(error.policies)
    const [accepting] = issuer.sent.filter(({ fields }) => fields.has('accept'))
    expect(accepting?.fields.get('accept')).toBe('terms.3')
    expect(accepting?.fields.get('auth_session')).toBe('next')
    expect(foyer.isAuthenticated()).toBe(true)
  })
})

describe('another code', () => {
  it('is asked for in the same sign-in; after too many tries, and for another address, in a new one', async () => {
    const issuer = createIssuer()
    const foyer = clientOf(issuer)
    for (const email of [EMAIL, EMAIL, 'ben@example.com']) await foyer.sendCode(email)
    const sessions = issuer.sent.map(({ fields }) => fields.get('auth_session'))
    expect(sessions).toEqual(['', 'running', ''])
    const challenges = issuer.sent.map(({ fields }) => fields.get('code_challenge'))
    expect(new Set(challenges).size).toBe(3) // none in the second
  })

  it('is none before there was a first one', async () => {
    await expect(clientOf(createIssuer()).verifyCode('1')).rejects.toMatchObject({
      code: 'session_expired',
    })
  })
})

describe('a proof of possession', () => {
  it('is made again with the nonce that the issuer wants, once', async () => {
    const claimsOf = ({ headers }: Sent) =>
      JSON.parse(Buffer.from(headers.get('dpop')?.split('.')[1] ?? '', 'base64url').toString())
    const issuer = createIssuer({
      '/oauth/challenge': () => ({
        status: 400,
        body: { error: 'use_dpop_nonce' },
        headers: { 'DPoP-Nonce': 'n-1' },
      }),
    })
    const error = await clientOf(issuer, { dpop })
      .sendCode(EMAIL)
      .catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'use_dpop_nonce' })
    expect(issuer.sent.map((each) => claimsOf(each).nonce)).toEqual([undefined, 'n-1'])
  })

  it('is no reason to try a wrong code twice, whatever else an answer brings', async () => {
    const issuer = createIssuer({
      '/oauth/challenge': (_sent, count) => ({
        status: 400,
        body: { error: 'otp_invalid', auth_session: 'running' },
        headers: { 'DPoP-Nonce': `n-${count}` },
      }),
    })
    const error = await clientOf(issuer, { dpop })
      .sendCode(EMAIL)
      .catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'otp_invalid' })
    expect(issuer.sent).toHaveLength(1)
  })
})
