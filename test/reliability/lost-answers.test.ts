// Every answer of a store that a sign-in waits for, lost once: it ends well, or on a clean page with a way on.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { customersCollection } from '../../src/stores/customers.ts'
import { eventually } from '../support/eventually.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import {
  createRelyingParty,
  type Pending,
  type RelyingParty,
  signIn,
} from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, LeftServer, type Page } from '../support/user-agent.ts'

describeWithServices('a sign-in while one answer is lost', () => {
  const mongo = process.env.SKIP_SERVICES === '1' ? undefined : mongoForTest()
  let proxies: { MongoDB: FaultProxy; Redis: FaultProxy }
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    const mongoUri = new URL(mongo?.uri ?? '')
    const redisUrl = redisForTest().url
    proxies = {
      MongoDB: await startFaultProxy(mongoUri.href, isNoHeartbeat),
      Redis: await startFaultProxy(redisUrl),
    }
    // Directly: else the driver asks the set for its members' own addresses, past the proxy.
    const direct = `mongodb://127.0.0.1:${proxies.MongoDB.port}${mongoUri.pathname}?directConnection=true`
    server = await startServer({
      env: { MONGODB_URI: direct, REDIS_URL: `redis://127.0.0.1:${proxies.Redis.port}` },
    })
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
  })
  afterAll(async () => {
    await server.stop()
    await Promise.all([proxies.MongoDB.stop(), proxies.Redis.stop()])
    await mongo?.drop()
  })

  const cases = [
    // The driver asks once more by itself: nobody notices.
    { store: 'MongoDB', count: 1, ends: ['tokens'] },
    { store: 'MongoDB', count: 2, ends: ['tokens', 'page', 'refusal'] },
    { store: 'Redis', count: 1, ends: ['tokens', 'page', 'refusal'] },
  ] as const

  it.each(cases)(
    'of $store, $count in a row, whichever it is',
    async ({ store, count, ends }) => {
      const outcomes: string[] = []
      let lost: number
      do {
        const email = freshAddress()
        server.clock.forward(10_000) // what is remembered for seconds is asked for again
        proxies[store].loseAnswers(outcomes.length + 1, count)
        outcomes.push(await walk(email))
        lost = proxies[store].heal()
        await eventually(async () => expect((await get('/readyz')).status).toBe(200))
        await expectWhole(email)
      } while (lost > 0)
      expect(outcomes.length).toBeGreaterThan(10) // as many answers, each lost once
      expect(new Set(outcomes)).toEqual(new Set(ends))
    },
    60_000,
  )

  const get = (path: string, headers = {}) => fetch(`${server.baseUrl}${path}`, { headers })

  /** As far as a person and an application come who give up at the first error. */
  async function walk(email: string): Promise<string> {
    const agent = createUserAgent(server.baseUrl)
    const pending = await party.authorize()
    let page: Page = await agent.open(pending.url)
    try {
      if (page.status === 200) page = await agent.submit(page, { email })
      if (page.status === 200)
        page = await agent.submit(page, { code: await server.codeFor(email) })
    } catch (error) {
      if (!(error instanceof LeftServer)) throw error
      return redeem(error.location, pending)
    }
    expect(page.status).toBe(503)
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(page.html).toMatch(/<h1>That did not work<\/h1>[\s\S]*href="\//)
    return 'page'
  }

  async function redeem(callback: URL, pending: Pending): Promise<string> {
    try {
      await party.exchange(callback, pending)
      return 'tokens'
    } catch (error) {
      // The library's error for a status that OAuth does not know has the answer as its cause.
      const { status, headers } = (error as { cause: Response }).cause
      expect(status).toBe(503)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      return 'refusal'
    }
  }

  /** Afterwards the same person signs in, to one account with one customer. */
  async function expectWhole(email: string): Promise<void> {
    server.clock.forward(1000) // an outage is remembered for a moment
    const pending = await party.authorize()
    const tokens = await party.exchange(await signIn(server, { url: pending.url, email }), pending)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await get('/api/client/v1/profile', bearer)).status).toBe(200)
    for (const collection of [accountsCollection, customersCollection])
      expect(await server.documents.collection(collection).count({ email })).toBe(1)
  }
})

/** The driver's own look-outs are answered all the time. */
function isNoHeartbeat(bytes: Buffer): boolean {
  return !bytes.includes('isWritablePrimary') && !bytes.includes('ismaster')
}
