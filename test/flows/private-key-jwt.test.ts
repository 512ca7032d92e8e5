// Clients that prove who they are by a signature (RFC 7523): what counts as a proof, and that it counts once.

import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { type Answer, postForm } from '../support/endpoints.ts'
import { type Person, signedInPerson } from '../support/journeys.ts'
import { untilLeft } from '../support/relying-party.ts'
import { REDIRECT_URI, type TestServer } from '../support/server.ts'
import { describeOnAllStores } from '../support/stores.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const

type Pair = Awaited<ReturnType<typeof generateKeyPair>>

describeOnAllStores('O20: a client with keys', (start) => {
  let server: TestServer
  let person: Person
  let machine: { client_id: string; client_secret?: string }
  const pairs: { [alg: string]: Pair } = {}
  const publicKeys: JWK[] = []

  beforeAll(async () => {
    server = await start()
    person = await signedInPerson(server)
    for (const alg of ALGORITHMS) {
      const pair = await generateKeyPair(alg, { extractable: true })
      pairs[alg] = pair
      publicKeys.push({ ...(await exportJWK(pair.publicKey)), kid: alg })
    }
    machine = await server.register({ kind: 'machine', jwks: { keys: publicKeys } })
  })
  afterAll(() => server.stop())

  const pairOf = (alg: string): Pair => {
    const pair = pairs[alg]
    if (!pair) throw new Error(`no key for ${alg}`)
    return pair
  }
  const now = () => Math.floor(Date.now() / 1000)

  /** An assertion as a library makes it, with these changes; `undefined` removes one. */
  async function assertion(claims: object = {}, header: { alg?: string } & object = {}, by?: Pair) {
    const alg = header.alg ?? 'ES256'
    const payload = {
      iss: machine.client_id,
      sub: machine.client_id,
      aud: server.baseUrl,
      jti: randomUUID(),
      iat: now(),
      exp: now() + 60,
      ...claims,
    }
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({ kid: alg, ...header, alg })
      .sign((by ?? pairOf(alg)).privateKey)
  }

  const ask = (
    client_assertion: string,
    fields: { [name: string]: string } = {},
  ): Promise<Answer> =>
    postForm(server, 'token', {
      fields: {
        grant_type: 'client_credentials',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion,
        ...fields,
      },
    })

  const refused = { status: 401, body: { error: 'invalid_client' } }

  it('has no secret', () => {
    expect(machine.client_secret).toBeUndefined()
  })

  it.each(ALGORITHMS)('is known by a signature with %s', async (alg) => {
    expect((await ask(await assertion({}, { alg }))).status).toBe(200)
    expect((await ask(await assertion({}, { alg, kid: undefined } as object))).status).toBe(200)
  })

  it('may be known at any of the addresses that a library would name', async () => {
    const token = `${server.baseUrl}/oauth/token`
    for (const aud of [server.baseUrl, token, [server.baseUrl, token]])
      expect((await ask(await assertion({ aud }))).status).toBe(200)
    const introspect = `${server.baseUrl}/oauth/introspect`
    const { body } = await ask(await assertion())
    for (const aud of [server.baseUrl, introspect]) {
      const answer = await postForm(server, 'introspect', {
        fields: {
          token: String(body.access_token),
          client_assertion_type: ASSERTION_TYPE,
          client_assertion: await assertion({ aud }),
        },
      })
      expect(answer.body).toHaveProperty('active', true)
    }
  })

  it('is not known by an assertion for somebody else, of another time, or with less in it', async () => {
    const other = (await server.register({ kind: 'machine' })).client_id
    const wrong: [name: string, claims: object][] = [
      ['wrong aud', { aud: 'https://evil.test' }],
      ['aud of a client', { aud: machine.client_id }],
      ['almost our aud', { aud: `${server.baseUrl}/` }],
      ['no aud', { aud: undefined }],
      ['expired', { exp: now() - 20, iat: now() - 80 }],
      ['a year', { exp: now() + 365 * 24 * 3600 }],
      ['an hour', { exp: now() + 3600 }],
      ['no end', { exp: undefined }],
      ['an end that is no number', { exp: '9999999999' }],
      ['from the future', { iat: now() + 60 }],
      ['of no time', { iat: 'now' }],
      ['not yet', { nbf: now() + 60 }],
      ['sub is not iss', { sub: other }],
      ['iss is not sub', { iss: other }],
      ['no iss', { iss: undefined }],
      ['no jti', { jti: undefined }],
      ['a jti that is no text', { jti: { $gt: '' } }],
      ['a jti out of proportion', { jti: 'x'.repeat(300) }],
    ]
    for (const [name, claims] of wrong)
      expect({ name, ...(await ask(await assertion(claims))) }).toMatchObject({ name, ...refused })
    for (const claims of [{ exp: now() - 5 }, { iat: now() + 10 }, { exp: now() + 600 }])
      expect((await ask(await assertion(claims))).status).toBe(200)
  })

  it('is not known by another key, or one key under the name or algorithm of another', async () => {
    const thief = await generateKeyPair('ES256')
    const jwk = await exportJWK(thief.publicKey)
    const swapped = [
      await assertion({}, { alg: 'ES256' }, thief),
      await assertion({}, { alg: 'ES256', jwk } as object, thief),
      await assertion({}, { alg: 'ES256', kid: 'RS256' } as object),
      await assertion({}, { alg: 'ES256', kid: 'nobody' } as object),
      await assertion({}, { alg: 'RS384', kid: 'RS256' } as object, await generateKeyPair('RS384')),
      `${(await assertion()).slice(0, -8)}AAAAAAAA`,
    ]
    for (const each of swapped) expect(await ask(each)).toMatchObject(refused)
  })

  it('is not known without a signature, or by HS256 with its public key as the secret', async () => {
    const [, payload] = (await assertion()).split('.')
    const head = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url')
    const unsigned = ['none', 'None'].map((alg) => `${head({ alg })}.${payload}.`)
    const secrets = publicKeys.map((key) => JSON.stringify(key))
    const symmetric = [...secrets, machine.client_id, ''].map((secret) => {
      const input = `${head({ alg: 'HS256' })}.${payload}`
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    })
    for (const each of [...unsigned, ...symmetric]) expect(await ask(each)).toMatchObject(refused)
  })

  it('is known by an assertion once, however often it comes at once', async () => {
    const once = await assertion()
    expect((await ask(once)).status).toBe(200)
    expect(await ask(once)).toMatchObject(refused)
    const jti = randomUUID()
    expect((await ask(await assertion({ jti }))).status).toBe(200)
    expect(await ask(await assertion({ jti, exp: now() + 61 }))).toMatchObject(refused)
    const fresh = await assertion()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(fresh)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => [400, 401].includes(status))).toHaveLength(19)
  })

  it('proves itself one way only', async () => {
    const { client_id } = machine
    const both = await ask(await assertion(), { client_id, client_secret: 'x' })
    expect(both.body.error).toBe('invalid_request')
    const fields = { grant_type: 'client_credentials', client_id }
    for (const client_secret of ['', 'x', client_id])
      expect(
        await postForm(server, 'token', { fields: { ...fields, client_secret } }),
      ).toMatchObject(refused)
    const wrongType = await ask(await assertion(), { client_assertion_type: 'urn:x' })
    expect(wrongType.body.error).toBe('invalid_request')
  })

  it('never by its secret where it has one (client_secret_jwt)', async () => {
    const { client_id, client_secret = '' } = await server.register({ kind: 'machine' })
    const signed = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(server.baseUrl)
      .setExpirationTime('1m')
      .sign(Buffer.from(client_secret))
    expect(await ask(signed)).toMatchObject(refused)
  })

  it('signs customers in with a stock library, pushes requests and refreshes', async () => {
    const web = await server.register({ firstParty: true, jwks: { keys: publicKeys } })
    const key = { key: pairOf('PS256').privateKey, kid: 'PS256' }
    const config = await oidc.discovery(
      new URL(server.baseUrl),
      web.client_id,
      {},
      oidc.PrivateKeyJwt(key),
      { execute: [oidc.allowInsecureRequests] },
    )
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const url = await oidc.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const callback = await untilLeft(() => person.agent.open(url))
    const tokens = await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier })
    expect(tokens.claims()).toHaveProperty('email', person.email)
    const renewed = await oidc.refreshTokenGrant(config, String(tokens.refresh_token))
    expect(renewed.access_token).not.toBe(tokens.access_token)
  })
})
