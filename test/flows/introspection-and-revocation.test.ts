// Asking about tokens, and giving them up: each client its own.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Credentials, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let person: Person
let owner: Credentials
let other: Credentials

beforeAll(async () => {
  server = await startServer()
  person = await signedInPerson(server)
  owner = await server.register()
  other = await server.register()
})
afterAll(() => server.stop())

const sign = (client: Credentials, scope: string, who = person): Promise<Tokens> =>
  tokensFor(server, who, { client, parameters: { scope } })

const ask = (client: Credentials | undefined, token: unknown, hint = '') =>
  postForm(server, 'introspect', {
    client,
    fields: { token: String(token), ...(hint && { token_type_hint: hint }) },
  })

const revoke = (client: Credentials | undefined, token: unknown, hint = '') =>
  postForm(server, 'revoke', {
    client,
    fields: { token: String(token), ...(hint && { token_type_hint: hint }) },
  })

const api = async ({ access_token }: Tokens): Promise<number> =>
  (
    await fetch(`${server.baseUrl}/api/client/v1/orders`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
  ).status

const inactive = { status: 200, body: { active: false } }

describe('introspection', () => {
  it('tells a client all about its opaque token', async () => {
    const tokens = await sign(owner, 'openid email')
    const { status, body, headers } = await ask(owner, tokens.access_token)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      active: true,
      iss: server.baseUrl,
      sub: tokens.claims()?.sub,
      sid: tokens.claims()?.sid,
      client_id: owner.client_id,
      scope: 'openid email',
      token_type: 'Bearer',
      iat: expect.any(Number),
      exp: Number(body.iat) + 3600,
    })
  })

  it('tells a client all about its JWT', async () => {
    const tokens = await sign(owner, 'openid orders:read')
    const { body } = await ask(owner, tokens.access_token)
    expect(body).toMatchObject({
      active: true,
      iss: server.baseUrl,
      sub: tokens.claims()?.sub,
      client_id: owner.client_id,
      scope: 'openid orders:read',
      token_type: 'Bearer',
      org: server.organisation._id,
      auth_time: tokens.claims()?.auth_time,
      acr: 'urn:foyer:acr:email-code',
      exp: Number(body.iat) + 3600,
    })
  })

  it.each(['refresh_token', 'access_token', 'unknown'])(
    'finds a refresh token with the hint %s, which may be wrong',
    async (hint) => {
      const tokens = await sign(owner, 'openid')
      expect((await ask(owner, tokens.refresh_token, hint)).body).toMatchObject({
        active: true,
        client_id: owner.client_id,
      })
    },
  )

  it('tells nothing about another client’s tokens', async () => {
    const opaque = await sign(owner, 'openid')
    const signed = await sign(owner, 'openid orders:read')
    const thief = await server.register({ kind: 'browser' })
    for (const token of [opaque.access_token, opaque.refresh_token, signed.access_token])
      for (const client of [other, thief]) expect(await ask(client, token)).toMatchObject(inactive)
  })

  it('tells the business’s own server, which proves who it is, about any token', async () => {
    const backend = await server.register({ kind: 'machine', firstParty: true })
    const page = await server.register({ kind: 'browser', firstParty: true })
    const opaque = await sign(owner, 'openid')
    const signed = await sign(owner, 'openid orders:read')
    for (const { access_token } of [opaque, signed]) {
      expect((await ask(backend, access_token)).body).toHaveProperty('client_id', owner.client_id)
      expect(await ask(page, access_token)).toMatchObject(inactive)
    }
  })

  it('tells a machine about its own token', async () => {
    const machine = await server.register({ kind: 'machine' })
    const { body } = await postForm(server, 'token', {
      client: machine,
      fields: { grant_type: 'client_credentials' },
    })
    expect((await ask(machine, body.access_token)).body).toMatchObject({
      active: true,
      client_id: machine.client_id,
    })
  })

  it('is refused to nobody in particular, and to a client with a wrong secret', async () => {
    const { access_token } = await sign(owner, 'openid orders:read')
    expect((await ask(undefined, access_token)).status).toBe(400)
    expect(await ask({ ...owner, client_secret: 'wrong' }, access_token)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })

  it('finds nothing active in rubbish, forgeries and ID tokens', async () => {
    const tokens = await sign(owner, 'openid orders:read')
    const [header, payload, signature = ''] = tokens.access_token.split('.')
    const forged = `${header}.${payload}.${signature.slice(0, -6)}AAAAAA`
    for (const token of ['x', 'a.b.c', forged, tokens.id_token])
      expect(await ask(owner, token)).toMatchObject(inactive)
  })

  it('finds nothing active once the session is over', async () => {
    const who = await signedInPerson(server)
    const opaque = await sign(owner, 'openid', who)
    const signed = await sign(owner, 'openid orders:read', who)
    await who.agent.submit(await who.agent.open('/oauth/logout'))
    for (const token of [opaque.access_token, opaque.refresh_token, signed.access_token])
      expect(await ask(owner, token)).toMatchObject(inactive)
  })
})

describe('revocation', () => {
  it.each(['', 'refresh_token', 'access_token'])(
    'of a refresh token (hint %j) ends it and the opaque access token beside it',
    async (hint) => {
      const tokens = await sign(owner, 'openid')
      expect((await revoke(owner, tokens.refresh_token, hint)).status).toBe(200)
      const { status, body } = await refresh(server, owner, {
        refresh_token: tokens.refresh_token,
      })
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' })
      expect((await userinfo(server, tokens.access_token)).status).toBe(401)
    },
  )

  it('of an opaque access token ends it, and the refresh token beside it', async () => {
    const tokens = await sign(owner, 'openid')
    expect((await revoke(owner, tokens.access_token)).status).toBe(200)
    expect((await userinfo(server, tokens.access_token)).status).toBe(401)
    expect(await ask(owner, tokens.refresh_token)).toMatchObject(inactive)
  })

  it('leaves the person signed in: the application gets new tokens without a page', async () => {
    const tokens = await sign(owner, 'openid')
    await revoke(owner, tokens.refresh_token)
    const after = await sign(owner, 'openid')
    expect(after.claims()?.auth_time).toBe(tokens.claims()?.auth_time)
    expect((await userinfo(server, after.access_token)).status).toBe(200)
  })

  it('of another client’s token does nothing, and does not say so', async () => {
    const tokens = await sign(owner, 'openid')
    const thief = await server.register({ kind: 'browser' })
    for (const client of [other, thief])
      for (const token of [tokens.access_token, tokens.refresh_token])
        expect((await revoke(client, token)).status).toBe(200)
    expect((await userinfo(server, tokens.access_token)).status).toBe(200)
    expect((await refresh(server, owner, { refresh_token: tokens.refresh_token })).status).toBe(200)
  })

  it('of a token that is unknown or was revoked is no error (RFC 7009, 2.2)', async () => {
    const tokens = await sign(owner, 'openid')
    await revoke(owner, tokens.refresh_token)
    for (const token of [tokens.refresh_token, 'unknown'])
      expect((await revoke(owner, token)).status).toBe(200)
  })

  it('R08: of a JWT ends it at once, at the Client API too, and all that its grant gave', async () => {
    for (const hint of ['', 'access_token', 'refresh_token']) {
      const tokens = await sign(owner, 'openid orders:read')
      expect(await api(tokens)).not.toBe(401)
      expect((await revoke(owner, tokens.access_token, hint)).status).toBe(200)
      expect(await api(tokens)).toBe(401)
      expect((await userinfo(server, tokens.access_token)).status).toBe(401)
      for (const token of [tokens.access_token, tokens.refresh_token])
        expect(await ask(owner, token)).toMatchObject(inactive)
    }
  })

  it('R08: of a refresh token ends the JWT that came with it', async () => {
    const tokens = await sign(owner, 'openid orders:read')
    expect((await revoke(owner, tokens.refresh_token)).status).toBe(200)
    expect(await api(tokens)).toBe(401)
  })

  it('R08: of another client’s JWT, a forged or an expired one does nothing, and does not say so', async () => {
    const tokens = await sign(owner, 'openid orders:read')
    const [header, payload, signature = ''] = tokens.access_token.split('.')
    const forged = `${header}.${payload}.${signature.slice(0, -6)}AAAAAA`
    const thief = await server.register({ kind: 'browser' })
    for (const client of [other, thief])
      expect((await revoke(client, tokens.access_token)).status).toBe(200)
    for (const token of [forged, tokens.id_token])
      expect((await revoke(owner, token)).status).toBe(200)
    expect(await api(tokens)).not.toBe(401)
    expect((await refresh(server, owner, { refresh_token: tokens.refresh_token })).status).toBe(200)
    const wrong = await revoke({ ...owner, client_secret: 'wrong' }, tokens.access_token)
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await api(tokens)).not.toBe(401)
  })

  it('needs the client’s proof', async () => {
    const tokens = await sign(owner, 'openid')
    expect((await revoke(undefined, tokens.refresh_token)).status).toBe(400)
    const wrong = await revoke({ ...owner, client_secret: 'wrong' }, tokens.refresh_token)
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await ask(owner, tokens.refresh_token)).body.active).toBe(true)
  })
})
