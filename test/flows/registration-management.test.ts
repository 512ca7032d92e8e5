// Applications that read, change and remove their own registration (RFC 7592).

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { DAY, MINUTE } from '../../src/shared/clock.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import { createParty } from '../support/conformance.ts'
import { postForm } from '../support/endpoints.ts'
import {
  allowRegistration,
  endpointOf,
  type Fields,
  metadata,
  registered,
  send,
} from '../support/registration.ts'
import type { OtherOrganisation, TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'
import { storedBytes } from '../support/stored-bytes.ts'
import { describeOnAllStores } from '../support/stores.ts'

const CALLBACK = 'https://suite.example.org/test/a/foyer/callback'

describeOnAllStores('a registration, managed', (start) => {
  let server: TestServer
  let other: OtherOrganisation
  beforeAll(async () => {
    server = await start()
    other = await server.addOrganisation('other')
    await server.changeSignIn(roomyLimits)
    for (const issuer of [server, other])
      await allowRegistration(server, issuer, { pkce: 'optional', apiScopes: ['orders:read'] })
  })
  afterAll(() => server.stop())
  beforeEach(() => server.clock.forward(MINUTE))

  type Registered = Awaited<ReturnType<typeof registered>>
  const read = ({ uri, token }: { uri: string; token: string }) =>
    send(uri, { token, method: 'GET' })
  const put = ({ id, uri, token }: Registered, change: Fields = {}) =>
    send(uri, { token, method: 'PUT', body: { client_id: id, ...metadata(change) } })
  const stored = (id: string) =>
    server.documents.collection<Client>(clientsCollection).findOne({ _id: id })

  it('is read as it is in effect, without the secret', async () => {
    const chosen = {
      client_uri: 'https://app.example.com/',
      logo_uri: 'https://app.example.com/logo.png',
      policy_uri: 'https://app.example.com/policy',
      tos_uri: 'https://app.example.com/terms',
      initiate_login_uri: 'https://app.example.com/sign-in',
      backchannel_logout_uri: 'https://app.example.com/signed-out',
      post_logout_redirect_uris: ['https://app.example.com/bye'],
    }
    const made = await registered(server, server, chosen)
    expect(made.body).toMatchObject(chosen)
    const { client_secret: _secret, client_secret_expires_at: _ends, ...known } = made.body
    expect(await read(made)).toMatchObject({ status: 200, body: known })
    expect((await read(made)).body).not.toHaveProperty('client_secret')
  })

  it('is replaced by an update, which ends its token and gives another', async () => {
    const made = await registered(server, server, {
      client_uri: 'https://app.example.com/',
      scope: 'orders:read',
    })
    const change = { client_name: 'Another', redirect_uris: ['https://app.example.com/other'] }
    const { status, body } = await put(made, change)
    expect({ status, body }).toMatchObject({ status: 200, body: { client_id: made.id, ...change } })
    expect(body).not.toHaveProperty('client_uri') // what is left out is taken away
    expect(body).not.toHaveProperty('scope')
    expect(body).not.toHaveProperty('client_secret')
    const token = String(body.registration_access_token)
    expect(token).not.toBe(made.token)
    expect((await read(made)).status).toBe(401)
    expect(await read({ ...made, token })).toMatchObject({ status: 200, body: change })
    for (const value of [made.token, token]) expect(await storedBytes(server)).not.toContain(value)
    expect(await server.clients.verifySecret(await clientOf(made.id), made.secret ?? '')).toBe(true)
  })

  it('keeps its token when an update is refused', async () => {
    const made = await registered(server, server)
    for (const change of [
      { redirect_uris: ['javascript:alert(1)'] },
      { redirect_uris: ['https://app.example.com/cb#x'] },
      { token_endpoint_auth_method: 'none' },
      { application_type: 'native', redirect_uris: ['com.example.app:/cb'] },
      { software_statement: 'eyJ' },
      { scope: 'sessions:write' },
      { logo_uri: 'https://169.254.169.254/' },
      { client_secret: 'not it' },
      { client_secret: ['x'] },
      { registration_access_token: made.token },
      { client_id: 'cli_other' },
    ] as Fields[])
      expect({ change, status: (await put(made, change)).status }).toEqual({ change, status: 400 })
    expect(await read(made)).toMatchObject({ status: 200, body: metadata() })
    expect((await put(made, { client_secret: made.secret })).status).toBe(200)
  })

  it.each([
    ['too large', 413, `{"client_name":"${'x'.repeat(60_000)}"}`],
    ['with a NUL', 400, '{"client_name":"a\\u0000b"}'],
    ['no JSON', 400, '{'],
    ['no object', 400, '["client_secret"]'],
  ])('refuses a body that is %s', async (_name, status, body) => {
    const made = await registered(server, server)
    expect((await send(made.uri, { token: made.token, method: 'PUT', body })).status).toBe(status)
    expect((await read(made)).status).toBe(200)
  })

  it('P02: an update makes nobody first-party', async () => {
    const made = await registered(server, server)
    const change = { foyer_client: { firstParty: true }, first_party: true, firstParty: true }
    expect((await put(made, change)).status).toBe(200)
    expect(await stored(made.id)).toMatchObject({
      firstParty: false,
      registeredBy: expect.any(String),
    })
  })

  it('updated twenty times at once with one token, it is updated once', async () => {
    const made = await registered(server, server)
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => put(made, { client_name: `Name ${index}` })),
    )
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(401)])
    const won = all.find(({ status }) => status === 200)
    const token = String(won?.body.registration_access_token)
    expect((await read({ ...made, token })).body.client_name).toBe(won?.body.client_name)
  })

  it('gets a new secret beside the former with an update in the last thirty days of it', async () => {
    const made = await registered(server, server)
    server.clock.forward(371 * DAY)
    const { body } = await put(made)
    expect(body.client_secret).toMatch(/^fys_/)
    for (const secret of [made.secret ?? '', String(body.client_secret)])
      expect(await server.clients.verifySecret(await clientOf(made.id), secret)).toBe(true)
    const token = String(body.registration_access_token)
    expect((await put({ ...made, token })).body).not.toHaveProperty('client_secret')
  })

  it('M06: opened with the token of another, or at another issuer, it tells nothing', async () => {
    const mine = await registered(server, server)
    const theirs = await registered(server, other)
    const foreign = `${endpointOf(other)}/${mine.id}`
    for (const [uri, token] of [
      [foreign, mine.token],
      [foreign, theirs.token],
      [`${endpointOf(server)}/${theirs.id}`, theirs.token],
      [mine.uri, 'wrong'],
      [mine.uri, mine.secret],
    ])
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = method === 'PUT' ? { client_id: mine.id, ...metadata() } : undefined
        const { status, body: said } = await send(uri ?? '', { token, method, body })
        expect({ uri, method, status }).toEqual({ uri, method, status: 401 })
        expect(Object.keys(said).sort()).toEqual(['error', 'error_description'])
      }
    expect((await read(mine)).status).toBe(200)
    // A token that is shown for another client is given up (RFC 7592, 2).
    const second = await registered(server, server)
    expect((await read({ uri: mine.uri, token: second.token })).status).toBe(401)
    expect((await read(second)).status).toBe(401)
  })

  it('clients of operators have none, whatever token is shown', async () => {
    const { client_id } = await server.register()
    const made = await registered(server, server)
    const uri = `${endpointOf(server)}/${client_id}`
    expect((await read({ uri, token: made.token })).status).toBe(401)
  })

  it('of a client that an operator disabled, it is refused until that is taken back', async () => {
    const made = await registered(server, server)
    const clients = server.documents.collection<Client>(clientsCollection)
    await clients.updateOne({ _id: made.id }, { $set: { disabledAt: server.clock.now() } })
    expect((await read(made)).status).toBe(401)
    await clients.updateOne({ _id: made.id }, { $unset: { disabledAt: true } })
    server.clock.forward(MINUTE)
    expect((await read(made)).status).toBe(200)
  })

  it('deleted, it takes its grants with it, and its tokens', async () => {
    const made = await registered(server, server, { redirect_uris: [CALLBACK] })
    const client = { client_id: made.id, client_secret: made.secret ?? '' }
    const { tokens } = await createParty(server, {
      client,
      email: 'ana.dubois@example.com',
    }).signIn()
    expect(await send(made.uri, { token: made.token, method: 'DELETE' })).toMatchObject({
      status: 204,
      body: {},
    })
    expect((await read(made)).status).toBe(401)
    server.clock.forward(5000)
    const fields = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
    expect((await postForm(server, 'token', { client, fields })).status).toBe(401)
    expect(
      await server.documents.collection({ name: 'grants', indexes: [] }).count({ client: made.id }),
    ).toBe(0)
    expect(await stored(made.id)).toMatchObject({ removedAt: expect.any(Number), secrets: [] })
    expect(await stored(made.id)).not.toHaveProperty('registrationToken')
  })

  it('P17: leaves rows in the audit log under its own name, and no secret', async () => {
    const made = await registered(server, server)
    await put(made, { client_name: 'Another' })
    const rows = await server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ organisation: server.organisation._id, target: made.id }, { limit: 10 })
    expect(rows).toHaveLength(2)
    for (const row of [
      { action: 'client.created', actor: expect.stringMatching(/^rgt_/) },
      { action: 'client.changed', actor: made.id, after: { name: 'Another' } },
    ])
      expect(rows).toContainEqual(expect.objectContaining(row))
    expect(JSON.stringify(rows)).not.toContain((made.secret ?? '').slice(4, -4))
  })

  async function clientOf(id: string): Promise<Client> {
    const client = await stored(id)
    if (!client) throw new Error('there is no such client')
    return client
  }
})
