// J19: an access token that is bound to a key, at the Client API: good with a fresh proof, worth nothing without.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Answer, callerOf } from '../../support/client-api.ts'
import { type ProofKey, proofKey } from '../../support/dpop.ts'
import { postForm, userinfo } from '../../support/endpoints.ts'
import { signedInPerson } from '../../support/journeys.ts'
import { createRelyingParty, type Pending, untilLeft } from '../../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../../support/server.ts'

const ANA = 'ana.dubois@example.com'
const SCOPE = 'openid email profile:read profile:write orders:read'

describe('J19: an access token that is bound to a key', () => {
  let server: TestServer
  let client: { client_id: string }
  let key: ProofKey
  let bound: string
  let refreshToken: string
  let bearer: string

  beforeAll(async () => {
    server = await startServer()
    client = await server.register({ kind: 'browser', firstParty: true })
    key = await proofKey()
    const issued = await redeem(await code(), key)
    bound = String(issued.access_token)
    refreshToken = String(issued.refresh_token)
    bearer = String((await redeem(await code())).access_token)
  })
  afterAll(() => server.stop())

  type Code = { code: string; pending: Pending }

  async function code(): Promise<Code> {
    const { agent } = await signedInPerson(server, ANA)
    const party = await createRelyingParty(server, client)
    const pending = await party.authorize({ scope: SCOPE })
    const left = await untilLeft(() => agent.open(pending.url))
    return { code: String(left.searchParams.get('code')), pending }
  }

  const tokenProof = (by: ProofKey) =>
    by.proof({ method: 'POST', uri: `${server.baseUrl}/oauth/token` })

  async function redeem({ code, pending }: Code, by?: ProofKey) {
    const { body } = await postForm(server, 'token', {
      client,
      headers: by ? { dpop: await tokenProof(by) } : {},
      fields: {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: pending.verifier,
      },
    })
    return body
  }
  const uri = (path = '/profile') => `${server.baseUrl}/api/client/v1${path}`
  const profile = { method: 'GET', uri: '' }
  const proof = (claims: object = {}, header: object = {}, by = key) =>
    by.proof({ ...profile, uri: uri(), accessToken: bound }, claims, header)

  const get = (headers: { [name: string]: string }, path = '/profile'): Promise<Answer> =>
    callerOf(server)('GET', path, { headers })
  const send = async (dpop?: string, authorization = `DPoP ${bound}`): Promise<Answer> =>
    get({ authorization, ...(dpop !== undefined && { dpop }) })

  const refusals = (answers: readonly Answer[]) =>
    answers.map(({ status, headers }) => [
      status,
      /error="(\w+)"/.exec(headers.get('www-authenticate') ?? '')?.[1],
    ])
  const unproven = [401, 'invalid_dpop_proof']

  it('reads and changes with a proof for each request, by either algorithm', async () => {
    expect((await send(await proof())).data).toHaveProperty('email', ANA)
    const { status } = await callerOf(server)('PATCH', '/profile', {
      json: { given_name: 'Ana' },
      headers: {
        authorization: `dpop ${bound}`,
        dpop: await key.proof({ method: 'PATCH', uri: uri(), accessToken: bound }),
      },
    })
    expect(status).toBe(200)
    const edwards = await proofKey('EdDSA')
    const token = String((await redeem(await code(), edwards)).access_token)
    const dpop = await edwards.proof({ method: 'GET', uri: uri(), accessToken: token })
    expect((await get({ authorization: `DPoP ${token}`, dpop })).status).toBe(200)
  })

  it('is told about by its address without query and fragment, however it is spelt', async () => {
    const path = '/orders?limit=1'
    for (const htu of [
      uri('/orders'),
      uri('/orders?x=1#y'),
      uri('/orders').replace('http', 'HTTP'),
    ])
      expect(
        (await get({ authorization: `DPoP ${bound}`, dpop: await proof({ htu }) }, path)).status,
      ).toBe(200)
  })

  it('sent as a bearer token is refused, with a proof and without', async () => {
    const answers = [
      await send(undefined, `Bearer ${bound}`),
      await send(await proof(), `Bearer ${bound}`),
    ]
    expect(refusals(answers)).toEqual([
      [401, 'invalid_token'],
      [401, 'invalid_token'],
    ])
  })

  it('needs one proof, and a bearer token is none the better for having one', async () => {
    expect(refusals([await send(), await send('x.y.z')])).toEqual([unproven, unproven])
    const two = `${await proof()}, ${await proof()}`
    expect(refusals([await send(two)])).toEqual([unproven])
    const ofBearer = await key.proof({ ...profile, uri: uri(), accessToken: bearer })
    expect(refusals([await send(ofBearer, `DPoP ${bearer}`)])).toEqual([[401, 'invalid_token']])
    expect((await send(ofBearer, `Bearer ${bearer}`)).status).toBe(200)
  })

  it('refuses a proof about another request, another token or another time', async () => {
    const now = Math.floor(Date.now() / 1000)
    const wrong = [
      { htm: 'POST' },
      { htm: 'get' },
      { htm: undefined },
      { htu: uri('/orders') },
      { htu: uri().replace('http:', 'https:') },
      { htu: 'https://evil.test/api/client/v1/profile' },
      { htu: '/api/client/v1/profile' },
      { htu: undefined },
      { ath: 'x' },
      { ath: undefined },
      { iat: now - 301 },
      { iat: now + 330 },
      { iat: String(now) },
      { iat: undefined },
      { jti: undefined },
      { jti: '' },
      { exp: now - 1 },
      { nbf: now + 60 },
    ]
    for (const claims of wrong)
      expect([claims, ...refusals([await send(await proof(claims))])]).toEqual([claims, unproven])
    for (const claims of [{ iat: now - 280 }, { iat: now + 280 }])
      expect((await send(await proof(claims))).status).toBe(200)
  })

  it('refuses a proof for the address that the request claims in its headers', async () => {
    const htu = 'http://evil.test/api/client/v1/profile'
    const answer = await get({
      authorization: `DPoP ${bound}`,
      dpop: await proof({ htu }),
      'x-forwarded-host': 'evil.test',
      forwarded: 'host=evil.test',
    })
    expect(refusals([answer])).toEqual([unproven])
  })

  it('refuses a proof by another key, of another type or algorithm, or with a private key in it', async () => {
    const thief = await proofKey()
    const rsa = await proofKey('RS256')
    const proofs = [
      await proof({}, {}, thief),
      await proof({}, {}, rsa),
      await proof({}, { typ: 'JWT' }),
      await proof({}, { typ: undefined }),
      await proof({}, { jwk: undefined }),
      await proof({}, { jwk: key.privateJwk }),
      `${(await proof()).slice(0, -8)}AAAAAAAA`,
      `${Buffer.from('{"alg":"none","typ":"dpop+jwt"}').toString('base64url')}.e30.`,
      await proof({ jti: 'x'.repeat(5000) }),
    ]
    for (const each of proofs) expect(refusals([await send(each)])).toEqual([unproven])
  })

  it('refuses a proof that was used, also when it comes twenty times at once', async () => {
    const once = await proof()
    expect((await send(once)).status).toBe(200)
    expect(refusals([await send(once)])).toEqual([unproven])
    const fresh = await proof()
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(fresh)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(refusals(answers).map(String))).toEqual(new Set(['200,', String(unproven)]))
  })

  it('is asked for by its scheme, its algorithms and where to get one (RFC 9449, 7.1)', async () => {
    const metadataUri = `${server.baseUrl}/.well-known/oauth-protected-resource/api/client/v1`
    const metadata = `resource_metadata="${metadataUri}"`
    const challenge = async (headers: { [name: string]: string }) =>
      (await get(headers)).headers.get('www-authenticate')
    expect(await challenge({})).toBe(`Bearer ${metadata}, DPoP algs="ES256 EdDSA", ${metadata}`)
    expect(await challenge({ authorization: `DPoP ${bound}` })).toBe(
      `DPoP algs="ES256 EdDSA", error="invalid_dpop_proof", ${metadata}`,
    )
    const described = await (await fetch(metadataUri)).json()
    expect(described).toHaveProperty('dpop_signing_alg_values_supported', ['ES256', 'EdDSA'])
  })

  it('answers at userinfo, with a proof for that address', async () => {
    const address = `${server.baseUrl}/oauth/userinfo`
    const ask = async (dpop: string) =>
      (await fetch(address, { headers: { authorization: `DPoP ${bound}`, dpop } })).status
    const once = await key.proof({ method: 'GET', uri: address, accessToken: bound })
    expect([await ask(once), await ask(once)]).toEqual([200, 401])
    expect(await ask(await proof())).toBe(401)
    expect((await userinfo(server, bound)).status).toBe(401)
  })

  it('R05: is renewed only with the key of its refresh token', async () => {
    const renew = async (headers: { [name: string]: string }) => {
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken }
      const { status, body } = await postForm(server, 'token', { client, headers, fields })
      return [status, body.error ?? body.token_type]
    }
    expect(await renew({})).toEqual([400, 'invalid_grant'])
    expect(await renew({ dpop: await tokenProof(await proofKey()) })).toEqual([
      400,
      'invalid_grant',
    ])
    expect(await renew({ dpop: await tokenProof(key) })).toEqual([200, 'DPoP'])
  })
})
