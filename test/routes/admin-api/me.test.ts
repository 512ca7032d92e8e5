// Who asks the Admin API, as it tells them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callerWith, keyOf, programOf } from '../../support/admin-api.ts'
import { personWith } from '../../support/console-tokens.ts'
import { startServer, type TestServer } from '../../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

describe('GET /me', () => {
  it('tells a key its organisation, role and scopes', async () => {
    const { organisation } = await server.addOrganisation('acme')
    const call = await programOf(server, {
      role: 'editor',
      organisation,
      scopes: ['clients:read', 'clients:write'],
    })
    const answer = await call('GET', '/me')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(answer.data).toEqual({
      kind: 'api-key',
      email: null,
      platform_owner: false,
      organisations: [{ slug: 'acme', name: 'The acme', role: 'editor' }],
      scopes: ['clients:read', 'clients:write'],
    })
  })

  it('tells a key of the platform that it owns all', async () => {
    const call = await programOf(server, { role: 'platform-owner', scopes: ['audit:read'] })
    const { data } = await call('GET', '/me')
    expect(data).toMatchObject({ platform_owner: true, organisations: [] })
  })

  it('tells an operator their organisations, and follows at once what becomes of their role', async () => {
    const { organisation } = await server.addOrganisation('mira-and-co')
    const email = 'mira@example.com'
    const by = { actor: 'test' }
    await server.operators.add(organisation._id, { email, role: 'owner' }, by)
    await server.operators.add(organisation._id, { email: 'other@example.com', role: 'owner' }, by)
    const call = await personWith(server, email)
    const me = async () => (await call('GET', '/me')).data
    const own = { slug: 'mira-and-co', name: 'The mira-and-co', role: 'owner' }
    const nobody = { kind: 'operator', email, platform_owner: false, organisations: [] }
    expect(await me()).toEqual({ ...nobody, organisations: [own], scopes: null })
    await server.operators.changeRole(organisation._id, { email, role: 'viewer' }, by)
    expect(await me()).toMatchObject({ organisations: [{ ...own, role: 'viewer' }] })
    await server.operators.remove(organisation._id, email, by)
    expect(await me()).toEqual({ ...nobody, scopes: null })
  })

  it('A07: refuses a key at once when it is revoked, and when it has expired', async () => {
    const place = server.organisation._id
    const key = await keyOf(server, { role: 'viewer' })
    const call = callerWith(server, key)
    expect((await call('GET', '/me')).status).toBe(200)
    const [shown] = (await server.apiKeys.list(place)).slice(-1)
    await server.apiKeys.revoke(place, shown?.id ?? '', { actor: 'test' })
    const refused = await call('GET', '/me')
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')

    const short = callerWith(server, await keyOf(server, { role: 'viewer' }))
    expect((await short('GET', '/me')).status).toBe(200)
    server.clock.forward(91 * 24 * 60 * 60 * 1000)
    expect((await short('GET', '/me')).status).toBe(401)
  })

  it('says which methods there are, and 404 for what is not there', async () => {
    const call = await programOf(server, { role: 'viewer' })
    const wrong = await call('DELETE', '/me')
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('HEAD, GET')
    expect((await call('GET', '/nowhere')).status).toBe(404)
  })

  it('counts requests for each caller', async () => {
    const call = await programOf(server, { role: 'viewer' })
    const { headers } = await call('GET', '/me')
    expect(headers.get('ratelimit-limit')).toBe('1200')
    expect(Number(headers.get('ratelimit-remaining'))).toBe(1199)
  })
})
