// Clients at the token endpoint: how they prove who they are, and which grants are theirs.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import { basic, type Credentials, postForm, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let person: Person
let web: Credentials

beforeAll(async () => {
  server = await startServer()
  person = await signedInPerson(server)
  web = await server.register({ firstParty: true })
})
afterAll(() => server.stop())

describe('a client', () => {
  const grant = { grant_type: 'client_credentials' }
  let machine: Credentials

  beforeAll(async () => {
    machine = await server.register({ kind: 'machine' })
  })

  it('proves who it is by Basic or in the body, whichever it likes', async () => {
    const fields = { ...grant, client_id: machine.client_id }
    const answers = [
      await postForm(server, 'token', { client: machine, fields: grant }),
      await postForm(server, 'token', {
        fields: { ...fields, client_secret: String(machine.client_secret) },
      }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
  })

  it('O21: with a wrong, an empty or no secret, or two proofs at once, is refused', async () => {
    const { client_id, client_secret = '' } = machine
    const wrong = [
      basic({ client_id, client_secret: `${client_secret}x` }),
      basic({ client_id, client_secret: '' }),
      basic({ client_id: 'cli_nobody', client_secret }),
      { authorization: 'Basic ====' },
    ]
    for (const headers of wrong) {
      const answer = await postForm(server, 'token', { fields: grant, headers })
      expect([400, 401]).toContain(answer.status)
      expect(answer.body.error).toMatch(/^invalid_(client|request)$/)
      if (answer.status === 401)
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    }
    const bodies = [
      { client_id },
      { client_id, client_secret: '' },
      { client_id, client_secret: client_secret.toUpperCase() },
    ]
    for (const fields of bodies) {
      const answer = await postForm(server, 'token', { fields: { ...grant, ...fields } })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
    const both = { ...grant, client_id, client_secret }
    expect(
      await postForm(server, 'token', { fields: both, headers: basic(machine) }),
    ).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    const query = new URLSearchParams(both)
    const inAddress = await fetch(`${server.baseUrl}/oauth/token?${query}`, { method: 'POST' })
    expect(inAddress.status).toBe(400)
  })

  it('O21: may write its name and secret with percent signs, as it must (RFC 6749, 2.3.1)', async () => {
    const { client_id, client_secret = '' } = machine
    const escaped = (text: string) =>
      [...text].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('')
    const pair = `${escaped(client_id)}:${escaped(client_secret)}`
    const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
    expect((await postForm(server, 'token', { fields: grant, headers })).status).toBe(200)
    for (const broken of ['%', '%zz', '%00', '%c3%28']) {
      const text = Buffer.from(`${client_id}:${client_secret}${broken}`).toString('base64')
      const answer = await postForm(server, 'token', {
        fields: grant,
        headers: { authorization: `Basic ${text}` },
      })
      expect([broken, [400, 401].includes(answer.status)]).toEqual([broken, true])
    }
  })

  it('O21: is told the same, whether its name or its secret is wrong', async () => {
    const { client_id, client_secret = '' } = machine
    const wrong = [
      { client_id, client_secret: 'x' },
      { client_id, client_secret: client_secret.slice(0, -1) },
      { client_id: 'cli_nobody', client_secret },
    ]
    const answers = await Promise.all(
      wrong.map((each) => postForm(server, 'token', { fields: grant, headers: basic(each) })),
    )
    const told = answers.map(({ status, body, headers }) =>
      JSON.stringify([status, body, headers.get('www-authenticate')]),
    )
    expect(new Set(told).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('that is a machine gets an opaque token of its own for an hour, and no refresh token', async () => {
    const answer = await postForm(server, 'token', { client: machine, fields: grant })
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
    })
  })

  it('that is a machine has nothing to do with customers’ data: no API, no userinfo, no sign-in', async () => {
    const forApi = { ...grant, resource: `${server.baseUrl}/api/client/v1` }
    expect(await postForm(server, 'token', { client: machine, fields: forApi })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    })
    const { body } = await postForm(server, 'token', { client: machine, fields: grant })
    expect((await userinfo(server, body.access_token)).status).toBe(401)
    const party = await createRelyingParty(server, machine)
    expect((await person.agent.open((await party.authorize()).url)).status).toBe(400)
  })

  it('is refused grants that are not for its kind, and grants that nobody has', async () => {
    const browser = await server.register({ kind: 'browser' })
    const ask = (client: Credentials, grant_type: string) =>
      postForm(server, 'token', { client, fields: { grant_type, refresh_token: 'x', code: 'x' } })
    expect((await ask(browser, 'client_credentials')).status).toBe(400)
    expect((await ask(web, 'client_credentials')).status).toBe(400)
    expect((await ask(machine, 'refresh_token')).status).toBe(400)
    expect((await ask(machine, 'authorization_code')).status).toBe(400)
    for (const type of ['password', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code'])
      expect((await ask(web, type)).body).toHaveProperty('error', 'unsupported_grant_type')
  })

  it('reads errors as JSON, whatever it says it accepts (RFC 6749, 5.2)', async () => {
    const headers = { accept: 'text/html, image/gif, *; q=.2, */*; q=.2' } // Java's default
    const fields = { grant_type: 'refresh_token', refresh_token: 'x', token: 'x' }
    for (const endpoint of ['token', 'introspect', 'revoke', 'par', 'userinfo'] as const) {
      const { body } = await postForm(server, endpoint, { fields, headers })
      expect([endpoint, body]).toEqual([
        endpoint,
        { error: expect.stringMatching(/^invalid_/), error_description: expect.any(String) },
      ])
    }
  })

  it('finds answers of the token endpoint not kept, whatever they are', async () => {
    for (const fields of [grant, {}, { grant_type: 'refresh_token', refresh_token: 'x' }]) {
      const { headers } = await postForm(server, 'token', { client: machine, fields })
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('a DPoP client (RFC 9449)', () => {
  it('J19: gets a token that is no bearer token', async () => {
    const handle = oidc.getDPoPHandle(
      (await createRelyingParty(server, web)).config,
      await oidc.randomDPoPKeyPair('ES256'),
    )
    const party = await createRelyingParty(server, web)
    const pending = await party.authorize({ scope: 'openid email' })
    const callback = await untilLeft(() => person.agent.open(pending.url))
    const tokens = await oidc.authorizationCodeGrant(
      party.config,
      callback,
      {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
      },
      undefined,
      { DPoP: handle },
    )
    expect(tokens.token_type).toBe('dpop')
    expect((await userinfo(server, tokens.access_token)).status).toBe(401)
    const { email } = await oidc.fetchUserInfo(
      party.config,
      tokens.access_token,
      String(tokens.claims()?.sub),
      { DPoP: handle },
    )
    expect(email).toBe(person.email)
  })
})
