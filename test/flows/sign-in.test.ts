// The main job, from outside: a third party signs a customer in and reads the Client API.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('a third-party application', () => {
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    party = await createRelyingParty(server, await server.register())
  })
  afterAll(() => server.stop())

  it('signs a customer in, and reads their profile with the token it got', async () => {
    const pending = await party.authorize()
    const callback = await signIn(server, { url: pending.url, email: 'ana.dubois@example.com' })
    const tokens = await party.exchange(callback, pending)
    expect(tokens.claims()).toMatchObject({ email: 'ana.dubois@example.com', given_name: 'Ana' })

    const userinfo = await oidc.fetchUserInfo(
      party.config,
      tokens.access_token,
      String(tokens.claims()?.sub),
    )
    expect(userinfo.email).toBe('ana.dubois@example.com')

    const response = await fetch(`${server.baseUrl}/api/client/v1/profile`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(await response.json()).toMatchObject({ success: true, data: { given_name: 'Ana' } })

    const refreshed = await oidc.refreshTokenGrant(party.config, String(tokens.refresh_token))
    expect(refreshed.access_token).not.toBe(tokens.access_token)
  })
})
