// Staying out after being thrown out: signed access tokens of what has ended are refused at once, everywhere.

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import type { Collection } from '../../src/stores/documents.ts'
import { type Credentials, refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder } from '../support/folder.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { expectWithin } from '../support/stopwatch.ts'
import { describeOnAllStores } from '../support/stores.ts'

const SCOPE = 'openid profile:read'

/** Asked on its own port, under the name in `BASE_URL`. */
async function profile(at: TestServer, accessToken: unknown): Promise<number> {
  const address = at.http.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const headers = { authorization: `Bearer ${accessToken}`, host: new URL(at.baseUrl).host }
  const asked = request({ host: 'localhost', port, path: '/api/client/v1/profile', headers }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // node:http's event
  answer.resume()
  return answer.statusCode ?? 0
}

/** Signs the person's browser out, by the page. */
async function signOut({ agent }: Person): Promise<void> {
  await agent.submit(await agent.open('/oauth/logout'))
}

describeOnAllStores('a signed access token', (start) => {
  let server: TestServer
  let web: Credentials
  let browser: Credentials

  beforeAll(async () => {
    server = await start()
    web = await server.register()
    browser = await server.register({ kind: 'browser' })
  })
  afterAll(() => server.stop())

  const sign = (who: Person, client: Credentials): Promise<Tokens> =>
    tokensFor(server, who, { client, parameters: { scope: SCOPE } })

  it('J12: is refused from the moment its session was signed out, whichever client has it', async () => {
    const person = await signedInPerson(server)
    const tokens = [await sign(person, web), await sign(person, browser)]
    const later = (await refresh(server, browser, { refresh_token: tokens[1]?.refresh_token })).body
    for (const { access_token } of [...tokens, later])
      expect(await profile(server, access_token)).toBe(200)
    await signOut(person)
    for (const { access_token } of [...tokens, later])
      expect(await profile(server, access_token)).toBe(401)
  })

  it('is not touched by another browser of the same person, nor by a sign-in that renews the session', async () => {
    const person = await signedInPerson(server)
    const elsewhere = await signedInPerson(server, person.email)
    const kept = await sign(elsewhere, web)
    await signOut(person)
    expect(await profile(server, kept.access_token)).toBe(200)
    const party = await createRelyingParty(server, web)
    const { url } = await party.authorize({ prompt: 'login', scope: SCOPE })
    await signIn(server, { url, ...elsewhere })
    expect(await profile(server, kept.access_token)).toBe(200)
  })

  it('is refused when its grant ended, because a stolen refresh token came back', async () => {
    const person = await signedInPerson(server)
    const [first, other] = [await sign(person, browser), await sign(person, web)]
    const second = (await refresh(server, browser, { refresh_token: first.refresh_token })).body
    const third = (await refresh(server, browser, { refresh_token: second.refresh_token })).body
    await refresh(server, browser, { refresh_token: first.refresh_token })
    expect(await profile(server, third.access_token)).toBe(401)
    expect(await profile(server, other.access_token)).toBe(200)
  })

  it.each([
    [
      'disabled',
      (clients: Collection<Client>, id: string) =>
        clients.updateOne({ _id: id }, { $set: { disabledAt: 1 } }),
    ],
    ['removed', (clients: Collection<Client>, id: string) => clients.deleteMany({ _id: id })],
  ])('J12: is refused when its client is %s, within seconds', async (_how, end) => {
    const client = await server.register()
    const { access_token } = await sign(await signedInPerson(server), client)
    expect(await profile(server, access_token)).toBe(200)
    await end(server.documents.collection<Client>(clientsCollection), client.client_id)
    server.clock.forward(3000)
    expect(await profile(server, access_token)).toBe(401)
  })

  it('is refused by userinfo and introspection, too', async () => {
    const person = await signedInPerson(server)
    const house = await server.register({ firstParty: true })
    const { access_token } = await sign(person, web)
    await signOut(person)
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await fetch(`${server.baseUrl}/oauth/userinfo`, { headers })).status).toBe(401)
    const basic = Buffer.from(`${house.client_id}:${house.client_secret}`).toString('base64')
    const asked = await fetch(`${server.baseUrl}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ token: access_token }),
    })
    expect(await asked.json()).toEqual({ active: false })
  })
})

describe('a server that starts again', () => {
  it('revives nothing', async () => {
    const dataDir = newFolder('foyer-again-')
    const first = await startServer({ dataDir })
    const web = await first.register()
    const person = await signedInPerson(first)
    const parameters = { scope: SCOPE }
    const { access_token } = await tokensFor(first, person, { client: web, parameters })
    const other = await tokensFor(first, await signedInPerson(first), { client: web, parameters })
    await signOut(person)
    await first.stop()
    const again = await startServer({ dataDir, env: { BASE_URL: first.baseUrl } })
    expect(await profile(again, other.access_token)).toBe(200)
    expect(await profile(again, access_token)).toBe(401)
    await again.stop()
    rmSync(dataDir, { recursive: true })
  })
})

describeWithServices('two processes on one MongoDB', () => {
  const mongo = mongoForTest()
  afterAll(() => mongo.drop())

  it('know of a sign-out within five seconds, also without Redis between them', async () => {
    // The second announces to nobody: a store of messages of its own.
    const env = { MONGODB_URI: mongo.uri, SECRET: 'a-secret-that-two-processes-share-0123456789' }
    const here = await startServer({ env: { ...env, REDIS_URL: redisForTest().url } })
    const there = await startServer({ env: { ...env, BASE_URL: here.baseUrl } })
    const web = await here.register()
    const person = await signedInPerson(here)
    const { access_token } = await tokensFor(here, person, {
      client: web,
      parameters: { scope: SCOPE },
    })
    const askThere = () => profile(there, access_token)
    await eventually(async () => expect(await askThere()).toBe(200))
    await signOut(person)
    await expectWithin(5000, () => eventually(async () => expect(await askThere()).toBe(401)))
    await Promise.all([here.stop(), there.stop()])
  })
})
