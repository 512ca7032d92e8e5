// M09: every operation that names an id, with the ids of another organisation: each is worth what somebody made up.

import { adminApi } from '@foyer/contract'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import sharp from 'sharp'
import { type Call, programOf } from '../../support/admin-api.ts'
import { signedInPerson } from '../../support/journeys.ts'
import { startServer, type TestServer } from '../../support/server.ts'

/** What an operation needs so that only the id can be wrong with it. */
const bodies: { [operation: string]: object } = {
  addClientSecret: {},
  replaceClientKeys: { jwks: { keys: [] } },
  updateClient: { name: 'Taken over' },
  changeOperator: { role: 'viewer' },
  linkCustomer: { account_id: 'acc_none' },
  updateCustomer: { family_name: 'Taken over' },
}

/** What lies under a real id of the other organisation, by the part of the path before it. */
const theirs: { [part: string]: string } = {}
let server: TestServer
/** The owner of the organisation that looks, and of the one that is looked for. */
let stranger: Call
let owner: Call
let there: string

beforeAll(async () => {
  server = await startServer()
  const { organisation } = await server.addOrganisation('curious')
  stranger = await programOf(server, { role: 'owner', organisation })
  owner = await programOf(server, { role: 'owner' })
  there = `/organisations/${server.organisation.slug}`
  await plant()
})
afterAll(() => server.stop())

async function plant(): Promise<void> {
  const made = async (path: string, body: object): Promise<{ id: string }> => {
    const { status, data } = await owner<{ id: string }>('POST', `${there}${path}`, { body })
    expect([path, status]).toEqual([path, 201])
    return data
  }
  const first = async (path: string): Promise<string> => {
    const { data } = await owner<{ items: { id: string }[] }>('GET', `${there}${path}`)
    return data.items[0]?.id ?? ''
  }
  const { client_id } = await server.register()
  const shown = await owner<{ secrets: { id: string }[] }>('GET', `${there}/clients/${client_id}`)
  const { email } = await signedInPerson(server)
  const content = await sharp({
    create: { width: 60, height: 20, channels: 3, background: '#0a7d3c' },
  })
    .png()
    .toBuffer()
  const pictured = await owner<{ draft: { pictures: { logo: { address: string } } } }>(
    'PUT',
    `${there}/brand/draft/pictures/logo`,
    { bytes: { type: 'image/png', content } },
  )
  const role = 'viewer'
  Object.assign(theirs, {
    clients: client_id,
    secrets: shown.data.secrets[0]?.id,
    tokens: (await made('/registration/tokens', { name: 'Set-up' })).id,
    operators: (
      await server.operators.add(
        server.organisation._id,
        { email: 'ann@example.com', role },
        { actor: 'test' },
      )
    )._id,
    invitations: (await made('/invitations', { email: 'ben@example.com', role })).id,
    'api-keys': (await made('/api-keys', { name: 'Key', role, scopes: ['clients:read'] })).id,
    accounts: await first(`/accounts?q=${email}`),
    customers: await first(`/customers?q=${email}`),
    sessions: await first('/sessions'),
    permissions: client_id,
    pictures: /[0-9a-f]{64}/.exec(pictured.data.draft.pictures.logo.address)?.[0] ?? '',
  })
}

/** Of its own kind, and nobody's. */
const madeUp = (id: string): string => id.replace(/.{20}$/, (end) => end.replace(/./g, '0'))

/** Names of places, kinds and pages, which are no ids. */
const words = new Set(['place', 'page', 'kind', 'language', 'number'])

/** The operation's address with the ids of somebody, or `undefined` when it names none. */
function addressWith(
  { path }: adminApi.Operation,
  idOf: (part: string) => string,
): string | undefined {
  const names = [...path.matchAll(/(\w[\w-]*)\/\{(?!slug)(\w+)\}/g)]
  const isWord = names.every(([, , name = '']) => words.has(name))
  if (!path.startsWith('/organisations/{slug}/') || isWord) return undefined
  return path
    .replace('{slug}', 'curious')
    .replace(/(\w[\w-]*)\/\{\w+\}/g, (_whole, part: string) => `${part}/${idOf(part)}`)
}

const operations = adminApi.operations.filter((each) => addressWith(each, () => 'x') !== undefined)

it('has something of the other organisation for each of them', () => {
  expect(operations.length).toBeGreaterThan(25)
  for (const each of operations)
    addressWith(each, (part) => {
      expect({ id: each.id, part, known: theirs[part] }).toEqual({
        id: each.id,
        part,
        known: expect.stringMatching(/^.{20,}$/),
      })
      return ''
    })
})

it.each(operations.map((each) => ({ id: each.id, each })))(
  'M09, P01: $id with an id of another organisation',
  async ({ id, each }) => {
    const ask = (idOf: (part: string) => string) =>
      stranger(each.method, addressWith(each, idOf) ?? '', {
        ...(each.body && { body: bodies[id] ?? {} }),
      })
    const answer = async (idOf: (part: string) => string) => {
      const { headers: _headers, ...told } = await ask(idOf)
      return told
    }
    const found = await answer((part) => theirs[part] ?? '')
    expect(found.status).toBe(404)
    expect(found).toEqual(await answer((part) => madeUp(theirs[part] ?? '')))
  },
)

it('and all of it is as before where it belongs', async () => {
  const paths = ['clients', 'operators', 'customers', 'accounts', 'sessions', 'invitations']
  for (const part of [...paths, 'api-keys', 'registration/tokens']) {
    const { data } = await owner<{ items: { id: string }[] }>('GET', `${there}/${part}`)
    const text = JSON.stringify(data.items)
    expect([part, text.includes(theirs[part.split('/').at(-1) ?? ''] ?? '-')]).toEqual([part, true])
    expect(text).not.toContain('Taken over')
  }
})
