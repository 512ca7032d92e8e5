// Back-channel logout: applications are told, server to server, that a session is over, and nobody waits for them.

import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { createJobs } from '../../src/services/events/jobs.ts'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import { createLogoutLog } from '../../src/services/identity/sessions/logout-log.ts'
import { createLogoutNotices } from '../../src/services/identity/sessions/logout-notices.ts'
import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import { createJobStore } from '../../src/stores/jobs.ts'
import { selfSigned } from '../support/certificate.ts'
import { callerOf } from '../support/client-api.ts'
import { type Credentials, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { claimsTold, type LogoutListener, startLogoutListener } from '../support/logout-listener.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { wordsOf } from '../support/sign-in-pages.ts'
import { expectWithin, startStopwatch } from '../support/stopwatch.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const WHOLE = { scope: 'openid email' }

describeOnAllStores('back-channel logout', (start, stores) => {
  let server: TestServer
  const listeners: LogoutListener[] = []
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())
  afterEach(() => Promise.all(listeners.splice(0).map((listener) => listener.stop())))

  async function listener(certificate?: { key: string; cert: string }): Promise<LogoutListener> {
    const started = await startLogoutListener(certificate)
    listeners.push(started)
    return started
  }

  type Application = { client: Credentials; listener: LogoutListener; tokens: Tokens; sid: unknown }

  /** Somebody signed in at as many applications, each of which listens. */
  async function signedInAt(
    count: number,
    change: Partial<NewClient> = {},
  ): Promise<{ person: Person; applications: Application[] }> {
    const person = await signedInPerson(server)
    const applications: Application[] = []
    for (let at = 0; at < count; at += 1) {
      const own = await listener()
      const client = await server.register({ backChannelLogoutUri: own.uri, ...change })
      const tokens = await tokensFor(server, person, { client, parameters: WHOLE })
      applications.push({ client, listener: own, tokens, sid: sidOf(tokens) })
    }
    return { person, applications }
  }

  /** The customer signs out on our page; returns how long they waited, in milliseconds. */
  async function signOut({ agent }: Person): Promise<number> {
    const page = await agent.open('/oauth/logout')
    const taken = startStopwatch()
    const end = await agent.submit(page)
    expect(wordsOf(end).heading).toBe('You are signed out')
    return taken()
  }

  const told = (application: Application, times = 1): Promise<void> =>
    eventually(async () => expect(application.listener.told).toHaveLength(times))
  const log = () =>
    createLogoutLog({ store: createJobStore(server.documents), clock: server.clock })
  async function deliveryOf({ sid }: Application) {
    const all = await log().list(server.organisation._id, 1000)
    return all.find(({ id }) => id === `logout/${sid}`)
  }

  it.each<[name: string, change: Partial<NewClient>, alg: string]>([
    ['a third-party application', {}, 'RS256'],
    ['an application of the house, in the browser', { kind: 'browser', firstParty: true }, 'ES256'],
  ])('R12: tells %s in a token that it can verify', async (_name, change, alg) => {
    const { person, applications } = await signedInAt(1, change)
    const [application] = applications
    if (!application) throw new Error('there is one')
    await signOut(person)
    await told(application)
    const [request] = application.listener.told
    expect(request).toMatchObject({
      method: 'POST',
      type: 'application/x-www-form-urlencoded',
    })

    // As a relying party does (Back-Channel Logout 1.0, 2.6).
    const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/oauth/jwks`))
    const idToken = decodeJwt(String(application.tokens.id_token))
    const { payload, protectedHeader } = await jwtVerify(String(request?.token), keys, {
      issuer: server.baseUrl,
      audience: application.client.client_id,
      algorithms: [alg],
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti'],
    })
    expect(protectedHeader.kid).toBeDefined()
    expect(payload).toMatchObject({ sub: idToken.sub, sid: idToken.sid, events: { [EVENT]: {} } })
    expect(payload.sid).toEqual(expect.stringMatching(/.{20}/))
    expect(payload).not.toHaveProperty('nonce')
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(120)
    await eventually(async () =>
      expect(await deliveryOf(application)).toMatchObject({
        state: 'delivered',
        attempts: 1,
        client: application.client.client_id,
        account: idToken.sub,
        endedAt: expect.any(Number),
      }),
    )
  })

  it('tells in the name of the organisation’s own issuer, under its keys', async () => {
    const acme = await server.addOrganisation('acme')
    const own = await listener()
    const client = await acme.register({ backChannelLogoutUri: own.uri, firstParty: true })
    const party = await createRelyingParty(acme, client)
    const agent = createUserAgent(acme.baseUrl)
    const pending = await party.authorize({ scope: 'openid' })
    const callback = await signIn(acme, { url: pending.url, email: 'acme@example.com', agent })
    const tokens = await party.exchange(callback, pending)
    await agent.submit(await agent.open(`${acme.baseUrl}/oauth/logout`))
    await eventually(async () => expect(own.told).toHaveLength(1))
    const keysOf = (issuer: string) => createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`))
    const token = String(own.told[0]?.token)
    const { payload } = await jwtVerify(token, keysOf(acme.baseUrl), { issuer: acme.baseUrl })
    expect(payload.sid).toBe(sidOf(tokens))
    await expect(jwtVerify(token, keysOf(server.baseUrl))).rejects.toThrow('no applicable key')
    expect(await log().list(server.organisation._id, 1000)).not.toContainEqual(
      expect.objectContaining({ client: client.client_id }),
    )
  })

  it('tells of a session that is ended from another application', async () => {
    const { person, applications } = await signedInAt(1)
    const [application] = applications
    if (!application) throw new Error('there is one')
    const client = await server.register({ kind: 'browser', firstParty: true })
    const parameters = { scope: 'openid sessions:write' }
    const { access_token } = await tokensFor(server, person, { client, parameters })
    expect((await callerOf(server, access_token)('DELETE', '/sessions')).status).toBeLessThan(300)
    await told(application)
    expect(claimsTold(application.listener)).toMatchObject([{ sid: application.sid }])
  })

  it('R12: tells all applications at the same time, whichever is slow, down or broken; the customer waits for none', async () => {
    const { person, applications } = await signedInAt(5)
    const [slow, down, broken, well, redirecting] = applications as [
      Application,
      Application,
      Application,
      Application,
      Application,
    ] // five were asked for
    slow.listener.answerWith('nothing')
    broken.listener.answerWith(500)
    redirecting.listener.answerWith(302)
    await down.listener.stop()
    listeners.splice(listeners.indexOf(down.listener), 1)

    expect(await signOut(person)).toBeLessThan(1500)
    await Promise.all([slow, broken, well, redirecting].map((application) => told(application)))
    expect(await deliveryOf(slow)).toMatchObject({ attempts: 1 })
    expect(await deliveryOf(slow)).not.toHaveProperty('error') // it is under way all the while
    expect(claimsTold(well.listener)).toMatchObject([{ sid: well.sid }])
    expect(new Set(applications.map(({ sid }) => sid)).size).toBe(5)

    const failed = { state: 'waiting', attempts: 1 }
    await eventually(async () => {
      expect(await deliveryOf(well)).toMatchObject({ state: 'delivered' })
      expect(await deliveryOf(broken)).toMatchObject({ ...failed, error: 'answered 500' })
      expect(await deliveryOf(redirecting)).toMatchObject({ ...failed, error: 'answered 302' })
      expect(await deliveryOf(down)).toMatchObject({
        ...failed,
        error: expect.stringContaining('ECONNREFUSED'),
      })
    })
    if (stores === 'embedded')
      await eventually(async () =>
        expect(await deliveryOf(slow)).toMatchObject({ ...failed, error: 'no answer within 5 s' }),
      )
    expect(server.log.lines.filter((line) => line.includes(broken.client.client_id))).toEqual([
      expect.stringMatching(/^a job failed .*"attempt":1/),
    ])
  })

  it('F22: one that does not answer, with many sessions, leaves room for the others', async () => {
    const dead = await listener()
    dead.answerWith('nothing')
    const well = await listener()
    const clientOf = async ({ uri }: LogoutListener) =>
      (await server.register({ backChannelLogoutUri: uri })).client_id
    const [slow, quick] = [await clientOf(dead), await clientOf(well)]
    const jobs = createJobs({ ...server, kinds: {}, store: createJobStore(server.documents) })
    const notices = createLogoutNotices({ ensureJob: jobs.ensure, findClient: server.clients.find })
    const tell = (clients: { client: string; sid: string }[]) =>
      notices.tell({ organisation: server.organisation._id, uid: 'u', account: 'acc_1', clients })
    await tell(times(30, (at) => ({ client: slow, sid: `dead-${at}` })))
    const running = server.jobs.runDue()
    await eventually(async () => expect(dead.told).toHaveLength(4))
    await tell(times(20, (at) => ({ client: quick, sid: `well-${at}` })))
    server.clock.forward(2 * SECOND) // those of the quick one that had to wait are due again, too
    await expectWithin(4 * SECOND, () =>
      eventually(async () => {
        server.jobs.runDue()
        expect(well.told).toHaveLength(20)
      }),
    )
    expect(dead.told).toHaveLength(4)
    await dead.stop()
    listeners.splice(listeners.indexOf(dead), 1)
    await running
    const all = await log().list(server.organisation._id, 1000)
    expect(all.filter(({ client, attempts }) => client === slow && attempts > 1)).toEqual([])
  })

  it('R12: tries five times within the hour, each time with a new token, and gives up in the open', async () => {
    const { person, applications } = await signedInAt(1)
    const [application] = applications
    if (!application) throw new Error('there is one')
    application.listener.answerWith(400)
    await signOut(person)
    await told(application)
    for (const [times, wait] of [1, 4, 10, 45].entries()) {
      await eventually(async () =>
        expect(await deliveryOf(application)).toMatchObject({
          attempts: times + 1,
          error: 'answered 400',
        }),
      )
      server.clock.forward(wait * MINUTE - 30 * SECOND)
      await server.jobs.runDue()
      expect(application.listener.told).toHaveLength(times + 1)
      server.clock.forward(30 * SECOND)
      await server.jobs.runDue()
      expect(application.listener.told).toHaveLength(times + 2)
    }
    expect(await deliveryOf(application)).toMatchObject({ state: 'given-up', attempts: 5 })
    server.clock.forward(24 * HOUR)
    await server.jobs.runDue()
    expect(application.listener.told).toHaveLength(5)
    const claims = claimsTold(application.listener)
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(5)
    expect(new Set(claims.map(({ sid }) => sid))).toEqual(new Set([application.sid]))
    expect(server.log.lines.join('\n')).toMatch(/a job was given up .*answered 400/)

    // An operator has it sent once more.
    application.listener.answerWith(204)
    expect(await log().resend(server.organisation._id, `logout/${application.sid}`)).toBe(true)
    await server.jobs.runDue()
    expect(application.listener.told).toHaveLength(6)
    expect(await deliveryOf(application)).toMatchObject({ state: 'delivered', attempts: 1 })
    expect(await deliveryOf(application)).not.toHaveProperty('error')
    expect(await log().resend('org_other', `logout/${application.sid}`)).toBe(false)
  })

  it('tells an application that comes back, and then no more', async () => {
    const { person, applications } = await signedInAt(1)
    const [application] = applications
    if (!application) throw new Error('there is one')
    application.listener.answerWith(503)
    await signOut(person)
    await eventually(async () => expect(await deliveryOf(application)).toHaveProperty('error'))
    application.listener.answerWith(200)
    server.clock.forward(MINUTE)
    await server.jobs.runDue()
    expect(await deliveryOf(application)).toMatchObject({ state: 'delivered', attempts: 2 })
    server.clock.forward(24 * HOUR)
    await server.jobs.runDue()
    expect(application.listener.told).toHaveLength(2)
  })

  it('tells only the application that asked, where the customer stays signed in otherwise', async () => {
    const { person, applications } = await signedInAt(2)
    const [asking, other] = applications as [Application, Application] // two were asked for
    const url = new URL('/oauth/logout', server.baseUrl)
    url.searchParams.set('client_id', asking.client.client_id)
    const page = await person.agent.open(url)
    expect(wordsOf(await person.agent.submit(page, {}, 1)).heading).toBe('You are still signed in')
    await told(asking)
    expect(claimsTold(asking.listener)).toMatchObject([{ sid: asking.sid }])
    expect(await deliveryOf(other)).toBeUndefined()

    // Signed in there once more, it is another session to them.
    const again = await tokensFor(server, person, { client: asking.client, parameters: WHOLE })
    expect(sidOf(again)).not.toBe(asking.sid)
    await signOut(person)
    await Promise.all([told(asking, 2), told(other)])
    expect(claimsTold(asking.listener)).toMatchObject([{ sid: asking.sid }, { sid: sidOf(again) }])
  })

  it('tells an application that may stay signed in offline, and leaves it its refresh token', async () => {
    const person = await signedInPerson(server)
    const own = await listener()
    const client = await server.register({ backChannelLogoutUri: own.uri })
    const parameters = { scope: 'openid email offline_access', prompt: 'consent' }
    const tokens = await tokensFor(server, person, { client, parameters })
    await signOut(person)
    await eventually(async () => expect(claimsTold(own)).toMatchObject([{ sid: sidOf(tokens) }]))
    const answer = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(answer.status).toBe(200)
  })

  it('tells over TLS, under a certificate that it trusts', async () => {
    const certificate = selfSigned()
    const trusted = tls.getCACertificates('default')
    const own = await listener(certificate)
    const client = await server.register({ backChannelLogoutUri: own.uri })
    const person = await signedInPerson(server)
    const tokens = await tokensFor(server, person, { client, parameters: WHOLE })
    await signOut(person)
    const id = String(sidOf(tokens))
    const find = async () =>
      (await log().list(server.organisation._id, 1000)).find((each) => each.id === `logout/${id}`)
    await eventually(async () =>
      expect(await find()).toMatchObject({
        error: expect.stringContaining('self-signed certificate'),
      }),
    )
    tls.setDefaultCACertificates([...trusted, certificate.cert])
    server.clock.forward(MINUTE)
    await server.jobs.runDue()
    tls.setDefaultCACertificates(trusted)
    expect(claimsTold(own)).toMatchObject([{ sid: id }])
  })

  it.each(['0.0.0.0', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'A01: never calls %s, however the address came into the store',
    async (host) => {
      const own = await startLogoutListener(undefined, '::')
      listeners.push(own)
      const client = await server.register()
      const backChannelLogoutUri = `http://${host}:${own.port}/`
      await server.documents
        .collection<Client>(clientsCollection)
        .updateOne({ _id: client.client_id }, { $set: { backChannelLogoutUri } })
      const person = await signedInPerson(server)
      const tokens = await tokensFor(server, person, { client, parameters: WHOLE })
      await signOut(person)
      const id = String(sidOf(tokens))
      await eventually(async () => {
        const all = await log().list(server.organisation._id, 1000)
        const error = expect.stringContaining('not sent: it is no public address')
        expect(all.find((each) => each.id === `logout/${id}`)).toMatchObject({ error })
      })
      expect(own.connections()).toBe(0)
    },
  )

  it('J07: a logout token opens nothing here', async () => {
    const { person, applications } = await signedInAt(1)
    const [application] = applications
    if (!application) throw new Error('there is one')
    await signOut(person)
    await told(application)
    const token = String(application.listener.told[0]?.token)
    const { client } = application
    expect((await userinfo(server, token)).status).toBe(401)
    expect((await callerOf(server, token)('GET', '/profile')).status).toBe(401)
    expect((await refresh(server, client, { refresh_token: token })).status).toBe(400)
    const introspected = await postForm(server, 'introspect', { client, fields: { token } })
    expect(introspected.body).toEqual({ active: false })

    // Signed in again, the same person is not signed out by whoever shows the old token.
    const again = await signedInPerson(server, person.email)
    const url = new URL('/oauth/logout', server.baseUrl)
    url.searchParams.set('id_token_hint', token)
    const page = await again.agent.open(url)
    expect(page.status).toBe(400)
    expect(wordsOf(page).heading).toBe('That did not work')
  })

  it('tells of a session that ends by itself, because nobody used it', async () => {
    const { applications } = await signedInAt(1)
    const [application] = applications
    if (!application) throw new Error('there is one')
    server.clock.forward(15 * 24 * HOUR)
    await server.jobs.runDue()
    await told(application)
    expect(claimsTold(application.listener)).toMatchObject([{ sid: application.sid }])
  })
})

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function sidOf(tokens: Tokens): unknown {
  return decodeJwt(String(tokens.id_token)).sid
}
