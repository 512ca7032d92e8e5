// Signing out by the Client API: an application of the business ends the session that its own token comes from.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Call, callerOf } from '../../support/client-api.ts'
import { proofKey } from '../../support/dpop.ts'
import { type Credentials, postForm, refresh } from '../../support/endpoints.ts'
import { eventsIn, openEvents, openStream } from '../../support/event-stream.ts'
import { eventually } from '../../support/eventually.ts'
import {
  isSignedIn,
  type Person,
  signedInPerson,
  type Tokens,
  tokensFor,
} from '../../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../../support/server.ts'
import { describeOnAllStores } from '../../support/stores.ts'

const HOUR = 3_600_000
/** Longer than a session lives unused. */
const FORTNIGHT = 15 * 24 * HOUR

type SignedIn = { person: Person; tokens: Tokens; call: Call }

describeOnAllStores('DELETE /session', (start) => {
  let server: TestServer
  let house: Credentials
  beforeAll(async () => {
    server = await start()
    house = await server.register({ kind: 'browser', firstParty: true })
  })
  afterAll(() => server.stop())

  async function signIn(email?: string, client = house): Promise<SignedIn> {
    const person = await signedInPerson(server, email)
    const tokens = await tokensFor(server, person, { client, parameters: { scope: 'openid' } })
    return { person, tokens, call: callerOf(server, tokens.access_token) }
  }
  const canRefresh = async (client: Credentials, tokens: Tokens): Promise<boolean> =>
    (await refresh(server, client, { refresh_token: tokens.refresh_token })).status === 200

  /** [access token, refresh token, browser] */
  const lives = async ({ person, tokens, call }: SignedIn): Promise<boolean[]> => [
    (await call('GET', '/sessions')).status !== 401,
    await canRefresh(house, tokens),
    await isSignedIn(server, person.agent),
  ]

  it('R13: ends the session of the token with all that it gave, without a scope, and no other', async () => {
    const here = await signIn()
    const there = await signIn(here.person.email)
    expect(here.tokens.scope).toBe('openid')
    expect((await here.call('DELETE', '/session')).data).toEqual({ ended: 1 })
    expect(await lives(here)).toEqual([false, false, false])
    expect(await lives(there)).toEqual([true, true, true])
    expect((await here.call('DELETE', '/session')).status).toBe(401)
  })

  it('ends them all with everywhere=true', async () => {
    const here = await signIn()
    const there = await signIn(here.person.email)
    const stranger = await signIn()
    for (const query of ['everywhere=yes', 'everywhere', 'else=true'])
      expect((await here.call('DELETE', `/session?${query}`)).failure.code).toBe('bad_request')
    expect((await here.call('DELETE', '/session?everywhere=true')).data).toEqual({ ended: 2 })
    for (const each of [here, there]) expect(await lives(each)).toEqual([false, false, false])
    expect(await lives(stranger)).toEqual([true, true, true])
  })

  it('ends one with everywhere=false', async () => {
    const here = await signIn()
    const there = await signIn(here.person.email)
    expect((await here.call('DELETE', '/session?everywhere=false')).data).toEqual({ ended: 1 })
    expect(await lives(there)).toEqual([true, true, true])
  })

  it('ends what is left of a session that is over: the permission that outlives it', async () => {
    const person = await signedInPerson(server)
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const tokens = await tokensFor(server, person, { client: house, parameters })
    server.clock.forward(FORTNIGHT)
    await server.jobs.runDue()
    server.clock.forward(-FORTNIGHT)
    const later = (await refresh(server, house, { refresh_token: tokens.refresh_token })).body
    const call = callerOf(server, String(later.access_token))
    expect((await call('DELETE', '/session')).data).toEqual({ ended: 0 })
    expect((await call('DELETE', '/session')).status).toBe(401)
    const again = await refresh(server, house, { refresh_token: later.refresh_token })
    expect(again.body.error).toBe('invalid_grant')
  })

  it('is refused to the application of somebody else, whatever scopes it has', async () => {
    const other = await server.register({ kind: 'browser' })
    const person = await signedInPerson(server)
    const { access_token } = await tokensFor(server, person, {
      client: other,
      parameters: { scope: 'openid sessions:read profile:read' },
    })
    const call = callerOf(server, access_token)
    const { status, failure, headers } = await call('DELETE', '/session')
    expect([status, failure.code]).toEqual([403, 'insufficient_scope'])
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_scope", resource_metadata=/,
    )
    expect(await isSignedIn(server, person.agent)).toBe(true)
    expect((await call('GET', '/sessions')).status).toBe(200)
  })
})

describe('/session with a token that is bound to a key', () => {
  it('J19: needs a proof of that very request, to sign out and to hear of it', async () => {
    const server = await startServer()
    const client = await server.register({ kind: 'browser', firstParty: true })
    const key = await proofKey()
    const { agent } = await signedInPerson(server)
    const pending = await (await createRelyingParty(server, client)).authorize({ scope: 'openid' })
    const left = await untilLeft(() => agent.open(pending.url))
    const { body } = await postForm(server, 'token', {
      client,
      headers: { dpop: await key.proof({ method: 'POST', uri: `${server.baseUrl}/oauth/token` }) },
      fields: {
        grant_type: 'authorization_code',
        code: String(left.searchParams.get('code')),
        redirect_uri: REDIRECT_URI,
        code_verifier: pending.verifier,
      },
    })
    const accessToken = String(body.access_token)
    const uri = `${server.baseUrl}/api/client/v1/session`
    const headersFor = async (method: string, about = uri, scheme = 'DPoP') => ({
      authorization: `${scheme} ${accessToken}`,
      dpop: await key.proof({ method, uri: about, accessToken }),
    })
    const listen = async (...proof: Parameters<typeof headersFor>) =>
      openStream(server, { headers: await headersFor(...proof) })
    const signOut = async (...proof: Parameters<typeof headersFor>) =>
      callerOf(server)('DELETE', '/session', { headers: await headersFor(...proof) })

    expect((await listen('GET')).status).toBe(401)
    expect((await listen('GET', `${uri}/events`, 'Bearer')).status).toBe(401)
    const stream = await listen('GET', `${uri}/events`)
    expect(stream.status).toBe(200)
    expect((await signOut('GET')).status).toBe(401)
    expect((await signOut('DELETE', uri, 'Bearer')).status).toBe(401)
    expect((await signOut('DELETE')).data).toEqual({ ended: 1 })
    expect(eventsIn(await stream.ended)).toEqual(['event: signed-out data: {}'])
    await server.stop()
  })
})

describe('GET /session/events', () => {
  let server: TestServer
  let house: Credentials
  beforeAll(async () => {
    server = await startServer()
    house = await server.register({ kind: 'browser', firstParty: true })
  })
  afterAll(() => server.stop())

  async function tokenFor(client: Credentials): Promise<string> {
    const parameters = { scope: 'openid sessions:read' }
    const person = await signedInPerson(server)
    return (await tokensFor(server, person, { client, parameters })).access_token
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  it('begins at once, and passes through whatever is between', async () => {
    const stream = await openEvents(server, await tokenFor(house))
    expect(stream.status).toBe(200)
    expect(stream.text()).toBe(':\n\n')
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
      'x-request-id': expect.any(String),
    })
    expect(stream.headers).not.toHaveProperty('content-encoding')
    stream.leave()
  })

  it('O23: can be read from every origin, and never with the browser’s own credentials', async () => {
    const origin = { origin: 'https://app.example' }
    const asked = await openStream(server, {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,dpop',
      },
    })
    expect(asked.headers['access-control-allow-headers']).toMatch(/authorization.*dpop/)
    const headers = { ...bearer(await tokenFor(house)), ...origin }
    for (const answer of [
      await openStream(server, { headers }),
      await openStream(server, { headers: origin }),
    ]) {
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
      answer.leave()
    }
  })

  it('ends with the access token, which is no sign-out', async () => {
    const stream = await openEvents(server, await tokenFor(house))
    server.clock.forward(HOUR)
    try {
      expect(await stream.ended).toMatch(/^(?::\n\n)+$/)
    } finally {
      server.clock.forward(-HOUR)
    }
  })

  it('is refused without a good token, and to the application of somebody else', async () => {
    const other = await server.register({ kind: 'browser' })
    const refusals: [{ [name: string]: string }, number][] = [
      [{}, 401],
      [bearer('nonsense'), 401],
      [bearer(await tokenFor(other)), 403],
    ]
    for (const [headers, status] of refusals)
      expect((await openStream(server, { headers })).status).toBe(status)
  })

  it('answers HEAD with its headers, and holds nothing open', async () => {
    const headers = bearer(await tokenFor(house))
    const answer = await openStream(server, { method: 'HEAD', headers })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/event-stream'])
    expect(await answer.ended).toBe('')
  })

  it('is one line of the log when it is over, and no error when a tab was closed', async () => {
    const stream = await openEvents(server, await tokenFor(house))
    server.log.lines.length = 0
    stream.leave()
    await eventually(async () => expect(server.log.lines).toHaveLength(1))
    expect(server.log.lines[0]).toMatch(
      /^request .*"path":"\/api\/client\/v1\/session\/events","status":200/,
    )
  })
})
