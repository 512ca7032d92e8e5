// Authorization requests that must not be answered with a redirect, or not at all.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { createUserAgent } from '../support/user-agent.ts'

describe('an authorization request', () => {
  let server: TestServer
  let client: { client_id: string; client_secret?: string }
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    client = await server.register({
      redirectUris: ['https://app.example.com/cb', REDIRECT_URI],
    })
    party = await createRelyingParty(server, client)
  })
  afterAll(() => server.stop())

  async function ask(parameters: { [name: string]: string }): Promise<Response> {
    const { url } = await party.authorize(parameters)
    return createUserAgent(server.baseUrl).request(url)
  }

  const tricks = [
    'https://app.example.com/cb/',
    'https://app.example.com/cb/extra',
    'https://app.example.com/other/../cb',
    'https://app.example.com/%2e%2e/cb',
    'https://app.example.com/%252e%252e/cb',
    'https://app.example.com/CB',
    'https://APP.example.com/cb',
    'HTTPS://app.example.com/cb',
    'https://app.example.com./cb',
    'https://app.example.com:443/cb',
    'https://app.example.com:8443/cb',
    'http://app.example.com/cb',
    'https://app.example.com/cb#fragment',
    'https://app.example.com/cb?added=1',
    'https://app.example.com@evil.test/cb',
    'https://evil.test@app.example.com/cb',
    'https://app.example.com\\@evil.test/cb',
    'https://app.example.com%09.evil.test/cb',
    'https://app.example.com/cb\n',
    '//app.example.com/cb',
    'http://localhost:80@evil.test/callback',
    'http://127.0.0.1:10/callback',
    'http://127.0.0.2:9/callback',
    'http://localhost:9/callback',
    'http://[::1]:9/callback',
    'https://аpp.example.com/cb',
    'javascript:alert(1)',
  ]

  it.each(tricks)('O03: to %j is refused on our own page', async (redirectUri) => {
    const response = await ask({ redirect_uri: redirectUri })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('content-type')).toContain('text/html')
  })

  it.each(['query', 'fragment', 'form_post', 'jwt', 'form_post.jwt', 'web_message'])(
    'O03: to an address that is not registered is refused on our own page, answered by %s too',
    async (response_mode) => {
      for (const redirect_uri of ['https://app.example.com/cb/', 'https://evil.test/cb']) {
        const response = await ask({ redirect_uri, response_mode })
        expect([response.status, response.headers.get('location')]).toEqual([400, null])
        expect(await response.text()).not.toContain(redirect_uri)
      }
    },
  )

  it('O06: never puts a token into an address, whatever is asked for', async () => {
    const types = ['code', 'token', 'id_token', 'code token', 'code id_token token', 'none', '']
    const modes = ['', 'query', 'fragment', 'form_post', 'web_message', 'jwt', 'query.jwt']
    for (const response_type of types)
      for (const response_mode of modes) {
        const response = await ask({ response_type, response_mode })
        const target = `${response.headers.get('location')} ${await response.text()}`
        expect([response_type, response_mode, target]).toEqual([
          response_type,
          response_mode,
          expect.not.stringMatching(/access_token|id_token=|ey[JK][\w-]*\.ey/),
        ])
        // Only these go on to a sign-in.
        const goesOn = response_type === 'code' && modes.indexOf(response_mode) < 4
        expect([response_type, response_mode, target.includes('/sign-in/')]).toEqual([
          response_type,
          response_mode,
          goesOn,
        ])
      }
  })

  it('O02: without a redirect URI, where several are registered, is refused on our own page', async () => {
    const { url } = await party.authorize()
    url.searchParams.delete('redirect_uri')
    const response = await createUserAgent(server.baseUrl).request(url)
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it('O02: to the redirect URI of another client is refused on our own page', async () => {
    await server.register({ redirectUris: ['https://other.example.com/cb'] })
    const response = await ask({ redirect_uri: 'https://other.example.com/cb' })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it('O04: of a native client may have any port at its registered loopback address, and nothing else', async () => {
    const native = await server.register({ kind: 'native', redirectUris: ['http://127.0.0.1/cb'] })
    const nativeParty = await createRelyingParty(server, native)
    const answer = async (redirectUri: string): Promise<number> => {
      const { url } = await nativeParty.authorize({ redirect_uri: redirectUri })
      return (await createUserAgent(server.baseUrl).request(url)).status
    }
    for (const port of [1, 80, 8080, 65_535])
      expect(await answer(`http://127.0.0.1:${port}/cb`)).toBe(303)
    for (const other of [
      'http://localhost:80/cb',
      'http://127.0.0.2/cb',
      'http://[::1]/cb',
      'http://127.0.0.1/other',
    ])
      expect(await answer(other)).toBe(400)
  })

  async function errorOf(
    parameters: { [name: string]: string },
    drop: string[] = [],
  ): Promise<URL> {
    const { url } = await party.authorize(parameters)
    for (const name of drop) url.searchParams.delete(name)
    const agent = createUserAgent(server.baseUrl)
    return untilLeft(() => agent.open(url))
  }

  it('O07: of a public client without PKCE is refused', async () => {
    const browser = await server.register({ kind: 'browser' })
    const left = await errorOf({ client_id: browser.client_id }, [
      'code_challenge',
      'code_challenge_method',
    ])
    expect(left.searchParams.get('error')).toBe('invalid_request')
  })

  it('of a confidential client without PKCE is refused too', async () => {
    const left = await errorOf({}, ['code_challenge', 'code_challenge_method'])
    expect(left.searchParams.get('error')).toBe('invalid_request')
  })

  it.each(['plain', 'S512', ''])('O08: with the challenge method %j is refused', async (method) => {
    const left = await errorOf({ code_challenge_method: method })
    expect(left.searchParams.get('error')).toBe('invalid_request')
  })

  it('O08: without a challenge method is refused', async () => {
    const left = await errorOf({}, ['code_challenge_method'])
    expect(left.searchParams.get('error')).toBe('invalid_request')
  })

  it('without a scope is refused at once, and not after the sign-in', async () => {
    const left = await errorOf({}, ['scope', 'nonce'])
    expect(left.searchParams.get('error')).toBe('invalid_scope')
  })

  it.each(['OPENID', 'nothing else', 'sessions:write'])(
    'with no scope but %j, which it cannot have, is refused at once, and not after the sign-in',
    async (scope) => {
      const left = await errorOf({ scope }, ['nonce'])
      expect(left.searchParams.get('error')).toBe('invalid_scope')
    },
  )

  it('says which issuer answered, in errors too', async () => {
    const left = await errorOf({ code_challenge_method: 'plain' })
    expect(left.searchParams.get('iss')).toBe(server.baseUrl)
  })

  it.each(['token', 'id_token', 'code id_token', 'code token'])(
    'O06: for the response type %j is refused: no implicit and no hybrid flow',
    async (responseType) => {
      const response = await ask({ response_type: responseType })
      const target = response.headers.get('location') ?? ''
      expect(target).toContain('unsupported_response_type')
    },
  )
})
