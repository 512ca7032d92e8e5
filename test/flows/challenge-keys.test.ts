// A sign-in on an own page that is bound to a key from its first request on (RFC 9449, 10): worth nothing without it.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { calculateJwkThumbprint, decodeJwt } from 'jose'
import { createOwnPage, type OwnPage } from '../support/challenge.ts'
import { type ProofKey, proofKey } from '../support/dpop.ts'
import type { Answer } from '../support/endpoints.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'

let server: TestServer
let key: ProofKey
let otherKey: ProofKey
/** The same application with its key, with another one, and with none. */
let page: OwnPage
let thief: OwnPage
let bare: OwnPage

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  key = await proofKey()
  otherKey = await proofKey()
  const redirectUris = ['com.shop.app:/callback']
  const client = await server.register({ kind: 'native', firstParty: true, redirectUris })
  page = createOwnPage(server, client, { key })
  thief = createOwnPage(server, client, { key: otherKey })
  bare = createOwnPage(server, client)
})
afterAll(() => server.stop())

const invalidProof = { status: 400, error: 'invalid_dpop_proof' }
const errorOf = ({ status, body }: Answer) => ({ status, error: body.error })
const challenge = () => ({ method: 'POST', uri: `${server.baseUrl}/oauth/challenge` })

async function begun(by = page) {
  const email = freshAddress()
  const session = await by.begun(email)
  return { email, session, code: await server.codeFor(email) }
}

it('gets tokens that are bound to the key', async () => {
  const tokens = await page.signIn(freshAddress())
  expect(tokens.token_type).toBe('DPoP')
  expect(decodeJwt(tokens.access_token ?? '').cnf).toEqual({ jkt: expect.any(String) })
})

it('goes on with that key alone, at every request', async () => {
  const { session, email, code } = await begun()
  for (const other of [thief, bare]) {
    expect(errorOf(await other.prove(session, code))).toEqual(invalidProof)
    const again = other.ask({ auth_session: session, email })
    expect(errorOf(await again)).toEqual(invalidProof)
    const accepted = other.ask({ auth_session: session, accept: 'terms.1' })
    expect(errorOf(await accepted)).toEqual(invalidProof)
  }
  expect((await page.prove(session, code)).status).toBe(200)
})

it('that began without a key takes none later', async () => {
  const { session, code } = await begun(bare)
  expect(errorOf(await thief.prove(session, code))).toEqual(invalidProof)
  expect((await bare.prove(session, code)).status).toBe(200)
})

it('may name its key before it proves it, and only its own', async () => {
  const jkt = await calculateJwkThumbprint(key.privateJwk)
  const other = await calculateJwkThumbprint(otherKey.privateJwk)
  expect(errorOf(await page.begin(freshAddress(), { dpop_jkt: other }))).toEqual(invalidProof)
  expect((await bare.begin(freshAddress(), { dpop_jkt: 'x' })).body.error).toBe('invalid_request')
  const email = freshAddress()
  const session = await bare.begun(email, { dpop_jkt: jkt })
  const code = await server.codeFor(email)
  for (const by of [bare, thief])
    expect(errorOf(await by.prove(session, code))).toEqual(invalidProof)
  expect((await page.prove(session, code)).status).toBe(200)
})

it('gives a code that no other key, and nobody without one, redeems', async () => {
  for (const more of [{ dpop: 'theirs' }, { dpop: undefined }]) {
    const code = await page.codeOf(freshAddress())
    const uri = `${server.baseUrl}/oauth/token`
    const dpop = more.dpop && (await otherKey.proof({ method: 'POST', uri }))
    const { status, body } = await page.redeem(code, {}, { dpop })
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' })
  }
})

it.each([
  ['of another address', { htu: 'http://localhost/oauth/token' }, {}],
  ['of another method', { htm: 'GET' }, {}],
  ['ten minutes old', { iat: Math.floor(Date.now() / 1000) - 600 }, {}],
  ['without an id', { jti: undefined }, {}],
  ['of another type', {}, { typ: 'jwt' }],
])('J19: takes no proof %s', async (_name, claims, header) => {
  const dpop = await key.proof(challenge(), claims, header)
  expect(errorOf(await bare.begin(freshAddress(), {}, { dpop }))).toEqual(invalidProof)
})

it('J19: takes a proof once, and nothing that is none', async () => {
  const dpop = await key.proof(challenge())
  expect((await bare.begin(freshAddress(), {}, { dpop })).status).toBe(403)
  for (const again of [dpop, 'x', `${dpop}, ${dpop}`, 'a'.repeat(5000)])
    expect(errorOf(await bare.begin(freshAddress(), {}, { dpop: again }))).toEqual(invalidProof)
})
