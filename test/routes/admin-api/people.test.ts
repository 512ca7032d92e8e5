// Customers, accounts, permissions and sessions over the Admin API, on both kinds of stores.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AuditEntry, auditCollection } from '../../../src/stores/audit.ts'
import { type Call, programOf } from '../../support/admin-api.ts'
import { callerOf, tokensOf } from '../../support/client-api.ts'
import { refresh } from '../../support/endpoints.ts'
import { handOffOf } from '../../support/handoff.ts'
import { browserNamed, isSignedIn, signedInPerson, tokensFor } from '../../support/journeys.ts'
import type { OtherOrganisation, TestServer } from '../../support/server.ts'
import { freshAddress } from '../../support/sign-in-pages.ts'
import { describeOnAllStores } from '../../support/stores.ts'

type Customer = {
  id: string
  email: string
  family_name: string | null
  account: { id: string } | null
  version: number
}
type List<Item> = { items: Item[]; next_cursor: string | null }
type Account = { id: string; email: string; live_sessions: number; permissions: Permission[] }
type Permission = {
  client_id: string
  client_name: string | null
  scopes: string[]
  live_grants: number
  first_party: boolean
}

const NOBODY = 'cus_00000000000000000000000000'

describeOnAllStores('people in the Admin API', (start) => {
  let server: TestServer
  let acme: OtherOrganisation
  let call: Call
  let acmeOwner: Call
  let here: string
  beforeAll(async () => {
    server = await start()
    acme = await server.addOrganisation('acme')
    here = `/organisations/${server.organisation.slug}`
    call = await programOf(server, { role: 'owner' })
    acmeOwner = await programOf(server, { role: 'owner', organisation: acme.organisation })
  })
  afterAll(() => server.stop())

  const list = async (query: string) =>
    (await call<List<Customer>>('GET', `${here}/customers?${query}`)).data
  const create = (body: object, headers = {}) =>
    call<Customer>('POST', `${here}/customers`, { body, headers })
  async function made(body: object = {}): Promise<Customer> {
    return (await create({ email: freshAddress(), ...body })).data
  }
  const auditOf = (target: string) =>
    server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ target }, { sort: [['_id', 1]], limit: 50 })
  async function accountOf(email: string): Promise<Account> {
    const found = await call<List<Account>>('GET', `${here}/accounts?q=${email}`)
    const [account] = found.data.items
    return (await call<Account>('GET', `${here}/accounts/${account?.id}`)).data
  }

  describe('customers', () => {
    it('are made once for an address, with an idempotency key as often as is wished', async () => {
      const body = { email: 'Mara.Linde@example.org', given_name: 'Mára', family_name: 'Linde' }
      const headers = { 'idempotency-key': 'mara' }
      const [first, again] = [await create(body, headers), await create(body, headers)]
      expect(first).toMatchObject({ status: 201, data: { ...body, version: 1, account: null } })
      expect(again.data).toEqual(first.data)
      expect(await create(body)).toMatchObject({ status: 422, details: [{ path: 'email' }] })
      expect(await create({ email: 'none' })).toMatchObject({ status: 422 })
      const [row] = await auditOf(first.data.id)
      expect(row).toMatchObject({
        action: 'customer.created',
        actor: expect.stringMatching(/^key_/),
      })
      expect(JSON.stringify(row)).not.toMatch(/mara|linde/i)
    })

    it('are found by family name, given name and address, each once, page by page', async () => {
      const one = await made({ given_name: 'Quentin', family_name: 'Vogel' })
      const two = await made({ given_name: 'Vogelia', family_name: 'Vogel' })
      const three = await made({ given_name: 'Vogelin', family_name: 'Amsel' })
      const four = await made({ email: 'vogel@example.org' })
      const ids: string[] = []
      for (let cursor = ''; ; ) {
        const { items, next_cursor } = await list(`q=VOGEL&limit=1${cursor}`)
        ids.push(...items.map(({ id }) => id))
        if (next_cursor === null) break
        cursor = `&cursor=${next_cursor}`
      }
      expect(ids).toEqual([one.id, two.id, three.id, four.id])
      expect((await list('q=quentin%20v')).items).toMatchObject([{ id: one.id }])
    })

    it('D05: take no cursor that is forged, of another search, or of another organisation', async () => {
      const { next_cursor } = await list('limit=1')
      const elsewhere = await acmeOwner(
        'GET',
        `/organisations/acme/customers?cursor=${next_cursor}`,
      )
      expect(elsewhere.status).toBe(400)
      for (const query of [`q=a&cursor=${next_cursor}`, 'cursor=x', `cursor=${next_cursor}A`])
        expect((await call('GET', `${here}/customers?${query}`)).status).toBe(400)
      const accounts = await call('GET', `${here}/accounts?cursor=${next_cursor}`)
      expect(accounts.status).toBe(400)
    })

    it.each(['q[$gt]=', 'q=a&q=b', 'email=a', 'q[$regex]=.*', 'limit=101'])(
      'D01: refuses the query %s',
      async (query) => {
        expect((await call('GET', `${here}/customers?${query}`)).status).toBe(400)
      },
    )

    it.each([
      ['POST', '', { email: { $gt: '' } }],
      ['POST', '', { email: 'a@example.org', organisation: 'x' }],
      ['PATCH', `/${NOBODY}`, { given_name: { $ne: null } }],
      ['PATCH', `/${NOBODY}`, { version: 7 }],
      ['PUT', `/${NOBODY}/account`, { account_id: { $regex: '.*' } }],
    ])('D01, P02: refuses operators and unknown fields in %s customers%s', async (...row) => {
      const [method, path, body] = row
      expect((await call(method, `${here}/customers${path}`, { body })).status).toBe(422)
    })

    it('are paged through whatever their names are made of', async () => {
      const family_name = '\u{20bb7}'.repeat(40)
      const ids = [await made({ family_name }), await made({ family_name })].map(({ id }) => id)
      const q = `q=${encodeURIComponent(family_name)}&limit=1`
      const first = await list(q)
      const second = await list(`${q}&cursor=${first.next_cursor}`)
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
    })

    it('D03: takes a text for what it is, and not for a pattern', async () => {
      for (const q of ['.*', '(a+)+$', '%', '\\', '{"$gt":""}', '%00'])
        expect((await list(`q=${encodeURIComponent(q)}`)).items).toEqual([])
    })

    it('change by their version, and the log names what changed without its values', async () => {
      const { id, version } = await made({ family_name: 'Before' })
      const change = (family_name: string | null, tag: string) =>
        call<Customer>('PATCH', `${here}/customers/${id}`, {
          body: { family_name },
          headers: { 'if-match': tag },
        })
      const changed = await change('Afterwards', `"v${version}"`)
      expect(changed.headers.get('etag')).toBe(`"v${version + 1}"`)
      expect((await list('q=afterw')).items).toMatchObject([{ id }])
      expect((await list('q=before')).items).toEqual([])
      expect((await change('Late', `"v${version}"`)).status).toBe(412)
      const body = { email: freshAddress() }
      expect((await call('PATCH', `${here}/customers/${id}`, { body })).status).toBe(422)
      const row = (await auditOf(id)).at(-1)
      expect(row).toMatchObject({
        action: 'customer.changed',
        before: { familyName: '(not kept)' },
        after: { familyName: '(not kept)' },
        source: expect.any(String),
      })
      expect(Object.keys(row?.after ?? {})).toEqual(['familyName'])
    })

    it('are linked to one account, and unlinked: the Client API says so at once', async () => {
      const { access_token, sub } = await tokensOf(server, { email: freshAddress() })
      const customer = callerOf(server, access_token)
      const own = String((await customer('GET', '/profile')).data.id)
      const other = await made()
      const link = (id: string) =>
        call<Customer>('PUT', `${here}/customers/${id}/account`, { body: { account_id: sub } })
      expect(await link(other.id)).toMatchObject({ status: 409, code: 'conflict' })
      expect(await link(own)).toMatchObject({ status: 200, data: { account: { id: sub } } })

      const unlinked = await call<Customer>('DELETE', `${here}/customers/${own}/account`)
      expect(unlinked.data).toMatchObject({ account: null, version: 2 })
      expect(await customer('GET', '/profile')).toMatchObject({
        status: 400,
        failure: { code: 'no_customer' },
      })
      const again = await call('DELETE', `${here}/customers/${own}/account`)
      expect(again).toMatchObject({ status: 409, code: 'conflict' })

      const both = await Promise.all([link(own), link(other.id)])
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
      const winner = both.find(({ status }) => status === 200)?.data.id
      expect((await customer('GET', '/profile')).data.id).toBe(winner)
      const shown = await call(`GET`, `${here}/customers/${winner}`)
      expect(shown.data).toMatchObject({ last_activity_at: expect.any(String) })
      const unknown = await call('PUT', `${here}/customers/${own}/account`, {
        body: { account_id: 'acc_none' },
      })
      expect(unknown).toMatchObject({ status: 422, details: [{ path: 'account_id' }] })
    })

    it('are erased by owners, with their account: tokens end, and a new sign-in is another sub', async () => {
      const email = freshAddress()
      const { access_token, sub } = await tokensOf(server, { email })
      const customer = callerOf(server, access_token)
      const { id } = (await customer('GET', '/profile')).data
      const path = `${here}/customers/${id}`
      expect(await call('DELETE', path)).toMatchObject({ status: 200, data: { id } })
      expect((await customer('GET', '/profile')).status).toBe(401)
      expect((await call('DELETE', path)).status).toBe(404)
      expect((await call('GET', `${here}/accounts/${sub}`)).status).toBe(404)
      const next = await tokensOf(server, { email })
      expect(next.sub).not.toBe(sub)
      expect(
        (await auditOf(String(id))).filter(({ action }) => action === 'customer.erased'),
      ).toHaveLength(1)
    })
  })

  describe('accounts', () => {
    it('show what is open and allowed; a permission that is removed ends its tokens at once', async () => {
      const person = await signedInPerson(server)
      const client = await server.register({ kind: 'browser', name: 'Third party' })
      const parameters = { scope: 'openid profile:read offline_access', prompt: 'consent' }
      const tokens = await tokensFor(server, person, { client, parameters })
      const api = callerOf(server, tokens.access_token)
      expect((await api('GET', '/profile')).status).toBe(200)

      const another = await server.register({ kind: 'browser', name: 'Another' })
      await tokensFor(server, person, { client: another, parameters: { scope: 'openid email' } })

      const account = await accountOf(person.email)
      expect(account.live_sessions).toBe(1)
      const given = (name: string) =>
        account.permissions.find(({ client_name }) => client_name === name)
      expect(given('Third party')).toMatchObject({
        client_id: client.client_id,
        first_party: false,
        scopes: ['openid', 'profile:read'],
        live_grants: 1,
      })
      expect(given('Another')).toMatchObject({ first_party: false, scopes: ['openid', 'email'] })
      // Nobody was asked: it is what its sessions hold.
      expect(account.permissions.find(({ first_party }) => first_party)?.scopes).toEqual(
        expect.arrayContaining(['openid', 'profile:write']),
      )
      const path = `${here}/accounts/${account.id}/permissions`
      expect(await call('DELETE', `${path}/${client.client_id}`)).toMatchObject({ status: 200 })
      expect((await api('GET', '/profile')).status).toBe(401)
      const refreshed = await refresh(server, client, { refresh_token: tokens.refresh_token })
      expect(refreshed.body.error).toBe('invalid_grant')
      expect((await call('DELETE', `${path}/${client.client_id}`)).status).toBe(404)
      const left = await call<List<Permission>>('GET', path)
      const others = account.permissions.filter(({ client_id }) => client_id !== client.client_id)
      expect(left.data.items).toEqual(others)
      expect(await isSignedIn(server, person.agent)).toBe(true)
      expect((await auditOf(account.id)).at(-1)).toMatchObject({
        action: 'account.permission-removed',
        before: { client: client.client_id },
      })
    })

    it('are found by id, and by how an address begins, page by page', async () => {
      const emails = ['pages-1@example.org', 'pages-2@example.org', 'pages-3@example.org']
      for (const email of emails) await signedInPerson(server, email)
      const pages: string[][] = []
      let cursor = ''
      do {
        const query = `q=Pages-&limit=2${cursor && `&cursor=${cursor}`}`
        const { items, next_cursor } = (
          await call<List<Account>>('GET', `${here}/accounts?${query}`)
        ).data
        pages.push(items.map(({ email }) => email))
        cursor = next_cursor ?? ''
      } while (cursor)
      expect(pages).toEqual([emails.slice(0, 2), emails.slice(2)])

      const { id, email } = await accountOf('pages-2@example.org')
      const byId = await call<List<Account>>('GET', `${here}/accounts?q=${id}`)
      expect(byId.data.items).toMatchObject([{ id, email }])
      const other = await call<List<Account>>('GET', `${here}/accounts?q=${id.slice(0, -1)}`)
      expect(other.data.items).toEqual([])
    })

    it('are signed out everywhere, disabled and enabled', async () => {
      const person = await signedInPerson(server)
      const { id } = await accountOf(person.email)
      const path = `${here}/accounts/${id}`
      const look = await handOffOf(server, person)
      const [session] = (await call<List<{ id: string }>>('GET', `${here}/sessions?account=${id}`))
        .data.items
      expect(await call('POST', `${path}/sign-out`)).toMatchObject({ data: { ended: 1 } })
      expect(await isSignedIn(server, person.agent)).toBe(false)
      expect(await auditOf(String(session?.id))).toMatchObject([
        { action: 'session.ended', actor: expect.stringMatching(/^key_/) },
      ])
      expect(await look()).toBe(200)
      const disabled = await call('POST', `${path}/disable`)
      expect(await look()).toBe(410)
      expect(disabled.data).toMatchObject({ disabled_at: expect.any(String) })
      expect((await call('POST', `${path}/enable`)).data).toMatchObject({ disabled_at: null })
      const actions = (await auditOf(id)).map(({ action, actor }) => [action, actor.slice(0, 4)])
      expect(actions.slice(-3)).toEqual([
        ['account.signed-out', 'key_'],
        ['account.disabled', 'key_'],
        ['account.enabled', 'key_'],
      ])
    })

    it('are erased by owners, with their customer', async () => {
      const person = await signedInPerson(server)
      const { email } = person
      const { id } = await accountOf(email)
      const look = await handOffOf(server, person)
      expect(await call('DELETE', `${here}/accounts/${id}`)).toMatchObject({ data: { id } })
      expect(await look()).toBe(410)
      for (const noun of ['accounts', 'customers'])
        expect((await call<List<object>>('GET', `${here}/${noun}?q=${email}`)).data.items).toEqual(
          [],
        )
      expect((await call('DELETE', `${here}/accounts/${id}`)).status).toBe(404)
    })
  })

  describe('sessions', () => {
    it('are listed for all and for one, a page at a time, and end one by one', async () => {
      const one = await signedInPerson(server)
      const firefox = browserNamed(
        server,
        'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0',
      )
      const two = await signedInPerson(server, freshAddress(), firefox)
      const { id } = await accountOf(one.email)
      type Session = { id: string; account_id: string; email: string }
      const read = (query: string) => call<List<Session>>('GET', `${here}/sessions?${query}`)
      const first = await read('limit=1')
      const seen = { email: two.email, browser: 'Firefox', system: 'Linux' }
      expect(first.data.items).toMatchObject([seen])
      const cursor = `cursor=${first.data.next_cursor}`
      expect((await read(`limit=1&${cursor}`)).data.items).toMatchObject([{ email: one.email }])
      const exact = await read(`account=${id}&limit=1`)
      expect(exact.data).toMatchObject({ items: [{ account_id: id }], next_cursor: null })
      expect((await read(`account=${id}&${cursor}`)).status).toBe(400)
      const own = await read(`account=${id}`)
      expect(own.data).toMatchObject({ items: [{ account_id: id }], next_cursor: null })

      const path = `${here}/sessions/${own.data.items[0]?.id}`
      expect((await acmeOwner('DELETE', path.replace(here, '/organisations/acme'))).status).toBe(
        404,
      )
      expect((await call('DELETE', path)).status).toBe(200)
      expect(await isSignedIn(server, one.agent)).toBe(false)
      expect(await isSignedIn(server, two.agent)).toBe(true)
      expect((await call('DELETE', path)).status).toBe(404)
    })
  })

  it('P01: ids of another organisation are not there, whatever is asked of them', async () => {
    const person = await signedInPerson(server)
    const { id } = await accountOf(person.email)
    const { items } = await list(`q=${person.email}`)
    const customer = items[0]?.id ?? NOBODY
    const account = { account_id: id }
    const there = '/organisations/acme'
    const own = (
      await acmeOwner<Customer>('POST', `${there}/customers`, { body: { email: freshAddress() } })
    ).data.id
    const asked: [string, string, object?][] = [
      ['GET', `/customers/${customer}`],
      ['PATCH', `/customers/${customer}`, { family_name: 'x' }],
      ['DELETE', `/customers/${customer}`],
      ['PUT', `/customers/${customer}/account`, account],
      ['DELETE', `/customers/${customer}/account`],
      ['GET', `/accounts/${id}`],
      ['DELETE', `/accounts/${id}`],
      ['POST', `/accounts/${id}/disable`],
      ['POST', `/accounts/${id}/enable`],
      ['POST', `/accounts/${id}/sign-out`],
      ['GET', `/accounts/${id}/permissions`],
      ['DELETE', `/accounts/${id}/permissions/demo`],
    ]
    for (const [method, path, body] of asked)
      expect({
        path,
        status: (await acmeOwner(method, `${there}${path}`, body ? { body } : {})).status,
      }).toEqual({ path, status: 404 })
    const linked = await acmeOwner('PUT', `${there}/customers/${own}/account`, { body: account })
    expect(linked.status).toBe(422)
    expect(await list(`q=${person.email}`)).toMatchObject({ items: [{ account: { id } }] })
    const sessions = await acmeOwner<List<object>>('GET', `${there}/sessions?account=${id}`)
    expect(sessions.data.items).toEqual([])
    expect(await auditOf(id)).toEqual([])
    expect(await isSignedIn(server, person.agent)).toBe(true)
  })
})
