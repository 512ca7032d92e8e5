// API keys over the Admin API, of organisations and of the platform.

import { describe, expect, it } from '@jest/globals'
import { DAY } from '../../../src/shared/clock.ts'
import { type Call, callerWith, organisationForTest, programOf } from '../../support/admin-api.ts'

type Key = { id: string; key: string; role: string; scopes: string[]; expires_at: string }
type List = { items: Key[]; next_cursor: string | null }

const own = organisationForTest({ role: 'owner' })
const call: Call = (...request) => own.call(...request)

const reader = { name: 'Export', role: 'viewer', scopes: ['clients:read'] }
const inDays = (days: number) => new Date(own.server.clock.now() + days * DAY).toISOString()

describe('API keys', () => {
  it('A07: are told once, work within their scopes, and end at once when revoked', async () => {
    const made = await call<Key>('POST', `${own.at}/api-keys`, { body: reader })
    expect(made).toMatchObject({
      status: 201,
      data: { key: expect.stringMatching(/^fyk_/), role: 'viewer', live: true },
    })
    const { key, ...shown } = made.data
    const program = callerWith(own.server, key)
    expect((await program('GET', `${own.at}/clients`)).status).toBe(200)
    expect(await program('GET', `${own.at}/operators`)).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
    })
    expect((await program('GET', '/organisations/casa-aurora/clients')).status).toBe(404)
    const listed = await call<List>('GET', `${own.at}/api-keys`)
    expect(listed.data.items.map(({ id }) => id)).toContain(shown.id)
    expect(JSON.stringify(listed.data)).not.toContain(key.slice(4, -4))
    expect(await call('DELETE', `${own.at}/api-keys/${shown.id}`)).toMatchObject({ status: 200 })
    expect((await program('GET', `${own.at}/clients`)).status).toBe(401)
    expect((await call('DELETE', `${own.at}/api-keys/${shown.id}`)).status).toBe(404)
  })

  it('A07: a key that makes keys passes on none that is wider or lasts longer', async () => {
    const scopes = ['api-keys:read', 'api-keys:write', 'clients:read']
    const mother = await call<Key>('POST', `${own.at}/api-keys`, {
      body: { name: 'Mother', role: 'owner', scopes, expires_at: inDays(30) },
    })
    const program = callerWith(own.server, mother.data.key)
    const make = (body: object) => program<Key>('POST', `${own.at}/api-keys`, { body })
    for (const [change, path] of [
      [{ scopes: ['clients:write'] }, 'scopes'],
      [{ expires_at: inDays(31) }, 'expires_at'],
    ] as const) {
      const refused = await make({ ...reader, expires_at: inDays(1), ...change })
      expect(refused).toMatchObject({ status: 422, code: 'invalid_fields', details: [{ path }] })
    }
    expect(await make({ ...reader, expires_at: inDays(29) })).toMatchObject({ status: 201 })
    expect(await program('POST', '/api-keys', { body: reader })).toMatchObject({ status: 403 })
  })

  it('M09: another organisation’s key is none here, and fields beyond the contract are refused', async () => {
    const other = await own.server.addOrganisation(`other-${own.count}`)
    const stranger = await programOf(own.server, {
      role: 'owner',
      organisation: other.organisation,
    })
    const made = await call<Key>('POST', `${own.at}/api-keys`, { body: reader })
    const there = `/organisations/other-${own.count}/api-keys/${made.data.id}`
    expect((await stranger('DELETE', there)).status).toBe(404)
    for (const more of [{ organisation: other.organisation._id }, { createdBy: 'x' }])
      expect(
        await call('POST', `${own.at}/api-keys`, { body: { ...reader, ...more } }),
      ).toMatchObject({
        status: 422,
      })
  })

  it('sent twice with one idempotency key, one is made', async () => {
    const twice = await Promise.all(
      [1, 2].map(() =>
        call<Key>('POST', `${own.at}/api-keys`, {
          body: reader,
          headers: { 'idempotency-key': `key-${own.count}` },
        }),
      ),
    )
    const again = await call<Key>('POST', `${own.at}/api-keys`, {
      body: reader,
      headers: { 'idempotency-key': `key-${own.count}` },
    })
    expect(new Set([...twice, again].flatMap(({ data }) => data?.key ?? [])).size).toBe(1)
  })

  it('for all organisations are a platform owner’s alone', async () => {
    const platform = await programOf(own.server, { role: 'platform-owner' })
    expect(await call('GET', '/api-keys')).toMatchObject({ status: 403, code: 'insufficient_role' })
    const made = await platform<Key>('POST', '/api-keys', { body: reader })
    expect(made).toMatchObject({ status: 201, data: { role: 'viewer' } })
    const program = callerWith(own.server, made.data.key)
    expect((await program('GET', `${own.at}/clients`)).status).toBe(200)
    const { data } = await platform<List>('GET', '/api-keys')
    expect(data.items.map(({ id }) => id)).toContain(made.data.id)
    expect((await platform('DELETE', `/api-keys/${made.data.id}`)).status).toBe(200)
    expect((await program('GET', `${own.at}/clients`)).status).toBe(401)
  })
})
