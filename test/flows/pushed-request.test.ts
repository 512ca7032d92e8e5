// PAR (RFC 9126): an application pushes its request, and the browser carries a reference.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inDays } from '../support/calendar.ts'
import { type Credentials, postForm } from '../support/endpoints.ts'
import { type Person, signedInPerson } from '../support/journeys.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let own: Credentials
let ownParty: RelyingParty
let person: Person

beforeAll(async () => {
  server = await startServer()
  own = await server.register({ firstParty: true })
  ownParty = await createRelyingParty(server, own)
  person = await signedInPerson(server)
})
afterAll(() => server.stop())

describe('a pushed authorization request', () => {
  /** Pushes a request by hand, as a client of this party. */
  async function push(more: { [name: string]: string } = {}) {
    const pending = await ownParty.authorize(more)
    const fields = Object.fromEntries(pending.url.searchParams)
    return { pending, pushed: await postForm(server, 'par', { client: own, fields }) }
  }

  const requested = (uri: unknown, client = own) =>
    new URL(
      `/oauth/authorize?${new URLSearchParams({ client_id: client.client_id, request_uri: String(uri) })}`,
      server.baseUrl,
    )

  it('comes from the client itself, and the browser carries only a reference', async () => {
    const { pending, pushed } = await push()
    expect(pushed).toMatchObject({
      status: 201,
      body: { request_uri: expect.stringMatching(/^urn:/), expires_in: 60 },
    })
    expect(pushed.headers.get('cache-control')).toContain('no-store')
    const url = requested(pushed.body.request_uri)
    const callback = await untilLeft(() => person.agent.open(url))
    const tokens = await ownParty.exchange(callback, pending)
    expect(tokens.claims()).toHaveProperty('email', person.email)
  })

  it('is good once, for its client, for a minute', async () => {
    const used = (await push()).pushed.body.request_uri
    await untilLeft(() => person.agent.open(requested(used)))
    expect((await person.agent.open(requested(used))).status).toBe(400)
    const foreign = (await push()).pushed.body.request_uri
    const other = await server.register({ firstParty: true })
    expect((await person.agent.open(requested(foreign, other))).status).toBe(400)
    const late = (await push()).pushed.body.request_uri
    await inDays(1 / 24, async () =>
      expect((await person.agent.open(requested(late))).status).toBe(400),
    )
  })

  it('is refused at once and in JSON where authorize would, and without the client’s proof', async () => {
    const wrong = await push({ redirect_uri: 'https://evil.test/' })
    expect(wrong.pushed).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const fields = Object.fromEntries((await ownParty.authorize()).url.searchParams)
    expect((await postForm(server, 'par', { fields })).body.error).toBe('invalid_client')
  })
})
