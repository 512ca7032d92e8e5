// Previews as relying parties meet them: one wildcard label, for some days, and nothing that outlives the session.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY } from '../../src/shared/clock.ts'
import { clientsCollection } from '../../src/stores/clients.ts'
import { callerOf } from '../support/client-api.ts'
import { refresh } from '../support/endpoints.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

const CALLBACK = 'https://pr-7.preview.example.com/cb'

let server: TestServer
let preview: { client_id: string }
beforeAll(async () => {
  server = await startServer()
  preview = await server.register({
    kind: 'preview',
    redirectUris: ['https://*.preview.example.com/cb'],
    postLogoutRedirectUris: ['https://*.preview.example.com/bye'],
  })
})
afterAll(() => server.stop())

async function authorize(redirectUri: string, parameters = {}): Promise<Response> {
  const party = await createRelyingParty(server, preview, redirectUri)
  const { url } = await party.authorize(parameters)
  return fetch(url, { redirect: 'manual' })
}

async function signedIn(parameters = {}) {
  const party = await createRelyingParty(server, preview, CALLBACK)
  const pending = await party.authorize(parameters)
  const email = `preview-${Math.random()}@example.org`
  return party.exchange(await signIn(server, { url: pending.url, email }), pending)
}

describe('a preview', () => {
  it('signs people in at an address with one label in place of the wildcard', async () => {
    const tokens = await signedIn()
    expect((await callerOf(server, tokens.access_token)('GET', '/profile')).status).toBe(200)
    expect((await refresh(server, preview, { refresh_token: tokens.refresh_token })).status).toBe(
      200,
    )
  })

  it.each([
    'https://*.preview.example.com/cb',
    'https://a.b.preview.example.com/cb',
    'https://evil.example/.preview.example.com/cb',
    'https://evil.example@pr-7.preview.example.com/cb',
    'https://pr-7.preview.example.com:8443/cb',
    'https://pr-7.preview.example.com/cb/..',
    'http://pr-7.preview.example.com/cb',
    'javascript:alert(1)//.preview.example.com/cb',
    'data:text/html,x',
    'vbscript:x',
    'file:///x',
    '*',
  ])('O05: sends nobody to %s', async (redirectUri) => {
    const answer = await authorize(redirectUri)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///x',
    '*',
    'https://*.x.com/cb',
  ])('O05: even if %s stood in the store, another kind is never sent there', async (stored) => {
    const { client_id } = await server.register({ kind: 'browser' })
    const redirectUris = [stored]
    await server.documents
      .collection(clientsCollection)
      .updateOne({ _id: client_id }, { $set: { redirectUris } })
    for (const asked of [stored, 'https://pr.x.com/cb']) {
      const party = await createRelyingParty(server, { client_id }, asked)
      const { url } = await party.authorize()
      const answer = await fetch(url, { redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })

  it('sends people who signed out to such an address, and lets its scripts read tokens', async () => {
    const bye = 'https://pr-7.preview.example.com/bye'
    const { id_token } = await signedIn()
    const leave = async (uri: string) => {
      const query = { id_token_hint: String(id_token), post_logout_redirect_uri: uri }
      const address = `${server.baseUrl}/oauth/logout?${new URLSearchParams(query)}`
      const answer = await fetch(address, { redirect: 'manual' })
      return answer.headers.get('location') ?? answer.status
    }
    expect(await leave(bye)).toBe(bye)
    expect(await leave('https://a.b.preview.example.com/bye')).toBe(400)
    const allowed = async (origin: string) => {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        ...preview,
        refresh_token: 'x',
      })
      const answer = await fetch(`${server.baseUrl}/oauth/token`, {
        method: 'POST',
        headers: { origin },
        body,
      })
      return answer.headers.get('access-control-allow-origin')
    }
    expect(await allowed('https://pr-7.preview.example.com')).toBe(
      'https://pr-7.preview.example.com',
    )
    expect(await allowed('https://a.b.preview.example.com')).toBeNull()
    expect(await allowed('https://preview.example.com')).toBeNull()
  })

  it('is never given offline_access', async () => {
    const answer = await authorize(CALLBACK, {
      scope: 'openid offline_access',
      prompt: 'consent',
    })
    expect(answer.headers.get('location')).toContain('error=invalid_scope')
    expect((await signedIn({ scope: 'openid offline_access' })).scope).toBe('openid')
  })

  // The last one: it moves the clock.
  it('ends at its time: authorize says so, and nothing that it was given works', async () => {
    const tokens = await signedIn()
    const unknown = await createRelyingParty(server, { client_id: 'cli_nobody' }, CALLBACK)
    server.clock.forward(30 * DAY - 60_000)
    expect((await authorize(CALLBACK)).status).toBe(303)
    const late = await signedIn()
    server.clock.forward(60_000)
    const answer = await authorize(CALLBACK)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('this preview has ended')
    const other = await fetch((await unknown.authorize()).url)
    expect(await other.text()).not.toContain('this preview has ended')
    expect((await callerOf(server, late.access_token)('GET', '/profile')).status).toBe(401)
    for (const { refresh_token } of [tokens, late])
      expect((await refresh(server, preview, { refresh_token })).status).not.toBe(200)

    await server.documents
      .collection(clientsCollection)
      .updateOne({ _id: preview.client_id }, { $set: { expiresAt: server.clock.now() + DAY } })
    server.clock.forward(5000)
    expect((await authorize(CALLBACK)).status).toBe(303)
  })
})
