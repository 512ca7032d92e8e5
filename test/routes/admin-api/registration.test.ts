// Dynamic registration over the Admin API: the policy and its tokens.

import { expect, it } from '@jest/globals'
import { DAY, HOUR } from '../../../src/shared/clock.ts'
import { type AuditEntry, auditCollection } from '../../../src/stores/audit.ts'
import { type Call, organisationForTest, programOf } from '../../support/admin-api.ts'
import { metadata, send } from '../../support/registration.ts'

type Policy = { enabled: boolean; endpoint: string; version: number }
type Token = { id: string; token: string; hint: string; uses_left: number }
type List = { items: Token[]; next_cursor: string | null }

const own = organisationForTest({ role: 'owner', below: '/registration' })
const call: Call = (...request) => own.call(...request)

it('O29: is off, until an owner says otherwise; then an application registers with a token', async () => {
  const before = await call<Policy>('GET', own.at)
  expect(before).toMatchObject({
    status: 200,
    data: {
      enabled: false,
      kinds: ['web', 'browser', 'native'],
      redirect_hosts: null,
      pkce: 'required',
      endpoint: `${own.issuer.baseUrl}/oauth/register`,
    },
  })
  const body = { enabled: true, kinds: ['web'], redirect_hosts: ['app.example.com'] }
  const headers = { 'if-match': before.headers.get('etag') ?? '' }
  expect(await call('PATCH', own.at, { body, headers })).toMatchObject({ status: 200, data: body })
  expect(await call('PATCH', own.at, { body, headers })).toMatchObject({ status: 412 })
  const made = await call<Token>('POST', `${own.at}/tokens`, { body: { name: 'Set-up' } })
  expect(made).toMatchObject({ status: 201, data: { uses: 1, uses_left: 1 } })
  const { token } = made.data
  const registered = await send(before.data.endpoint, { token, body: metadata() })
  expect(registered.status).toBe(201)
  const client = await call(
    'GET',
    `/organisations/shop-${own.count}/clients/${registered.body.client_id}`,
  )
  expect(client).toMatchObject({
    status: 200,
    data: { registered_by: made.data.id, first_party: false, managed: false, jwks_uri: null },
  })
  const { data } = await call<List>('GET', `${own.at}/tokens`)
  expect(data).toMatchObject({ items: [{ id: made.data.id, uses_left: 0 }], next_cursor: null })
  expect(JSON.stringify(data)).not.toContain(token.slice(4, -4))
})

it('revokes a token, once, and only in its own organisation', async () => {
  const made = await call<Token>('POST', `${own.at}/tokens`, { body: { name: 'x', uses: 3 } })
  const other = await own.server.addOrganisation(`other-${own.count}`)
  const stranger = await programOf(own.server, { role: 'owner', organisation: other.organisation })
  const there = `/organisations/other-${own.count}/registration/tokens/${made.data.id}`
  expect((await stranger('DELETE', there)).status).toBe(404)
  expect((await call('DELETE', `${own.at}/tokens/${made.data.id}`)).status).toBe(200)
  expect((await call('DELETE', `${own.at}/tokens/${made.data.id}`)).status).toBe(404)
})

it('lists tokens a page at a time', async () => {
  for (const name of ['one', 'two', 'three']) {
    await call('POST', `${own.at}/tokens`, { body: { name } })
    own.server.clock.forward(1)
  }
  const first = await call<List>('GET', `${own.at}/tokens?limit=2`)
  expect(first.data.items).toHaveLength(2)
  const next = await call<List>('GET', `${own.at}/tokens?cursor=${first.data.next_cursor}`)
  expect(next.data).toMatchObject({ items: [{ name: 'three' }], next_cursor: null })
  expect((await call('GET', `${own.at}/tokens?cursor=forged`)).status).toBe(400)
})

it('only a platform owner makes PKCE optional', async () => {
  const body = { pkce: 'optional' }
  expect(await call('PATCH', own.at, { body })).toMatchObject({
    status: 403,
    code: 'insufficient_role',
  })
  const platform = await programOf(own.server, { role: 'platform-owner' })
  expect(await platform('PATCH', own.at, { body })).toMatchObject({ status: 200, data: body })
  // It stays while an owner changes something else.
  expect(await call('PATCH', own.at, { body: { enabled: true } })).toMatchObject({
    status: 200,
    data: body,
  })
})

it.each([
  [{ kinds: [] }, 'kinds'],
  [{ kinds: ['preview'] }, 'kinds.0'],
  [{ api_scopes: ['sessions:write'] }, 'api_scopes'],
  [{ redirect_hosts: ['https://app.example.com'] }, 'redirect_hosts.0'],
  [{ redirect_hosts: Array(51).fill('app.example.com') }, 'redirect_hosts'],
  [{ isOn: true }, 'isOn'],
])('P02: refuses the policy %j', async (body, path) => {
  const refused = await call('PATCH', own.at, { body })
  expect(refused).toMatchObject({ status: 422, code: 'invalid_fields' })
  expect(JSON.stringify(refused.details)).toContain(path)
})

it('P17: leaves a row in the audit log when the policy is changed, with what it was and is', async () => {
  await call('PATCH', own.at, { body: { enabled: true, kinds: ['web'] } })
  const row = await own.server.documents
    .collection<AuditEntry>(auditCollection)
    .findOne({ organisation: own.issuer.organisation._id, action: 'registration.changed' })
  expect(row).toMatchObject({
    target: own.issuer.organisation._id,
    before: { isOn: false, kinds: ['web', 'browser', 'native'] },
    after: { isOn: true, kinds: ['web'] },
  })
})

it('P17: leaves rows in the audit log when a token is made and revoked, without the token', async () => {
  const made = (await call<Token>('POST', `${own.at}/tokens`, { body: { name: 'Partner' } })).data
  await call('DELETE', `${own.at}/tokens/${made.id}`)
  const rows = await own.server.documents
    .collection<AuditEntry>(auditCollection)
    .find({ target: made.id }, { sort: [['_id', 1]], limit: 10 })
  expect(rows).toMatchObject([
    { action: 'registration-token.created', after: { name: 'Partner' } },
    { action: 'registration-token.revoked', before: { name: 'Partner' } },
  ])
  expect(JSON.stringify(rows)).not.toContain(made.token)
})

it.each([
  [{ name: '' }, 'name'],
  [{ name: 'x', uses: 0 }, 'uses'],
  [{ name: 'x', uses: 1001 }, 'uses'],
  [{ name: 'x', expires_at: new Date(Date.now() + 91 * DAY).toISOString() }, 'expires_at'],
  [{ name: 'x', expires_at: new Date(Date.now() + HOUR / 2).toISOString() }, 'expires_at'],
  [{ name: 'x', expires_at: new Date(Date.now() - DAY).toISOString() }, 'expires_at'],
  [{ name: 'x', digest: 'chosen' }, 'digest'],
])('P02: refuses the token %j', async (body, path) => {
  const refused = await call('POST', `${own.at}/tokens`, { body })
  expect(refused).toMatchObject({ status: 422, code: 'invalid_fields' })
  expect(JSON.stringify(refused.details)).toContain(path)
})

it('takes tokens that live from an hour to ninety days, both included', async () => {
  const create = (life: number) =>
    own.server.registration.createToken(
      own.issuer.organisation._id,
      { name: 'x', life },
      { actor: 'test' },
    )
  for (const life of [HOUR, 90 * DAY]) {
    const { record } = await create(life)
    expect(record.expiresAt - record.createdAt).toBe(life)
  }
  for (const life of [HOUR - 1, 90 * DAY + 1, Number.NaN])
    await expect(create(life)).rejects.toMatchObject({
      code: 'invalid_fields',
      fields: [{ path: 'expires_at' }],
    })
})

it('knows nothing of an organisation that there is not', async () => {
  const notFound = { code: 'not_found' }
  const by = { actor: 'test', role: 'platform-owner' } as const
  await expect(own.server.registration.show('org_none')).rejects.toMatchObject(notFound)
  await expect(own.server.registration.change('org_none', {}, by)).rejects.toMatchObject(notFound)
})
