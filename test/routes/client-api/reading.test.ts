// Reading the Client API: profile, orders, bookings and enquiries of the one customer whose token is sent.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { bookingsCollection } from '../../../src/stores/bookings.ts'
import { type Customer, customersCollection } from '../../../src/stores/customers.ts'
import { enquiriesCollection } from '../../../src/stores/enquiries.ts'
import { createOrderStore, type OrderRecord, ordersCollection } from '../../../src/stores/orders.ts'
import { type Call, signedIn, tokensOf } from '../../support/client-api.ts'
import type { TestServer } from '../../support/server.ts'
import { describeOnAllStores } from '../../support/stores.ts'

const ANA = 'ana.dubois@example.com'
const BEN = 'ben.kaya@example.com'
const DAY = 24 * 60 * 60 * 1000

const lists = [
  ['/orders', ordersCollection, 'placed_at'],
  ['/bookings', bookingsCollection, 'starts_at'],
  ['/enquiries', enquiriesCollection, 'created_at'],
] as const

type Item = { id: string; status: string; [member: string]: unknown }

describeOnAllStores('reading the Client API', (start) => {
  let server: TestServer
  let ana: Call
  let ben: Call
  let record: Customer

  beforeAll(async () => {
    server = await start()
    ana = await signedIn(server, ANA)
    ben = await signedIn(server, BEN)
    record = await recordOf(ANA)
  })
  afterAll(() => server.stop())

  async function recordOf(email: string): Promise<Customer> {
    const found = await server.documents
      .collection<Customer>(customersCollection)
      .findOne({ email })
    if (!found) throw new Error(`no customer has the address ${email}`)
    return found
  }

  /** One page of a list. */
  async function page(call: Call, path: string): Promise<{ items: Item[]; next: string | null }> {
    const { status, text, data } = await call('GET', path)
    expect({ status, text }).toMatchObject({ status: 200 })
    return { items: data.items as Item[], next: data.next_cursor as string | null } // checked by the call
  }

  /** The whole list, page by page. */
  async function all(call: Call, path: string, limit: number): Promise<Item[]> {
    const items: Item[] = []
    for (let cursor = ''; ; ) {
      const next = await page(call, `${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`)
      expect(next.items.length).toBeLessThanOrEqual(limit)
      items.push(...next.items)
      if (next.next === null) return items
      cursor = next.next
    }
  }

  const ids = (items: readonly Item[]): string[] => items.map(({ id }) => id)

  /** Another order of Ana's, and what changes of it. */
  async function addOrder(change: Partial<OrderRecord> & { _id: string }): Promise<void> {
    const store = createOrderStore(server.documents)
    const [known] = await store.list({ ...owner(), limit: 1 })
    if (!known) throw new Error('Ana has no orders')
    await store.insert({ ...known, ...change })
  }
  const owner = () => ({ organisation: server.organisation._id, customer: record._id })

  describe('GET /profile', () => {
    it('answers with the record of the person who signed in', async () => {
      const { status, data, headers } = await ana('GET', '/profile')
      expect(status).toBe(200)
      expect(data).toMatchObject({ id: record._id, email: ANA, given_name: 'Ana' })
      expect(headers.get('cache-control')).toBe('private, no-cache')
      expect((await ben('GET', '/profile')).data).toMatchObject({ email: BEN })
    })

    it('answers 304 without a body to who knows this version, and 200 to who knows another', async () => {
      const etag = String((await ana('GET', '/profile')).headers.get('etag'))
      const { access_token } = await tokensOf(server, { email: ANA })
      // Not by `fetch`, which asks past every cache as soon as this header is set by hand.
      const ask = (tag: string) =>
        request(server.baseUrl)
          .get('/api/client/v1/profile')
          .auth(access_token, { type: 'bearer' })
          .set('If-None-Match', tag)
      const known = await ask(etag)
      expect([known.status, known.text, known.get('ETag')]).toEqual([304, '', etag])
      expect((await ask('"v0"')).status).toBe(200)
    })

    it('P12: tells nobody that what another person saw is still good', async () => {
      const etag = String((await ana('GET', '/profile')).headers.get('etag'))
      const { access_token } = await tokensOf(server, { email: BEN })
      const answer = await request(server.baseUrl)
        .get('/api/client/v1/profile')
        .auth(access_token, { type: 'bearer' })
        .set('If-None-Match', etag)
      expect([answer.status, answer.body.data?.email]).toEqual([200, BEN])
      expect(answer.get('ETag')).not.toBe(etag)
    })

    it('answers HEAD without a body', async () => {
      const { status, text } = await ana('HEAD', '/profile')
      expect([status, text]).toEqual([200, ''])
    })
  })

  describe.each(lists)('GET %s', (path, collection, time) => {
    it('lists every record of the customer once, the newest first, in pages of any size', async () => {
      const records = server.documents.collection<{ _id: string }>(collection)
      const stored = await records.find(owner(), { limit: 100 })
      expect(stored.length).toBeGreaterThan(0)
      const whole = await all(ana, path, 100)
      expect(ids(whole).sort()).toEqual(stored.map(({ _id }) => _id).sort())
      const times = whole.map((item) => String(item[time]))
      expect(times).toEqual([...times].sort().reverse())
      for (const limit of [1, 2]) expect(ids(await all(ana, path, limit))).toEqual(ids(whole))
    })

    it('P01: shows nobody what is another’s', async () => {
      const mine = ids(await all(ana, path, 100))
      const theirs = ids(await all(ben, path, 100))
      expect(theirs.length).toBeGreaterThan(0)
      expect(mine.filter((id) => theirs.includes(id))).toEqual([])
    })

    it('takes one status, and an interval of time', async () => {
      const [newest] = await all(ana, path, 100)
      const status = String(newest?.status)
      const found = await page(ana, `${path}?status=${status}`)
      expect(new Set(found.items.map((item) => item.status))).toEqual(new Set([status]))
      const at = Date.parse(String(newest?.[time]))
      const iso = (instant: number) => new Date(instant).toISOString()
      expect(ids((await page(ana, `${path}?from=${iso(at)}`)).items)).toEqual([newest?.id])
      expect(ids((await page(ana, `${path}?to=${iso(at)}`)).items)).not.toContain(newest?.id)
      const offset = encodeURIComponent(iso(at + 2 * 3_600_000).replace('Z', '+02:00'))
      expect(ids((await page(ana, `${path}?from=${offset}`)).items)).toEqual([newest?.id])
    })

    it.each([
      ['limit=0'],
      ['limit=101'],
      ['limit=-1'],
      ['limit=2.5'],
      ['limit=ten'],
      ['limit='],
      ['limit=1&limit=2'],
      ['limit[$gt]=1'],
      ['status=bogus'],
      ['status[$ne]=open'],
      ['status=open&status=paid'],
      ['from=yesterday'],
      ['from=2026-02-30T00:00:00Z'],
      ['to=1700000000000'],
      ['customer=cus_another'],
      ['organisation=org_another'],
      ['__proto__=1'],
      ['cursor='],
      ['cursor=forged'],
      ['cursor=%24gt'],
      [`cursor=${Buffer.from('0.ord_x.forged').toString('base64url')}`],
      [`cursor=${'a'.repeat(1001)}`],
    ])('D01, D05: answers 400 to ?%s', async (query) => {
      const { status, failure } = await ana('GET', `${path}?${query}`)
      expect({ status, code: failure.code }).toEqual({ status: 400, code: 'bad_request' })
    })
  })

  describe('a cursor', () => {
    let cursor: string
    beforeAll(async () => {
      cursor = String((await page(ana, '/orders?limit=1')).next)
    })

    it('goes on where the page ended, whatever came in between', async () => {
      const before = ids(await all(ana, '/orders', 100))
      const first = await page(ana, '/orders?limit=1')
      await addOrder({ _id: 'ord_newer', placedAt: server.clock.now() + DAY })
      const second = await page(ana, `/orders?limit=1&cursor=${first.next}`)
      expect(ids([...first.items, ...second.items])).toEqual(before.slice(0, 2))
      expect(ids((await page(ana, '/orders?limit=1')).items)).toEqual(['ord_newer'])
    })

    it('goes on between records of the same instant', async () => {
      const placedAt = server.clock.now() + 2 * DAY
      for (const _id of ['ord_same1', 'ord_same3', 'ord_same2']) await addOrder({ _id, placedAt })
      const found = ids(await all(ana, '/orders', 1)).slice(0, 3)
      expect(found).toEqual(['ord_same3', 'ord_same2', 'ord_same1'])
    })

    it('D05: of another customer, or of another list, is refused', async () => {
      expect((await ben('GET', `/orders?cursor=${cursor}`)).status).toBe(400)
      expect((await ana('GET', `/bookings?cursor=${cursor}`)).status).toBe(400)
      expect((await ana('GET', `/orders?cursor=${cursor}`)).status).toBe(200)
    })

    it('D05: with another place in it is refused', async () => {
      const [at = '', id = '', tag = ''] = Buffer.from(cursor, 'base64url').toString().split('.')
      const encoded = (text: string) => Buffer.from(text).toString('base64url')
      expect((await ana('GET', `/orders?cursor=${encoded(`${at}.${id}.${tag}`)}`)).status).toBe(200)
      const changed = [`${Number(at) + 1}.${id}.${tag}`, `${at}.ord_x.${tag}`, `${at}.${id}`]
      for (const text of [...changed, `${at}.${id}.${tag.slice(1)}`, `${at}.${id}.${tag}a`])
        expect((await ana('GET', `/orders?cursor=${encoded(text)}`)).status).toBe(400)
    })
  })

  it('J11: a record of another organisation is not shown, even to the same customer id', async () => {
    await addOrder({ _id: 'ord_foreign', organisation: 'org_another' })
    expect(ids(await all(ana, '/orders', 100))).not.toContain('ord_foreign')
  })
})
