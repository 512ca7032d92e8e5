// Access tokens of the Admin API: the console alone gets them, and no other API takes them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { consoleSecret } from '../../src/services/identity/clients/console-client.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { createAccountStore } from '../../src/stores/accounts.ts'
import { agentBeforeConsole, consoleParty, consoleTokens } from '../support/console-tokens.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'

describe('an access token of the Admin API', () => {
  let server: TestServer
  let party: RelyingParty
  const api = () => `${server.baseUrl}/api/admin/v1`

  beforeAll(async () => {
    server = await startServer({ env: { SECRET } })
    party = await consoleParty(server)
  })
  afterAll(() => server.stop())

  const tokens = (
    email: string,
    parameters: { [name: string]: string } = {},
    agent: UserAgent = agentBeforeConsole(server),
  ) => consoleTokens(server, party, { email, parameters, agent })

  it('is for the Admin API alone, lives ten minutes, and holds no scope of the Client API', async () => {
    const { access_token } = await tokens('mira@example.com', {
      scope: 'openid email orders:read sessions:write',
    })
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
    const { aud, iat = 0, exp = 0, ...claims } = decodeJwt(access_token)
    expect(aud).toBe(api())
    expect(exp - iat).toBe(600)
    expect(claims).toMatchObject({ client_id: 'console', scope: 'openid email' })
  })

  it('is refused by the Client API and at userinfo', async () => {
    const { access_token } = await tokens('noor@example.com')
    const headers = { authorization: `Bearer ${access_token}` }
    for (const path of ['/api/client/v1/profile', '/api/client/v1/sessions', '/oauth/userinfo']) {
      const { status } = await fetch(`${server.baseUrl}${path}`, { headers })
      expect([path, status]).toEqual([path, 401])
    }
  })

  it('is the only one that the console gets', async () => {
    const pending = await party.authorize({ resource: `${server.baseUrl}/api/client/v1` })
    const page = await createUserAgent(server.baseUrl).open(pending.url)
    expect(new URL(page.url).searchParams.get('error')).toBe('invalid_target')
  })

  it.each([
    ['a third party', { firstParty: false }],
    ['a first party', { firstParty: true }],
  ])('is refused to %s', async (_name, input) => {
    const other = await createRelyingParty(server, await server.register(input))
    const { url } = await other.authorize({ resource: api() })
    const response = await fetch(url, { redirect: 'manual' })
    const location = new URL(response.headers.get('location') ?? '')
    expect(location.searchParams.get('error')).toBe('invalid_target')
  })

  it('comes without a customer record, which the first other application makes', async () => {
    const agent = agentBeforeConsole(server)
    const email = 'ines@example.com'
    await tokens(email, {}, agent)
    const account = await createAccountStore(server.documents).findByEmail(
      server.organisation._id,
      email,
    )
    expect(account).toBeDefined()
    expect(account?.customer).toBeUndefined()

    const shop = await createRelyingParty(server, await server.register({ firstParty: true }))
    const pending = await shop.authorize()
    const callback = await untilLeft(() => agent.open(pending.url))
    Object.assign(shop.config.clientMetadata(), { id_token_signed_response_alg: 'ES256' })
    const { access_token } = await shop.exchange(callback, pending)
    const headers = { authorization: `Bearer ${access_token}` }
    const { status } = await fetch(`${server.baseUrl}/api/client/v1/profile`, { headers })
    expect(status).toBe(200)
  })

  it('needs the secret that follows from SECRET', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'none' }
    const ask = async (secret: string) => {
      const basic = Buffer.from(`console:${secret}`).toString('base64')
      const response = await fetch(`${server.baseUrl}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams(form),
      })
      return ((await response.json()) as { error: string }).error
    }
    expect(await ask(consoleSecret(createKeyring([SECRET])).current())).toBe('invalid_grant')
    expect(await ask(consoleSecret(createKeyring(['x'.repeat(40)])).current())).toBe(
      'invalid_client',
    )
    expect(await ask('')).toMatch(/^invalid_(client|request)$/)
  })
})
