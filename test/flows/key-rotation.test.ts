// A rotation as applications see it: through two processes, with key sets that they keep, and in an emergency.

import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import { composeKeys, type Keys } from '../../src/compose/keys.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { realTimers } from '../support/calendar.ts'
import { type Answer, type Credentials, refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { wordsOf } from '../support/sign-in-pages.ts'
import { expectWithin } from '../support/stopwatch.ts'
import { describeOnAllStores } from '../support/stores.ts'

const SECRET = 'a-secret-that-two-processes-share-0123456789'
const BYE = 'https://app.example.com/bye'
const SCOPE = 'openid profile:read'

afterEach(() => {
  jest.useRealTimers()
})

/** From here on it is another time, and stays so. */
function setTime(instant: number): void {
  jest.useFakeTimers({ doNotFake: [...realTimers], now: instant })
}

/** Asks this process, whatever name is in the address; `cached` is what its headers allow, in milliseconds. */
async function ask(at: TestServer, path: string, headers: { [name: string]: string } = {}) {
  const address = at.http.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { host } = new URL(at.baseUrl)
  const asked = request({ host: 'localhost', port, path, headers: { ...headers, host } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // node:http's event
  let text = ''
  for await (const chunk of answer) text += chunk
  const maxAge = /max-age=(\d+)/.exec(answer.headers['cache-control'] ?? '')?.[1]
  return { status: answer.statusCode, text, cached: Number(maxAge ?? 0) * SECOND }
}

async function kidsOf(at: TestServer): Promise<string[]> {
  const { keys } = JSON.parse((await ask(at, '/oauth/jwks')).text) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}

async function profile(at: TestServer, token: unknown): Promise<number | undefined> {
  const { status } = await ask(at, '/api/client/v1/profile', { authorization: `Bearer ${token}` })
  return status
}

const kidOf = (token: unknown): string => String(decodeProtectedHeader(String(token)).kid)

/** The keys as another process of the installation has them: the command line, or whoever runs the job. */
function keysBeside(server: TestServer): Keys {
  return composeKeys({ ...server, keyring: createKeyring([SECRET]) })
}

/** An application that keeps the key set as long as it may, and never asks for a key that it does not know. */
function createVerifier(server: TestServer) {
  let kept: { keys: ReturnType<typeof createLocalJWKSet>; until: number } | undefined
  return async (token: unknown): Promise<string> => {
    if (!kept || kept.until <= Date.now()) {
      const { text, cached } = await ask(server, '/oauth/jwks')
      kept = { keys: createLocalJWKSet(JSON.parse(text)), until: Date.now() + cached }
    }
    const options = { issuer: server.baseUrl, currentDate: new Date() }
    const { protectedHeader } = await jwtVerify(String(token), kept.keys, options)
    return String(protectedHeader.kid)
  }
}

describeOnAllStores('a rotation of the keys', (start) => {
  let server: TestServer
  let client: Credentials

  beforeAll(async () => {
    server = await start({ SECRET })
    client = await server.register({ postLogoutRedirectUris: [BYE], firstParty: true })
  })
  afterAll(() => server.stop())

  const renewed = (tokens: { refresh_token?: unknown }): Promise<Answer> =>
    refresh(server, client, { refresh_token: tokens.refresh_token })

  it('J13: leaves old tokens valid for their life and no longer, and ID tokens good for signing out', async () => {
    const person = await signedInPerson(server)
    const tokens = await tokensFor(server, person, { client, parameters: { scope: SCOPE } })
    const before = await kidsOf(server)
    const began = Date.now()
    const { rotation, signingKeys } = keysBeside(server)
    const former = (await signingKeys.forOrganisation(server.organisation._id)).find(
      ({ kid }) => kid === kidOf(tokens.access_token),
    )
    const next = await rotation.rotate(server.organisation._id, { actor: 'test' })
    // Without a restart, and long before they sign.
    await eventually(async () => expect(await kidsOf(server)).toHaveLength(4))

    const changes = Number(next[0]?.activeFrom)
    setTime(changes - SECOND)
    const last = (await renewed(tokens)).body
    expect(before).toContain(kidOf(last.access_token))
    /** Forged by whoever has the former key, for ever. */
    const forged = await new SignJWT({
      ...decodeJwt(String(last.access_token)),
      exp: 9_999_999_999,
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: kidOf(last.access_token) })
      .sign(await importJWK({ ...former?.jwk }, 'RS256'))
    setTime(changes)
    const first = (await renewed(tokens)).body
    for (const token of [first.access_token, first.id_token])
      expect(next.map(({ _id }) => _id)).toContain(kidOf(token))
    expect(await kidsOf(server)).toHaveLength(4)
    for (const token of [last.access_token, first.access_token, forged])
      expect(await profile(server, token)).toBe(200)
    setTime(changes + 59 * MINUTE)
    expect(await profile(server, last.access_token)).toBe(200)
    setTime(changes + 61 * MINUTE)
    expect(await profile(server, last.access_token)).toBe(401)
    expect(await profile(server, forged)).toBe(200)
    setTime(changes + 2 * HOUR)
    expect(await profile(server, forged)).toBe(401)
    expect((await kidsOf(server)).sort()).toEqual(next.map(({ _id }) => _id).sort())

    setTime(began + 10 * DAY)
    await rotation.tend()
    const hint = new URLSearchParams({
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: BYE,
    })
    const question = await person.agent.open(`/oauth/logout?${hint}`)
    expect(wordsOf(question).heading).toBe('Continue')
    expect((await untilLeft(() => person.agent.submit(question))).href).toBe(BYE)
  })

  it('in an emergency signs with new keys within five seconds, and refuses what the old ones signed', async () => {
    const person = await signedInPerson(server)
    const tokens = await tokensFor(server, person, { client, parameters: { scope: SCOPE } })
    expect(await profile(server, tokens.access_token)).toBe(200)
    const { kids, withdrawn } = await expectWithin(5000, async () => {
      const by = { actor: 'test' }
      const replaced = await keysBeside(server).rotation.replace(server.organisation._id, by)
      const kids = replaced.keys.map(({ _id }) => _id)
      await eventually(async () => expect(await kidsOf(server)).toEqual(kids))
      return { kids, withdrawn: replaced.withdrawn }
    })
    expect(withdrawn).toContain(kidOf(tokens.access_token))
    expect(await profile(server, tokens.access_token)).toBe(401)
    const { status, body } = await renewed(tokens)
    expect(status).toBe(200)
    expect(kids).toContain(kidOf(body.access_token))
    expect(await profile(server, body.access_token)).toBe(200)
    const question = await person.agent.open(
      `/oauth/logout?${new URLSearchParams({ id_token_hint: String(tokens.id_token) })}`,
    )
    expect(question.status).toBe(400)
  })
})

describe('an organisation whose keys do not open', () => {
  it('answers with an error and leaves the others alone, until its keys are replaced', async () => {
    const server = await startServer({ env: { SECRET } })
    const acme = await server.addOrganisation('acme')
    const id = acme.organisation._id
    const lost = composeKeys({ ...server, keyring: createKeyring(['a-secret-that-was-lost']) })
    await lost.signingKeys.forOrganisation(id)
    const keys = () => fetch(`${acme.baseUrl}/oauth/jwks`, { signal: AbortSignal.timeout(5000) })
    expect((await keys()).status).toBe(500)
    expect(await kidsOf(server)).toHaveLength(2)
    await keysBeside(server).rotation.replace(id, { actor: 'test' })
    expect((await keys()).status).toBe(200)
    await server.stop()
  })
})

describe('the job of the keys', () => {
  it('rotates what is due in the running server', async () => {
    const server = await startServer({ env: { SECRET } })
    const before = await kidsOf(server)
    setTime(Date.now() + 89 * DAY)
    const after = await eventually(async () => {
      const kids = await kidsOf(server)
      expect(kids).toHaveLength(4)
      return kids
    })
    expect(after).toEqual(expect.arrayContaining(before))
    await server.stop()
  })
})

describeWithServices('two processes on one MongoDB and Redis', () => {
  const mongo = mongoForTest()
  let here: TestServer
  let there: TestServer
  beforeAll(async () => {
    const env = { MONGODB_URI: mongo.uri, REDIS_URL: redisForTest().url, SECRET }
    here = await startServer({ env })
    there = await startServer({ env: { ...env, BASE_URL: here.baseUrl } })
  })
  afterAll(async () => {
    await Promise.all([here.stop(), there.stop()])
    await mongo.drop()
  })

  /** New tokens from this process. */
  async function renewedAt(at: TestServer, client: Credentials, tokens: Tokens) {
    const address = at.http.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
    }).toString()
    const asked = request({
      ...{ host: 'localhost', port, path: '/oauth/token', method: 'POST' },
      headers: {
        host: new URL(at.baseUrl).host,
        authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    }).end(body)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage] // node:http's event
    let text = ''
    for await (const chunk of answer) text += chunk
    return JSON.parse(text) as { access_token?: string; id_token?: string }
  }

  it('F20: agree at every instant of a rotation under load: nothing that either signs fails anywhere', async () => {
    const client = await here.register({ firstParty: true })
    const tokens = await tokensFor(here, await signedInPerson(here), {
      client,
      parameters: { scope: SCOPE },
    })
    const began = Date.now()
    setTime(began)
    const first = await kidsOf(here)
    const verifiers = [here, there, here].map(createVerifier)
    const seen = new Set<string>()
    let checks = 0

    /** One round of load: tokens of both processes, at every application and every process. */
    async function round(): Promise<void> {
      const made = await Promise.all(
        [here, there, here, there].map((at) => renewedAt(at, client, tokens)),
      )
      for (const { access_token, id_token } of made) {
        for (const verify of verifiers) seen.add(await verify(id_token))
        for (const at of [here, there]) expect(await profile(at, access_token)).toBe(200)
        checks += 1
      }
    }

    await round()
    await keysBeside(there).rotation.rotate(here.organisation._id, { actor: 'test' })
    for (const at of [here, there])
      await eventually(async () => {
        expect(await kidsOf(at)).toHaveLength(4)
        await round()
      })
    // The key set is fetched anew every five minutes: here shortly before the change, and kept over it.
    for (const after of [HOUR, DAY - 2 * MINUTE, DAY - 1, DAY, DAY + MINUTE, DAY + 4 * MINUTE]) {
      setTime(began + after)
      await round()
      await round()
      expect(await kidsOf(there)).toEqual(await kidsOf(here))
    }
    expect(await kidsOf(here)).toHaveLength(4)
    setTime(began + DAY + 2 * HOUR + MINUTE)
    await round()
    for (const at of [here, there]) {
      const kids = await kidsOf(at)
      expect(kids).toHaveLength(2)
      expect(kids.filter((kid) => first.includes(kid))).toEqual([])
    }
    expect(seen.size).toBe(2) // ID tokens of both keys
    expect(checks).toBeGreaterThan(60)
  })
})
