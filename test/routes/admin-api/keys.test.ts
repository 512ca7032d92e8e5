// Signing keys over the Admin API: listed, rotated, and withdrawn in an emergency.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type AuditEntry, auditCollection } from '../../../src/stores/audit.ts'
import { type Call, programOf } from '../../support/admin-api.ts'
import { eventually } from '../../support/eventually.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../../support/server.ts'

type Key = { kid: string; alg: string; state: string }
type List = { items: Key[]; next_cursor: null }
const at = '/organisations/keyed/keys'

let server: TestServer
let issuer: OtherOrganisation
let call: Call
beforeAll(async () => {
  server = await startServer()
  issuer = await server.addOrganisation('keyed')
  call = await programOf(server, { role: 'owner', organisation: issuer.organisation })
})
afterAll(() => server.stop())

async function published(): Promise<string[]> {
  const response = await fetch(`${issuer.baseUrl}/oauth/jwks`)
  const { keys } = (await response.json()) as { keys: { kid: string }[] } // RFC 7517, 5
  return keys.map(({ kid }) => kid).sort()
}

it('publishes the next keys, once, and keeps those that sign', async () => {
  const first = await published()
  const listed = await call<List>('GET', at)
  expect(listed.data.items.map(({ kid }) => kid).sort()).toEqual(first)
  expect(listed.data.items.map(({ alg, state }) => `${alg} ${state}`)).toEqual([
    'RS256 current',
    'ES256 current',
  ])
  const rotated = await call<{ next: Key[] }>('POST', `${at}/rotation`)
  expect(rotated.data.next.map(({ state }) => state)).toEqual(['next', 'next'])
  const again = await call<{ next: Key[] }>('POST', `${at}/rotation`)
  expect(again.data).toEqual(rotated.data)
  const all = [...first, ...rotated.data.next.map(({ kid }) => kid)].sort()
  await eventually(async () => expect(await published()).toEqual(all))
  expect(JSON.stringify((await call('GET', at)).data)).not.toMatch(/sealed"|"d"|private/i)
})

it('withdraws all at once, and writes into the audit log who did it', async () => {
  const before = await published()
  const { data } = await call<{ current: Key[]; withdrawn: string[] }>('POST', `${at}/withdrawal`)
  expect([...data.withdrawn].sort()).toEqual(before)
  const now = data.current.map(({ kid }) => kid).sort()
  await eventually(async () => expect(await published()).toEqual(now))
  const rows = await server.documents
    .collection<AuditEntry>(auditCollection)
    .find({ organisation: issuer.organisation._id, action: 'key.withdrawn' }, { limit: 9 })
  expect(rows.map(({ target }) => target).sort()).toEqual(before)
  for (const { actor, source, request } of rows) {
    expect(actor).toMatch(/^key_/)
    expect(source).toBeDefined()
    expect(request).toBeDefined()
  }
})
