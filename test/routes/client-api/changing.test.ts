// Changing the profile: a merge patch with an allow-list, and nothing left behind by one that was refused.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Customer, customersCollection } from '../../../src/stores/customers.ts'
import { type Call, signedIn } from '../../support/client-api.ts'
import type { TestServer } from '../../support/server.ts'
import { describeOnAllStores } from '../../support/stores.ts'

const MERGE_PATCH = 'application/merge-patch+json'

describeOnAllStores('PATCH /profile', (start, stores) => {
  let server: TestServer
  let call: Call
  let before: Customer
  let round = 0

  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  // One person writes at most 40 times in two minutes: several share the work.
  const people = ['ana.dubois', 'ben.kaya', 'dev.evans', 'elif.lopes', 'grace.fischer']
  let email: string
  beforeEach(async () => {
    email = `${people[Math.floor(round / 12)]}@example.com`
    if (round % 12 === 0) call = await signedIn(server, email)
    round += 1
    before = await stored()
  })

  async function stored(): Promise<Customer> {
    const found = await server.documents
      .collection<Customer>(customersCollection)
      .findOne({ email })
    if (!found) throw new Error(`no customer has the address ${email}`)
    return found
  }

  const patch = (json: unknown, headers = {}) => call('PATCH', '/profile', { json, headers })
  const send = (body: string | ReadableStream, type = 'application/json') =>
    call('PATCH', '/profile', { body, headers: { 'content-type': type } })

  describe('that is well-formed', () => {
    it('changes what is there, removes what is null, and leaves the rest', async () => {
      const changed = await patch({
        given_name: '  Zoë 👩‍🚀 ',
        phone: null,
        time_zone: 'Asia/Tokyo',
      })
      expect(changed.status).toBe(200)
      expect(changed.data).toMatchObject({
        given_name: 'Zoë 👩‍🚀',
        family_name: before.familyName,
        phone: null,
        time_zone: 'Asia/Tokyo',
      })
      expect((await call('GET', '/profile')).data).toEqual(changed.data)
      expect(await stored()).not.toHaveProperty('phone')
    })

    it('goes into the address: its parts change one by one (RFC 7396)', async () => {
      const address = { line1: '1 High Street', city: 'Leeds', country: 'GB', postal_code: 'LS1' }
      await patch({ address: { ...address, line2: 'Flat 2' } })
      const { data } = await patch({ address: { city: 'York', line2: null } })
      expect(data.address).toMatchObject({ ...address, city: 'York' })
      expect(data.address).not.toHaveProperty('line2')
      expect((await patch({ address: {} })).data.address).toEqual(data.address)
      expect((await patch({ address: null })).data.address).toBeNull()
    })

    it('that would leave half an address says what is missing', async () => {
      await patch({ address: null })
      const { status, failure } = await patch({
        given_name: 'Zoe',
        address: { line1: '1 High St' },
      })
      expect(status).toBe(422)
      expect(failure.details?.map(({ path }) => path)).toEqual(['address.city', 'address.country'])
      expect((await stored()).givenName).toBe(before.givenName)
      await patch({ address: { line1: '1 High St', city: 'Leeds', country: 'GB' } })
      expect((await patch({ address: { country: null } })).status).toBe(422)
    })

    it('loses no part of an address that others change at the same time', async () => {
      await patch({ address: { line1: 'a', city: 'a', country: 'GB', line2: 'a', region: 'a' } })
      const parts = { line1: 'b', line2: 'b', city: 'b', region: 'b', postal_code: 'b' }
      const answers = await Promise.all(
        Object.entries(parts).map(([part, value]) => patch({ address: { [part]: value } })),
      )
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      expect((await call('GET', '/profile')).data.address).toEqual({ ...parts, country: 'GB' })
    })

    it('may be called application/json, with a charset', async () => {
      const { status } = await send('{"given_name":"Zoe"}', 'application/json; charset=utf-8')
      expect(status).toBe(200)
      expect((await send('{}', MERGE_PATCH)).status).toBe(200)
    })

    it('is made only if the profile is still the one that was read', async () => {
      const etag = String((await call('GET', '/profile')).headers.get('etag'))
      const first = await patch({ given_name: 'One' }, { 'if-match': etag })
      expect(first.status).toBe(200)
      const second = await patch({ given_name: 'Two' }, { 'if-match': etag })
      expect([second.status, second.failure.code]).toEqual([412, 'precondition_failed'])
      const address = await patch({ address: { city: 'Two' } }, { 'if-match': etag })
      expect(address.status).toBe(412)
      for (const header of [String(first.headers.get('etag')), '*'])
        expect((await patch({ given_name: 'One' }, { 'if-match': header })).status).toBe(200)
      expect((await stored()).givenName).toBe('One')
    })
  })

  describe('that is refused', () => {
    afterEach(async () => {
      expect(await stored()).toEqual(before) // not a byte of it was kept
    })

    it.each<[path: string, patch: unknown]>([
      ['given_name', { given_name: { $gt: '' } }],
      ['given_name', { given_name: ['Zoe'] }],
      ['given_name', { given_name: 7 }],
      ['given_name', { given_name: true }],
      ['given_name', { given_name: '' }],
      ['given_name', { given_name: '   ' }],
      ['given_name', { given_name: 'x'.repeat(81) }],
      ['given_name', { given_name: 'Zoe\r\nBcc: x@example.com' }],
      ['given_name', { given_name: 'Zoe\u2028Doe' }],
      ['given_name', { given_name: '\ud800' }],
      ['phone', { phone: '020 7123 4567' }],
      ['birth_date', { birth_date: '2026-02-30' }],
      ['birth_date', { birth_date: '01.02.1990' }],
      ['locale', { locale: 'English' }],
      ['time_zone', { time_zone: 'Mars/Olympus' }],
      ['time_zone', { time_zone: '+01:00' }],
      ['address', { address: 'London' }],
      ['address.country', { address: { country: 'gb' } }],
      ['address.planet', { address: { planet: 'Earth' } }],
      ['address.line1', { address: { line1: { $set: 'x' } } }],
      ['email', { email: 'other@example.com' }],
      ['$set', { $set: { email: 'other@example.com' } }],
      ['address.$where', { address: { $where: '1' } }],
      ['', []],
      ['', null],
      ['', 'given_name'],
    ])('D01: for a wrong %s answers 422 and names it: %j', async (path, value) => {
      const { status, failure } = await patch(value)
      expect(status).toBe(422)
      expect(failure.code).toBe('invalid_fields')
      expect(failure.details?.map((detail) => detail.path)).toEqual([path])
    })

    it('P02: for fields that are not the customer’s to change, names each, good ones beside them or not', async () => {
      const foreign = { id: 'cus_x', organisation: 'org_x', version: 9, _id: 'x', role: 'owner' }
      const { status, failure } = await patch({ given_name: 'Zoe', ...foreign })
      expect(status).toBe(422)
      expect(failure.details?.map(({ path }) => path)).toEqual(Object.keys(foreign))
    })

    it.each([
      '{"__proto__":{"given_name":"Zoe"}}',
      '{"constructor":{"prototype":{"given_name":"Zoe"}}}',
      '{"address":{"__proto__":{"city":"Leeds"}}}',
    ])('D02: for a key that would reach into every object: %s', async (body) => {
      expect((await send(body)).status).toBe(422)
      expect(({} as { given_name?: string }).given_name).toBeUndefined()
    })

    it.each<[name: string, body: string]>([
      ['broken JSON', '{"given_name":"Zoe"'],
      ['no JSON at all', 'given_name=Zoe'],
      ['nothing', ''],
      ['two values', '{}{}'],
      ['a NUL', '{"given_name":"Zoe\0"}'],
      ['an escaped NUL', '{"given_name":"Zoe\\u0000"}'],
      ['depth', `{"address":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ])('D13: for %s in the body answers 400', async (_name, body) => {
      const { status, failure } = await send(body)
      expect({ status, code: failure.code }).toEqual({ status: 400, code: 'bad_request' })
    })

    it('D13: for bytes that are no UTF-8 answers 400', async () => {
      const bytes = Buffer.from('{"given_name":"Zo\xeb"}', 'latin1')
      expect((await send(new Blob([bytes]).stream())).status).toBe(400)
    })

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json-patch+json',
      'application/jsonx',
      'nonsense',
    ])('for the content type %s answers 415', async (type) => {
      const { status, failure } = await send('{"given_name":"Zoe"}', type)
      expect([status, failure.code]).toEqual([415, 'unsupported_media_type'])
    })

    it('D13: for a body of 10 MB answers 413, its length told or not, and goes on serving', async () => {
      const large = JSON.stringify({ given_name: 'x'.repeat(10 * 1024 * 1024) })
      for (const body of [large, new Blob([large]).stream()]) {
        const { status, failure } = await send(body)
        expect([status, failure.code]).toEqual([413, 'too_large'])
      }
      expect((await call('GET', '/profile')).status).toBe(200)
    })

    it('for many at once, when there were too many, answers 429', async () => {
      const answers = await Promise.all(Array.from({ length: 41 }, () => send('{', MERGE_PATCH)))
      expect(answers.map(({ status }) => status)).toContain(429)
      if (stores === 'embedded') server.clock.forward(2 * 60_000)
    })
  })
})
