// How long what a client is given lives: its own choice before the organisation's, within what is safe.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { clientsCollection } from '../../src/stores/clients.ts'
import { postForm, refresh } from '../support/endpoints.ts'
import { signedInPerson, tokensFor } from '../support/journeys.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(() => server.change({ lifetimes: {} }))

async function signedIn(input: Partial<NewClient>, parameters = {}) {
  const client = await server.register(input)
  const person = await signedInPerson(server)
  return { client, tokens: await tokensFor(server, person, { client, parameters }) }
}

/** In seconds, as the application is told. */
async function livesOf(input: Partial<NewClient>) {
  const [ofApi, opaque] = [
    await signedIn(input, { scope: 'openid profile:read' }),
    await signedIn(input, { scope: 'openid' }),
  ]
  const machine = await server.register({ ...input, kind: 'machine', redirectUris: [] })
  const fields = { grant_type: 'client_credentials' }
  const { body } = await postForm(server, 'token', { client: machine, fields })
  const { exp = 0, iat = 0 } = decodeJwt(String(opaque.tokens.id_token))
  const signed = decodeJwt(ofApi.tokens.access_token)
  expect(Number(signed.exp) - Number(signed.iat)).toBe(ofApi.tokens.expires_in)
  return [ofApi.tokens.expires_in, opaque.tokens.expires_in, body.expires_in, exp - iat]
}

describe('access and ID tokens', () => {
  it('live as long as the client says, else as long as the organisation says', async () => {
    expect(await livesOf({})).toEqual([3600, 3600, 3600, 3600])
    await server.change({ lifetimes: { accessToken: 30 * MINUTE, idToken: 20 * MINUTE } })
    expect(await livesOf({})).toEqual([1800, 1800, 1800, 1200])
    const lifetimes = { accessToken: 10 * MINUTE }
    expect(await livesOf({ lifetimes })).toEqual([600, 600, 600, 1200])
  })

  it('never live longer than is safe, whatever stands in the store', async () => {
    const { client_id, client_secret } = await server.register({
      kind: 'machine',
      redirectUris: [],
    })
    await server.documents
      .collection(clientsCollection)
      .updateOne({ _id: client_id }, { $set: { lifetimes: { accessToken: 30 * DAY } } })
    const client = { client_id, ...(client_secret && { client_secret }) }
    const fields = { grant_type: 'client_credentials' }
    const { body } = await postForm(server, 'token', { client, fields })
    expect(body.expires_in).toBe(3600)
  })
})

describe('refresh tokens', () => {
  const offline = { scope: 'openid offline_access', prompt: 'consent' }

  it('unused for as long as the client says are good no more', async () => {
    const { client, tokens } = await signedIn({ lifetimes: { refreshIdle: 2 * HOUR } }, offline)
    server.clock.forward(2 * HOUR - MINUTE)
    expect((await refresh(server, client, { refresh_token: tokens.refresh_token })).status).toBe(
      200,
    )
    const other = await signedIn({ lifetimes: { refreshIdle: 2 * HOUR } }, offline)
    server.clock.forward(2 * HOUR + MINUTE)
    const late = await refresh(server, other.client, { refresh_token: other.tokens.refresh_token })
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant'])
  })

  it('of a client that says so outlive what the organisation allows, and so does their grant', async () => {
    const days = async (lifetimes: NewClient['lifetimes']) => {
      const { client, tokens } = await signedIn({ ...(lifetimes && { lifetimes }) }, offline)
      const grants = server.documents.collection<Kept>({ name: 'grants', indexes: [] })
      const kept = server.documents.collection<Kept>({ name: 'refresh-tokens', indexes: [] })
      const grant = await grants.findOne({ client: client.client_id })
      const token = await kept.findOne({ grant: String(grant?._id) })
      expect(tokens.refresh_token).toEqual(expect.any(String))
      // The engine goes by the machine's own clock.
      return [grant, token].map((each) => Math.round((Number(each?.expiresAt) - Date.now()) / DAY))
    }
    expect(await days(undefined)).toEqual([97, 30])
    expect(await days({ refreshIdle: 120 * DAY, refreshAbsolute: 150 * DAY })).toEqual([157, 120])
    expect(await days({ refreshIdle: 120 * DAY, refreshAbsolute: 10 * DAY })).toEqual([97, 10])
  })
})

type Kept = { _id: string; expiresAt: number }
