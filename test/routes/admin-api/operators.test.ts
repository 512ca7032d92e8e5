// Operators and invitations over the Admin API, of organisations and of the platform.

import { describe, expect, it } from '@jest/globals'
import { type Call, organisationForTest } from '../../support/admin-api.ts'
import { personWith } from '../../support/console-tokens.ts'

type Operator = { id: string; email: string; role: string }
type List = { items: Operator[]; next_cursor: string | null }

const BY = { actor: 'test' }
const NOBODY = 'opr_00000000000000000000000000'

const own = organisationForTest({ role: 'owner', env: { OPERATORS: 'platform@example.com' } })
const call: Call = (...request) => own.call(...request)

const add = (email: string, role: string) =>
  own.server.operators.add(own.issuer.organisation._id, { email, role }, BY)

describe('operators', () => {
  it('are listed a page at a time, in the order in which they came', async () => {
    for (const name of ['ann', 'ben', 'cat']) {
      await add(`${name}@example.com`, name === 'ann' ? 'owner' : 'viewer')
      own.server.clock.forward(1)
    }
    const first = await call<List>('GET', `${own.at}/operators?limit=2`)
    expect(first.data.items.map(({ email, role }) => `${email} ${role}`)).toEqual([
      'ann@example.com owner',
      'ben@example.com viewer',
    ])
    const next = await call<List>('GET', `${own.at}/operators?cursor=${first.data.next_cursor}`)
    expect(next.data).toMatchObject({ items: [{ email: 'cat@example.com' }], next_cursor: null })
  })

  it('P16: change their role and go, but for the last owner', async () => {
    const ann = await add('ann@example.com', 'owner')
    const ben = await add('ben@example.com', 'viewer')
    const change = (id: string, role: string) =>
      call('PATCH', `${own.at}/operators/${id}`, { body: { role } })
    const last = { status: 409, code: 'last_owner' }
    expect(await change(ann._id, 'editor')).toMatchObject(last)
    expect(await call('DELETE', `${own.at}/operators/${ann._id}`)).toMatchObject(last)
    expect(await change(ben._id, 'owner')).toMatchObject({ status: 200, data: { role: 'owner' } })
    const races = await Promise.all([
      change(ann._id, 'viewer'),
      call('DELETE', `${own.at}/operators/${ben._id}`),
    ])
    expect(races.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await call('DELETE', `${own.at}/operators/${NOBODY}`)).toMatchObject({ status: 404 })
    expect(await change(ann._id, 'platform-owner')).toMatchObject({ status: 422 })
  })

  it('A06: lose their rights at once, and raise neither themselves nor others above their role', async () => {
    await add('ann@example.com', 'owner')
    const eve = await add('eve@example.com', 'editor')
    const person = await personWith(own.server, 'eve@example.com')
    const raise = () =>
      person('PATCH', `${own.at}/operators/${eve._id}`, { body: { role: 'owner' } })
    expect(await raise()).toMatchObject({ status: 403, code: 'insufficient_role' })
    const body = { email: 'friend@example.com', role: 'owner' }
    expect(await person('POST', `${own.at}/invitations`, { body })).toMatchObject({ status: 403 })
    expect((await person('GET', `${own.at}/operators`)).status).toBe(200)
    await call('DELETE', `${own.at}/operators/${eve._id}`)
    expect((await person('GET', `${own.at}/operators`)).status).toBe(404)
    expect((await raise()).status).toBe(404)
  })

  it('P01: of another organisation are not there', async () => {
    const other = await own.server.addOrganisation(`other-${own.count}`)
    const { _id } = await own.server.operators.add(
      other.organisation._id,
      { email: 'ann@example.com', role: 'viewer' },
      BY,
    )
    const body = { role: 'owner' }
    expect((await call('PATCH', `${own.at}/operators/${_id}`, { body })).status).toBe(404)
    expect((await call('DELETE', `${own.at}/operators/${_id}`)).status).toBe(404)
  })
})

describe('invitations', () => {
  it('are mailed, listed and withdrawn', async () => {
    const body = { email: 'New@Example.com', role: 'editor', locale: 'de' }
    const made = await call<Operator>('POST', `${own.at}/invitations`, { body })
    expect(made).toMatchObject({
      status: 201,
      data: {
        email: 'new@example.com',
        role: 'editor',
        invited_by: expect.stringMatching(/^key_/),
      },
    })
    expect(JSON.stringify(made.data)).not.toContain('http')
    const [mail] = await own.server.mails('new@example.com')
    expect(mail?.subject).toContain('Einladung')
    const listed = await call<List>('GET', `${own.at}/invitations`)
    expect(listed.data.items).toEqual([made.data])
    const gone = await call('DELETE', `${own.at}/invitations/${made.data.id}`)
    expect(gone).toMatchObject({ status: 200, data: made.data })
    expect((await call('DELETE', `${own.at}/invitations/${made.data.id}`)).status).toBe(404)
    expect((await call<List>('GET', `${own.at}/invitations`)).data.items).toEqual([])
  })

  it.each([
    ['no address', { email: 'nobody', role: 'viewer' }, 'email'],
    ['no role', { email: 'a@example.com', role: 'god' }, 'role'],
    ['a role of the platform', { email: 'a@example.com', role: 'platform-owner' }, 'role'],
    ['a field too many', { email: 'a@example.com', role: 'viewer', platform: true }, 'platform'],
  ])('P02: are refused with %s', async (_name, body, path) => {
    const answer = await call('POST', `${own.at}/invitations`, { body })
    expect(answer).toMatchObject({ status: 422, code: 'invalid_fields', details: [{ path }] })
  })
})

describe('the platform', () => {
  it('M09: is owned by those it names, and by nobody who owns an organisation', async () => {
    const person = await personWith(own.server, 'platform@example.com')
    const { data } = await person<List>('GET', '/operators')
    expect(data.items).toMatchObject([{ email: 'platform@example.com', role: 'platform-owner' }])
    const [self] = data.items
    const last = await person('DELETE', `/operators/${self?.id}`)
    expect(last).toMatchObject({ status: 409, code: 'last_owner' })
    const body = { email: 'second@example.com' }
    const made = await person<Operator>('POST', '/invitations', { body })
    expect(made).toMatchObject({ status: 201, data: { role: 'platform-owner' } })
    expect((await person<List>('GET', '/invitations')).data.items).toEqual([made.data])
    expect((await person('DELETE', `/invitations/${made.data.id}`)).status).toBe(200)

    await add('ann@example.com', 'owner')
    const owner = await personWith(own.server, 'ann@example.com')
    for (const path of ['/operators', '/invitations'])
      expect((await owner('GET', path)).status).toBe(403)
    expect((await owner('POST', '/invitations', { body })).status).toBe(403)
    expect((await call('GET', '/operators')).status).toBe(403)
  })
})
