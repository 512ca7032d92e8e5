// The audit log over the Admin API: read, filtered, taken elsewhere, verified.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { auditCollection } from '../../../src/stores/audit.ts'
import { type Call, callerWith, programOf } from '../../support/admin-api.ts'
import { personWith } from '../../support/console-tokens.ts'
import { startServer, type TestServer } from '../../support/server.ts'

type Row = { id: string; at: string; action: string; actor: string; actor_name: string | null }
type List = { items: Row[]; next_cursor: string | null }

const SLUG = 'acme'
const AT = `/organisations/${SLUG}/audit`
const OWNER = 'owner@example.com'

let server: TestServer
let organisation: TestServer['organisation']
let person: Call
let program: Call
beforeAll(async () => {
  server = await startServer({ env: { OPERATORS: 'platform@example.com' } })
  organisation = (await server.addOrganisation(SLUG)).organisation
  await server.operators.add(organisation._id, { email: OWNER, role: 'owner' }, { actor: 'test' })
  person = await personWith(server, OWNER)
  program = await programOf(server, { role: 'owner', organisation })
  for (const given_name of ['Ann', 'Ben', 'Cat']) {
    const body = { email: `${given_name}@example.org`, given_name }
    await person('POST', `/organisations/${SLUG}/customers`, { body })
    server.clock.forward(1)
  }
  const body = { email: 'dan@example.org' }
  await program('POST', `/organisations/${SLUG}/customers`, { body })
  await (await personWith(server, 'platform@example.com'))(
    'POST',
    `/organisations/${SLUG}/customers`,
    { body: { email: 'eve@example.org' } },
  )
})
afterAll(() => server.stop())

const read = async (query = '', call = person) => (await call<List>('GET', `${AT}?${query}`)).data
const CREATED = 'action=customer.created'

describe('the audit log', () => {
  it('says who did what from where, the newest first, and knows operators and keys by name', async () => {
    const { items } = await read(CREATED)
    expect(items.map(({ actor_name }) => actor_name)).toEqual([
      'platform@example.com',
      'Test owner',
      ...[OWNER, OWNER, OWNER],
    ])
    expect(items[1]).toMatchObject({
      actor: expect.stringMatching(/^key_/),
      target: expect.stringMatching(/^cus_/),
      source: expect.any(String),
      request: expect.any(String),
      before: null,
      after: { email: '(not kept)' },
    })
    expect(
      JSON.stringify(await server.documents.collection(auditCollection).find({}, { limit: 100 })),
    ).not.toContain('@example')
  })

  it('does not name operators and keys to a key that may not read them', async () => {
    const scopes = ['audit:read']
    const call = await programOf(server, { role: 'owner', organisation, scopes })
    const { items } = await read(CREATED, call)
    expect(items.map(({ actor_name }) => actor_name)).toEqual([null, null, null, null, null])
  })

  it('is filtered by action, actor, target and time, and read page by page', async () => {
    const all = await read(CREATED)
    const [, key, third, second, first] = all.items
    expect((await read(`actor=${key?.actor}`)).items.map(({ id }) => id)).toContain(key?.id)
    const { target } = third as Row & { target?: string } // there are five
    expect((await read(`target=${target}`)).items).toHaveLength(1)
    const between = await read(`${CREATED}&from=${first?.at}&to=${third?.at}`)
    expect(between.items.map(({ id }) => id)).toEqual([second?.id, first?.id])

    expect((await read(`${CREATED}&from=1815-12-10T00:00:00Z`)).items).toHaveLength(5)
    expect((await read(`${CREATED}&to=0000-01-01T00:00:00Z`)).items).toEqual([])

    const page = await read(`${CREATED}&limit=2`)
    const next = await read(`${CREATED}&limit=3&cursor=${page.next_cursor}`)
    expect([...page.items, ...next.items]).toEqual(all.items)
    expect(next.next_cursor).toBeNull()
  })

  it('D05, D01: refuses cursors of other filters and organisations, and what is no filter', async () => {
    const { next_cursor } = await read(`${CREATED}&limit=1`)
    const elsewhere = await programOf(server, { role: 'owner' })
    const there = `/organisations/${server.organisation.slug}/audit?${CREATED}&cursor=${next_cursor}`
    expect((await elsewhere('GET', there)).status).toBe(400)
    for (const query of [
      `cursor=${next_cursor}`,
      `${CREATED}&cursor=${next_cursor}x`,
      'action[$ne]=x',
      'from=yesterday',
      'actor=',
    ])
      expect((await person('GET', `${AT}?${query}`)).status).toBe(400)
  })

  it('P15: is taken elsewhere as CSV, in which nothing begins like a formula', async () => {
    await server.documents
      .collection<{ _id: string; [field: string]: string | number }>(auditCollection)
      .insert({
        _id: 'aud_00000000000000000000000000',
        organisation: organisation._id,
        at: 1,
        action: 'customer.created',
        actor: '=HYPERLINK("http://x.example")',
        target: '@SUM(1)',
      })
    const { headers, data, status } = await person<string>(
      'GET',
      `${AT}.csv?to=2100-01-01T00:00:00Z`,
    )
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/csv/)
    expect(headers.get('content-disposition')).toBe(`attachment; filename="audit-${SLUG}.csv"`)
    expect(headers.get('cache-control')).toBe('private, no-store')
    const [header, first, ...rest] = data.split('\r\n')
    expect(header).toMatch(/^sequence,at,action,actor/)
    expect(first).toContain(`"'=HYPERLINK(""http://x.example"")",'@SUM(1)`)
    expect(rest.length).toBeGreaterThan(5)
  })

  it('says whether it is whole, and whether it still holds a head that was kept', async () => {
    type Report = { outcome: string; rows: number; head: { sequence: number; hash: string } | null }
    await server.jobs.runDue()
    const { data } = await person<Report>('GET', `${AT}/verification`)
    expect(data).toMatchObject({ outcome: 'whole', broken: null, unsealed: 0, older: 1 })
    const { sequence = 0, hash = '' } = data.head ?? {}
    expect(sequence).toBe(data.rows)
    const kept = await person('GET', `${AT}/verification?head=${sequence}:${hash}`)
    expect(kept.data).toMatchObject({ outcome: 'whole' })
    const other = await person('GET', `${AT}/verification?head=${sequence}:${'x'.repeat(43)}`)
    expect(other.data).toMatchObject({ outcome: 'broken', broken: { what: 'not the kept one' } })
    expect((await person('GET', `${AT}/verification?head=1`)).status).toBe(400)
  })

  it('is for owners', async () => {
    const call = await programOf(server, { role: 'editor', organisation })
    for (const path of [AT, `${AT}.csv`, `${AT}/verification`])
      expect((await call('GET', path)).status).toBe(403)
    expect((await callerWith(server, '')('GET', `${AT}.csv`)).status).toBe(401)
  })
})
