// Clients that change while the server runs: within five seconds the engine goes by what they are now.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { clientsCollection } from '../../src/stores/clients.ts'
import type { Update } from '../../src/stores/documents.ts'
import { type Credentials, postForm } from '../support/endpoints.ts'
import { createRelyingParty, type RelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: Credentials
let party: RelyingParty
let machine: Credentials

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

beforeEach(async () => {
  client = await server.register({ firstParty: true })
  party = await createRelyingParty(server, client)
  machine = await server.register({ kind: 'machine' })
  // Known to the engine as they are.
  expect(await authorize()).toMatch(/^\/sign-in\//)
  expect(await clientCredentials()).toBe(200)
})

/** Where the browser is sent with a request of the client's. */
async function authorize(parameters = {}): Promise<string | null> {
  const { url } = await party.authorize(parameters)
  return (await fetch(url, { redirect: 'manual' })).headers.get('location')
}

async function clientCredentials(): Promise<number> {
  const fields = { grant_type: 'client_credentials' }
  return (await postForm(server, 'token', { client: machine, fields })).status
}

async function change(id: string, update: Update): Promise<void> {
  await server.documents.collection(clientsCollection).updateOne({ _id: id }, update)
  server.clock.forward(5000)
}

it('sends people to an address that was added, and no more to one that was removed', async () => {
  const redirect_uri = 'https://new.example.com/callback'
  expect(await authorize({ redirect_uri })).toBeNull()
  await change(client.client_id, { $set: { redirectUris: [redirect_uri] } })
  expect(await authorize({ redirect_uri })).toMatch(/^\/sign-in\//)
  expect(await authorize()).toBeNull()
})

it('knows a client no more that was disabled, and again when it is enabled', async () => {
  await change(machine.client_id, { $set: { disabledAt: server.clock.now() } })
  expect(await clientCredentials()).toBe(401)
  await change(machine.client_id, { $unset: { disabledAt: true } })
  expect(await clientCredentials()).toBe(200)
})

it('takes no secret that was removed', async () => {
  await change(machine.client_id, { $set: { secrets: [] } })
  expect(await clientCredentials()).toBe(401)
})

it('goes by what a client is now, not by what it was at its first request', async () => {
  await change(client.client_id, { $set: { pkce: 'optional' } })
  const plain = { code_challenge: '', code_challenge_method: '' }
  expect(await authorize(plain)).toMatch(/^\/sign-in\//)
  await change(client.client_id, { $set: { pkce: 'required' } })
  expect(await authorize(plain)).toMatch(/error=invalid_request/)
})
