// Proofs, assertions and revocations where there are many issuers: each is for one of them, and for no other.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { proofKey } from '../support/dpop.ts'
import { type Credentials, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import {
  type OtherOrganisation,
  REDIRECT_URI,
  startServer,
  type TestServer,
} from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'

const SCOPE = 'openid email profile:read'

let server: TestServer
let acme: OtherOrganisation
let bistro: OtherOrganisation
let person: Person

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  acme = await server.addOrganisation('acme')
  bistro = await server.addOrganisation('bistro')
  person = await signedInPerson(acme)
})
afterAll(() => server.stop())

const profile = () => `${server.baseUrl}/api/client/v1/profile`

describe('J19: a proof of possession', () => {
  it('is for the token endpoint of its own issuer, and for the one Client API', async () => {
    const client = await acme.register({ kind: 'browser', firstParty: true })
    const party = await createRelyingParty(acme, client)
    const key = await proofKey()
    const redeem = async (uri: string) => {
      const pending = await party.authorize({ scope: SCOPE })
      const left = await untilLeft(() => person.agent.open(pending.url))
      return postForm(acme, 'token', {
        client,
        headers: { dpop: await key.proof({ method: 'POST', uri }) },
        fields: {
          grant_type: 'authorization_code',
          code: String(left.searchParams.get('code')),
          redirect_uri: REDIRECT_URI,
          code_verifier: pending.verifier,
        },
      })
    }
    for (const issuer of [server.baseUrl, bistro.baseUrl])
      expect((await redeem(`${issuer}/oauth/token`)).body.error).toBe('invalid_dpop_proof')
    const { status, body } = await redeem(`${acme.baseUrl}/oauth/token`)
    expect([status, body.token_type]).toEqual([200, 'DPoP'])
    const accessToken = String(body.access_token)
    const ask = async (uri: string, address = profile()) => {
      const dpop = await key.proof({ method: 'GET', uri, accessToken })
      const headers = { authorization: `DPoP ${accessToken}`, dpop }
      return (await fetch(address, { headers })).status
    }
    expect(await ask(profile())).not.toBe(401)
    expect(await ask(`${acme.baseUrl}/api/client/v1/profile`)).toBe(401)
    expect(await ask(`${acme.baseUrl}/oauth/userinfo`, `${acme.baseUrl}/oauth/userinfo`)).toBe(200)
    for (const other of [server, bistro])
      expect(await ask(`${other.baseUrl}/oauth/userinfo`, `${other.baseUrl}/oauth/userinfo`)).toBe(
        401,
      )
  })
})

describe('O20: a client’s assertion', () => {
  it('is for its own issuer: none for another is taken, and none is taken by another', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwks = { keys: [await exportJWK(publicKey)] }
    const machine = await acme.register({ kind: 'machine', jwks })
    const ask = async (at: { baseUrl: string }, aud: string) => {
      const client_assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(machine.client_id)
        .setSubject(machine.client_id)
        .setAudience(aud)
        .setExpirationTime('1m')
        .sign(privateKey)
      const { status } = await postForm(at, 'token', {
        fields: {
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion,
        },
      })
      return status
    }
    for (const aud of [acme.baseUrl, `${acme.baseUrl}/oauth/token`])
      expect(await ask(acme, aud)).toBe(200)
    for (const aud of [server.baseUrl, `${server.baseUrl}/oauth/token`, bistro.baseUrl])
      expect(await ask(acme, aud)).toBe(401)
    for (const at of [server, bistro])
      for (const aud of [acme.baseUrl, at.baseUrl]) expect(await ask(at, aud)).toBe(401)
  })
})

describe('M04: a token of one organisation at the endpoints of another', () => {
  it('is nobody’s: not told about, not revoked, not answered', async () => {
    const owner = await acme.register({ firstParty: true })
    const tokens = await tokensFor(acme, person, { client: owner, parameters: { scope: SCOPE } })
    const opaque = await tokensFor(acme, person, {
      client: await acme.register({ apiScopes: [] }),
      parameters: { scope: 'openid' },
    })
    const all = [
      tokens.access_token,
      tokens.refresh_token,
      opaque.access_token,
      opaque.refresh_token,
    ]
    for (const other of [server, bistro]) {
      const backend: Credentials = await other.register({ kind: 'machine', firstParty: true })
      for (const token of all.map(String)) {
        const about = { client: backend, fields: { token } }
        expect((await postForm(other, 'introspect', about)).body).toEqual({ active: false })
        expect((await postForm(other, 'revoke', about)).status).toBe(200)
        expect((await userinfo(other, token)).status).toBe(401)
        // The owner is not known there at all.
        const unknown = await postForm(other, 'revoke', { client: owner, fields: { token } })
        expect(unknown.body.error).toBe('invalid_client')
      }
      const moved = await refresh(other, owner, { refresh_token: tokens.refresh_token })
      expect(moved.body.error).toBe('invalid_client')
    }
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(profile(), { headers: bearer })).status).not.toBe(401)
    expect((await userinfo(acme, opaque.access_token)).status).toBe(200)

    const revoked = await postForm(acme, 'revoke', {
      client: owner,
      fields: { token: tokens.access_token },
    })
    expect(revoked.status).toBe(200)
    expect((await fetch(profile(), { headers: bearer })).status).toBe(401)
  })
})
