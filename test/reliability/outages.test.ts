// MongoDB or Redis killed or frozen under a running server: what still works, what is said, and that it goes on.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { eventually } from '../support/eventually.ts'
import { type HalfDone, leaveHalfDone, takeFurther } from '../support/half-done.ts'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type OwnServer, startOwnMongo, startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices } from '../support/services/shared.ts'
import { askCode, freshAddress, roomyLimits, wordsOf, wrongCode } from '../support/sign-in-pages.ts'
import { createUserAgent, type Page } from '../support/user-agent.ts'

type Case = {
  store: 'MongoDB' | 'Redis'
  signal: 'SIGKILL' | 'SIGSTOP'
  /** Milliseconds within which every answer comes. */
  within: number
  /** Answered with 503 while it is away; everything else with 200. */
  unavailable: readonly string[]
  /** Gone with the store's memory: after it is back the person begins again. */
  lost: readonly string[]
}

const needMongo = [
  'authorize',
  'page',
  'address',
  'code',
  'ownAddress',
  'ownCode',
  'handOff',
  'handOn',
  'exchange',
  'refresh',
  'userinfo',
  'profile',
]
const needRedis = [
  'authorize',
  'page',
  'address',
  'code',
  'ownAddress',
  'ownCode',
  'handOff',
  'handOn',
  'exchange',
]
const cases: readonly Case[] = [
  { store: 'MongoDB', signal: 'SIGKILL', within: 5000, unavailable: needMongo, lost: [] },
  { store: 'MongoDB', signal: 'SIGSTOP', within: 5000, unavailable: needMongo, lost: [] },
  { store: 'Redis', signal: 'SIGSTOP', within: 2000, unavailable: needRedis, lost: [] },
  {
    store: 'Redis', // of the tests: it keeps nothing on a disk
    signal: 'SIGKILL',
    within: 2000,
    unavailable: needRedis,
    lost: ['page', 'address', 'code', 'ownCode', 'handOn', 'exchange'],
  },
]

/** Clients and accounts are remembered for a few seconds: what an outage does shows after that. */
const FORGOTTEN = 10_000

describeWithServices('a server whose stores go away', () => {
  let mongo: OwnServer
  let redis: OwnServer
  let server: TestServer
  let party: RelyingParty
  /** Of an organisation below a path. */
  let elsewhere: RelyingParty

  beforeAll(async () => {
    ;[mongo, redis] = await Promise.all([startOwnMongo(), startOwnRedis()])
    server = await startServer({ env: { MONGODB_URI: mongo.uri, REDIS_URL: redis.uri } })
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
    const other = await server.addOrganisation('elsewhere')
    elsewhere = await createRelyingParty(other, await other.register({ firstParty: true }))
  })
  afterAll(async () => {
    // Also where the server did not start: what is left running would outlive the run.
    await server?.stop()
    await Promise.all([mongo?.stop(), redis?.stop()])
  })

  const get = (path: string) => fetch(`${server.baseUrl}${path}`)
  const ready = () => eventually(async () => expect((await get('/readyz')).status).toBe(200))

  describe.each(cases)('while $store is away ($signal)', (given) => {
    const { store, signal, within, unavailable, lost } = given
    const ownServer = (): OwnServer => (store === 'MongoDB' ? mongo : redis)
    let halfDone: HalfDone
    let told: Awaited<ReturnType<typeof takeFurther>>
    let toldElsewhere: Page

    beforeAll(async () => {
      halfDone = await leaveHalfDone(server)
      server.clock.forward(FORGOTTEN)
      await ownServer().kill(signal)
      server.log.lines.length = 0
      const { url } = await elsewhere.authorize()
      const authorize = () => createUserAgent(server.baseUrl).open(url)
      ;[told, toldElsewhere] = await Promise.all([takeFurther(server, halfDone), authorize()])
    })
    afterAll(() => ownServer().kill('SIGCONT')) // should a test before have failed

    it('says so for what needs it, with when to come back, and serves the rest', () => {
      const statuses = Object.fromEntries(
        Object.entries(told).map(([name, { status }]) => [name, status]),
      )
      const expected = Object.keys(told).map((name) => [
        name,
        [...unavailable, 'readyz'].includes(name) ? 503 : 200,
      ])
      expect(statuses).toEqual(Object.fromEntries(expected))
      for (const name of unavailable) expect(told[name]?.retryAfter).toBeGreaterThan(0)
    })

    it(`answers everything within ${within / 1000} seconds`, () => {
      const slow = Object.entries(told).filter(([, { milliseconds }]) => milliseconds > within)
      expect(slow.map(([name, { milliseconds }]) => `${name}: ${milliseconds}`)).toEqual([])
    })

    it('shows pages with a way on, and nothing of what is inside', () => {
      for (const name of ['authorize', 'page', 'address', 'code', 'handOn'])
        expect(told[name]?.text).toMatch(/<h1>That did not work<\/h1>[\s\S]*href="\//)
      for (const { text } of Object.values(told))
        expect(text).not.toMatch(/mongo|redis|ECONN|127\.0\.0\.1:(?!9)|\bat .*\.ts/i)
    })

    it('has somebody try again at the same organisation', () => {
      expect(toldElsewhere.status).toBe(503)
      expect(toldElsewhere.html).toContain('href="/o/elsewhere/oauth/authorize?')
    })

    it('says it to applications in OAuth’s words', () => {
      for (const name of ['ownAddress', 'ownCode', 'handOff'])
        expect(JSON.parse(told[name]?.text ?? '')).toMatchObject({
          error: 'temporarily_unavailable',
        })
    })

    it('has every outage in its log as such, and none as a fault', () => {
      const log = server.log.lines.join('\n')
      expect(log).toContain(`${store} is unavailable`)
      expect(log).not.toMatch(/internal_error|server_error|"status":500/)
      const id = String(toldElsewhere.headers.get('x-request-id'))
      const ofEngine = server.log.errors.filter((line) => line.includes(id))
      expect(ofEngine.join('\n')).toContain(`${store} is unavailable`)
    })

    it('goes on with what was half done as soon as it is back, without a restart', async () => {
      if (signal === 'SIGKILL') await ownServer().restart()
      else await ownServer().kill('SIGCONT')
      await ready()
      server.clock.forward(FORGOTTEN)
      const after = await takeFurther(server, halfDone)
      const failed = Object.keys(after).filter((name) => (after[name]?.status ?? 500) >= 400)
      expect(failed.sort()).toEqual([...lost].sort())
      if (lost.length === 0) expect(after.code?.status).toBe(303)
      for (const name of lost) expect(after[name]?.status).toBeLessThan(500)
    })

    it('signs the next one in', async () => {
      const pending = await party.authorize()
      const callback = await signIn(server, { url: pending.url, email: freshAddress() })
      expect((await party.exchange(callback, pending)).token_type).toBe('bearer')
    })
  })

  it('counts requests for itself while Redis is away', async () => {
    const { accessToken } = await leaveHalfDone(server)
    const profile = () =>
      fetch(`${server.baseUrl}/api/client/v1/profile`, {
        headers: { authorization: `Bearer ${accessToken}` },
      })
    const limit = Number((await profile()).headers.get('ratelimit-limit'))
    await redis.kill('SIGKILL')
    try {
      // What it took of the limit in advance, when Redis was there, comes on top.
      const before = Math.ceil(limit / 32)
      const asked = Array.from({ length: limit + before + 1 }, profile)
      const refused = (await Promise.all(asked)).filter(({ status }) => status !== 200)
      expect(refused.filter(({ status }) => status !== 429)).toEqual([])
      expect(refused.length).toBeGreaterThan(0)
      expect(refused.length).toBeLessThanOrEqual(before + 1)
      expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      await redis.restart()
      await ready()
    }
  })

  it('R09: never says that a token was revoked which MongoDB could not be told of', async () => {
    const grants = await Promise.all([1, 2].map(() => leaveHalfDone(server)))
    const given = grants.flatMap(({ client, accessToken, refreshToken }) =>
      [accessToken, refreshToken].map((token) => ({ client, token })),
    )
    const revoke = async ({ client, token }: (typeof given)[number]): Promise<number> => {
      const body = new URLSearchParams({ ...client, token })
      return (await fetch(`${server.baseUrl}/oauth/revoke`, { method: 'POST', body })).status
    }
    const profile = async ({ accessToken }: (typeof grants)[number]): Promise<number> =>
      (
        await fetch(`${server.baseUrl}/api/client/v1/profile`, {
          headers: { authorization: `Bearer ${accessToken}` },
        })
      ).status
    await mongo.kill('SIGSTOP')
    expect(await Promise.all(given.map(revoke))).toEqual([503, 503, 503, 503])
    await mongo.kill('SIGCONT')
    await ready()
    // What was frozen on its way may have been done since; who was told 503 tries again, and then it is.
    expect(await Promise.all(given.map(revoke))).toEqual([200, 200, 200, 200])
    expect(await Promise.all(grants.map(profile))).toEqual([401, 401])
  })

  describe('D08: guesses', () => {
    it('are not looked at while Redis is away, and none is counted', async () => {
      const email = freshAddress()
      const visit = await askCode(server, party, { email })
      const code = await server.codeFor(email)
      await redis.kill('SIGSTOP')
      const tried = await visit.agent.submit(visit.page, { code })
      await redis.kill('SIGCONT')
      expect(tried.status).toBe(503)
      await ready()
      for (let wrong = 4; wrong > 0; wrong -= 1)
        await visit.agent.submit(visit.page, { code: wrongCode(code) })
      await expect(visit.agent.submit(visit.page, { code })).rejects.toThrow(/redirected to/)
    })

    it('stay counted when Redis loses everything: twenty, and the address is locked', async () => {
      const email = freshAddress()
      const connection = new Redis(redis.uri)
      let guesses = 0
      try {
        for (let round = 0; round < 5; round += 1) {
          const { agent, page } = await askCode(server, party, { email })
          const code = await server.codeFor(email)
          for (let tries = 0; tries < 4; tries += 1) {
            const answer = await agent.submit(page, { code: wrongCode(code) })
            expect(answer.status).toBe(422)
            guesses += 1
          }
          await connection.flushall()
          // The code is gone with its counter: the right one opens nothing.
          const late = await agent.submit(page, { code })
          expect(wordsOf(late).heading).toBe('This sign-in has ended')
        }
        const before = (await server.mails(email)).length
        await askCode(server, party, { email })
        expect((await server.mails(email)).length).toBe(before)
        expect(guesses).toBe(20)
      } finally {
        connection.disconnect()
      }
    })
  })

  it('D06: uses nothing that has expired, though MongoDB still has it', async () => {
    const client = new MongoClient(mongo.uri)
    const stored = async (): Promise<number[]> => {
      const names = ['sessions', 'grants', 'refresh-tokens']
      return Promise.all(names.map((name) => client.db('foyer').collection(name).countDocuments()))
    }
    try {
      // Nobody tidies up meanwhile: neither MongoDB nor our own job.
      await client.db('admin').command({ setParameter: 1, ttlMonitorEnabled: false })
      await client.db('foyer').collection('jobs').deleteMany({})
      const halfDone = await leaveHalfDone(server)
      const comeBack = async () => halfDone.agent.open((await party.authorize()).url)
      await expect(comeBack()).rejects.toThrow(/redirected to/)
      const before = await stored()
      expect(Math.min(...before)).toBeGreaterThan(0)

      server.clock.forward(120 * 24 * 60 * 60 * 1000)
      const { refresh, profile } = await takeFurther(server, halfDone)
      const statuses = { refresh: refresh?.status, profile: profile?.status }
      expect(statuses).toEqual({ refresh: 400, profile: 401 })
      expect(wordsOf(await comeBack()).heading).toBe('Sign in')
      expect(Math.min(...(await stored()).map((count, at) => count - (before[at] ?? 0)))).toBe(0)
    } finally {
      await client.close()
    }
  })
})
