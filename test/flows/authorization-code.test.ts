// Authorization codes and PKCE, as an attacker between the parties would try them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import { postForm } from '../support/endpoints.ts'
import { signedInPerson } from '../support/journeys.ts'
import {
  createRelyingParty,
  type Pending,
  type RelyingParty,
  signIn,
  untilLeft,
} from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

describe('the authorization code', () => {
  let server: TestServer
  let agent: UserAgent
  let owner: { client_id: string; client_secret?: string }
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    owner = await server.register({ firstParty: true })
    party = await createRelyingParty(server, owner)
    agent = createUserAgent(server.baseUrl)
    const { url } = await party.authorize()
    await signIn(server, { url, email: 'ana.dubois@example.com', agent })
  })
  afterAll(() => server.stop())

  /** A fresh code for the signed-in customer. */
  async function code(parameters = {}): Promise<{ callback: URL; code: string; pending: Pending }> {
    const pending = await party.authorize(parameters)
    const callback = await untilLeft(() => agent.open(pending.url))
    return { callback, code: String(callback.searchParams.get('code')), pending }
  }

  /** The token endpoint, by hand: an attacker does not use a library. */
  async function redeem(
    fields: { [name: string]: string | undefined },
    client: { client_id: string; client_secret?: string } = owner,
  ): Promise<{ status: number; body: { [member: string]: unknown } }> {
    const response = await fetch(`${server.baseUrl}/oauth/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(client.client_secret && {
          authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`,
        }),
      },
      body: form({
        grant_type: 'authorization_code',
        redirect_uri: REDIRECT_URI,
        ...(!client.client_secret && { client_id: client.client_id }),
        ...fields,
      }),
    })
    return {
      status: response.status,
      body: (await response.json()) as { [member: string]: unknown },
    }
  }

  /** Without the fields that are `undefined`. */
  const form = (fields: { [name: string]: string | undefined }): string =>
    new URLSearchParams(JSON.parse(JSON.stringify(fields))).toString()

  const refused = { status: 400, body: expect.objectContaining({ error: 'invalid_grant' }) }

  it('O09: is not redeemed without the verifier, by a confidential client', async () => {
    const { code: value } = await code()
    expect(await redeem({ code: value })).toEqual(refused)
  })

  it('O09: is not redeemed without the verifier, by a public client', async () => {
    const publicClient = await server.register({ kind: 'browser', firstParty: true })
    const publicParty = await createRelyingParty(server, publicClient)
    const pending = await publicParty.authorize()
    const callback = await untilLeft(() => agent.open(pending.url))
    const value = String(callback.searchParams.get('code'))
    expect(await redeem({ code: value }, publicClient)).toEqual(refused)
    expect(
      (await redeem({ code: value, code_verifier: pending.verifier }, publicClient)).status,
    ).toBe(200)
  })

  it('O08: is not redeemed with a verifier of 42 or of 129 characters', async () => {
    const { code: value } = await code()
    for (const length of [42, 129]) {
      const { status } = await redeem({ code: value, code_verifier: 'a'.repeat(length) })
      expect(status).toBe(400)
    }
  })

  it('O10: made without a challenge, is not redeemed with a verifier', async () => {
    const relaxed = await server.register({ firstParty: true, pkce: 'optional' })
    const url = new URL(`${server.baseUrl}/oauth/authorize`)
    url.search = new URLSearchParams({
      client_id: relaxed.client_id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid',
    }).toString()
    const callback = await untilLeft(() => agent.open(url))
    const value = String(callback.searchParams.get('code'))
    const verifier = oidc.randomPKCECodeVerifier()
    expect((await redeem({ code: value, code_verifier: verifier }, relaxed)).status).toBe(400)
  })

  it('O11: of one client is not redeemed by another, and stays good for its owner, once', async () => {
    const other = await server.register({ firstParty: true })
    const { code: value, pending } = await code()
    const proof = { code: value, code_verifier: pending.verifier }
    expect(await redeem(proof, other)).toEqual(refused)
    expect(await redeem({ ...proof, redirect_uri: `${REDIRECT_URI}/other` })).toEqual(refused)
    for (const redirect_uri of ['', undefined])
      expect(await redeem({ ...proof, redirect_uri })).toMatchObject({ status: 400 })
    expect((await redeem(proof)).status).toBe(200)
    expect(await redeem(proof)).toEqual(refused)
  })

  it('O12: replayed, is refused, and the refresh token and opaque token that it gave die', async () => {
    // A client that asks no API scope gets an opaque token for userinfo.
    const plain = await server.register({ apiScopes: [] })
    const plainParty = await createRelyingParty(server, plain)
    const pending = await plainParty.authorize({ scope: 'openid email' })
    const callback = await untilLeft(async () => agent.submit(await agent.open(pending.url)))
    const tokens = await plainParty.exchange(callback, pending)
    const userinfo = () =>
      fetch(`${server.baseUrl}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
    expect((await userinfo()).status).toBe(200)

    const replay = await redeem(
      { code: String(callback.searchParams.get('code')), code_verifier: pending.verifier },
      plain,
    )
    expect(replay).toEqual(refused)
    expect((await userinfo()).status).toBe(401)
    await expect(
      oidc.refreshTokenGrant(plainParty.config, String(tokens.refresh_token)),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('O12: replayed, ends the signed access token that it gave, too', async () => {
    const { code: value, pending } = await code()
    const fields = { code: value, code_verifier: pending.verifier }
    const { body } = await redeem(fields)
    const profile = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${body.access_token}` }
      return (await fetch(`${server.baseUrl}/api/client/v1/orders`, { headers })).status
    }
    expect(await profile()).not.toBe(401)
    expect(await redeem(fields)).toEqual(refused)
    expect(await profile()).toBe(401)
  })

  it('O14: is refused after a minute', async () => {
    const { code: value, pending } = await code()
    server.clock.forward(61_000)
    // The engine reads the machine's clock; our stores read the one that was moved.
    expect(await redeem({ code: value, code_verifier: pending.verifier })).toEqual(refused)
  })
})

describeOnAllStores('an authorization code, by many at once', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  it('O13: redeemed 20 times at once, gives tokens exactly once', async () => {
    const client = await server.register({ firstParty: true })
    const party = await createRelyingParty(server, client)
    const { agent } = await signedInPerson(server)
    for (let round = 0; round < 3; round += 1) {
      const { url, verifier } = await party.authorize()
      const callback = await untilLeft(() => agent.open(url))
      const fields = {
        grant_type: 'authorization_code',
        redirect_uri: REDIRECT_URI,
        code: String(callback.searchParams.get('code')),
        code_verifier: verifier,
      }
      const tries = Array.from({ length: 20 }, () => postForm(server, 'token', { client, fields }))
      const statuses = (await Promise.all(tries)).map(({ status }) => status)
      expect(statuses.sort()).toEqual([200, ...Array(19).fill(400)])
    }
  })
})
