// A Redis that is emptied under a running server, and what stands in it before.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRelyingParty, type RelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type OwnServer, startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { askAddress, askCode, codeOpens, roomyLimits, wrongCode } from '../support/sign-in-pages.ts'

describeWithServices('a Redis that is emptied', () => {
  const mongo = mongoForTest()
  let own: OwnServer
  let redis: Redis
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    own = await startOwnRedis()
    redis = new Redis(own.uri)
    server = await startServer({ env: { MONGODB_URI: mongo.uri, REDIS_URL: own.uri } })
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register({ firstParty: true }))
  })
  afterAll(async () => {
    // Also where the server did not start: what is left running would outlive the run.
    redis?.disconnect()
    await server?.stop()
    await Promise.all([own?.stop(), mongo.drop()])
  })

  it('D09: gives no guess back: what was spent is spent, and what was closed stays closed', async () => {
    const email = 'emptied@example.org'
    let looked = 0
    for (let round = 0; round < 8; round += 1) {
      const before = (await server.mails(email)).length
      const { agent, page } = await askCode(server, party, { email })
      if ((await server.mails(email)).length === before) break
      for (let miss = 0; miss < 5; miss += 1) {
        await agent.submit(page, { code: wrongCode(await server.codeFor(email)) })
        looked += 1
      }
      await redis.flushall()
    }
    expect(looked).toBe(20)
  })

  it('D09: ends a sign-in that is under way with a page that leads on, and nothing else', async () => {
    const email = 'under-way@example.org'
    const { agent, page, pending } = await askCode(server, party, { email })
    const code = await server.codeFor(email)
    await redis.flushall()
    server.log.lines.length = 0
    expect(await codeOpens(agent, page, code)).toBe(false)
    const after = await agent.submit(page, { code })
    expect(after.status).toBeLessThan(500)
    expect(server.log.lines.join('\n')).not.toMatch(/internal_error|"status":500/)
    // The same browser begins again.
    const again = await askCode(server, party, { email, agent })
    expect(again.pending.state).not.toBe(pending.state)
    expect(await codeOpens(agent, again.page, await server.codeFor(email))).toBe(true)
  })

  it('D07, E23: has keys that no input has a part in', async () => {
    await redis.flushall()
    const inputs = ['a*b{c}d@example.org', "a'b|c=d?e@example.org", 'a:b@example.org', 'a\nb@x.org']
    const statuses: number[] = []
    for (const email of inputs) {
      const { agent, page } = await askAddress(server, party)
      statuses.push((await agent.submit(page, { email })).status)
      await agent.open(`${page.url}%7D:guard`)
      await agent.open(`${server.baseUrl}/sign-in/*`)
    }
    expect(statuses).toEqual([200, 200, 422, 422])
    const keys = await redis.keys('*')
    expect(keys.length).toBeGreaterThan(10)
    const shape = /^foyer:\{[\w-]+(?::[\w-]+)*\}(?::(?:mark|guard|count|turn))?$/
    expect(keys.filter((key) => !shape.test(key))).toEqual([])
    expect(keys.join()).not.toContain('example')
    const lasting = await Promise.all(keys.map(async (key) => (await redis.pttl(key)) < 0))
    expect(lasting).not.toContain(true)
  })
})
