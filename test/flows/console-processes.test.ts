// The console served by two processes behind one address, over https: whichever gets a request knows who it is.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { SECOND } from '../../src/shared/clock.ts'
import { eventually } from '../support/eventually.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { sendThrough } from '../support/server-process.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'
import { expectWithin } from '../support/stopwatch.ts'
import { createUserAgent, type Send, type UserAgent } from '../support/user-agent.ts'

const BASE_URL = 'https://id.example.org'
const owners = ['ann@example.com', 'ben@example.com', 'cat@example.com']
const SESSION = '__Host-foyer_console'

describeWithServices('the console on two processes', () => {
  const database = process.env.SKIP_SERVICES === '1' ? undefined : mongoForTest()
  let mails: MailServer
  let first: TestServer
  let second: TestServer

  beforeAll(async () => {
    mails = await startMailServer()
    const env = {
      BASE_URL,
      OPERATORS: owners.join(),
      SECRET: 'a-secret-of-the-tests-that-is-long-enough',
      MONGODB_URI: database?.uri ?? '',
      REDIS_URL: redisForTest().url,
    }
    first = await startServer({ env, mailServer: mails })
    second = await startServer({ env, mailServer: mails })
    await first.changeSignIn(roomyLimits)
  })
  afterAll(async () => {
    await first?.stop()
    await second?.stop()
    await mails?.stop()
    await database?.drop()
  })

  const through = (...servers: TestServer[]): Send => {
    const ways = servers.map(({ config }) => sendThrough(config.port))
    let turn = 0
    return (url, init) => {
      turn += 1
      return (ways[turn % ways.length] as Send)(url, init) // there is one for each turn
    }
  }

  const waiting = [...owners]
  /** Every request goes to the other process than the one before. */
  async function signedIn(seen: string[] = []): Promise<UserAgent> {
    const email = waiting.pop() ?? '' // each has one mail
    const send = through(first, second)
    const agent = createUserAgent(BASE_URL, async (url, init) => {
      const answer = await send(url, init)
      seen.push(...answer.headers.getSetCookie())
      return answer
    })
    const asked = await agent.submit(await agent.open('/admin/sign-in'), { email })
    await agent.submit(asked, { code: await first.codeFor(email) })
    return agent
  }
  const statusAt = async (agent: UserAgent, server: TestServer): Promise<number> => {
    const at = createUserAgent(BASE_URL, through(server))
    at.cookies.push(...agent.cookies.map((cookie) => ({ ...cookie })))
    return (await at.request('/admin/api/v1/me')).status
  }

  it('signs in and forwards, wherever each request goes; O26: by cookies of this host alone', async () => {
    const seen: string[] = []
    const agent = await signedIn(seen)
    expect([await statusAt(agent, first), await statusAt(agent, second)]).toEqual([200, 200])
    const own = seen.filter((cookie) => cookie.startsWith(SESSION))
    expect(own.length).toBeGreaterThan(1)
    for (const cookie of own) {
      expect(cookie).toMatch(/^__Host-foyer_console(_sign-in)?=[\w-]{43};/)
      expect(cookie.toLowerCase()).toMatch(/; path=\/;.*; samesite=lax; secure; httponly$/)
      expect(cookie.toLowerCase()).not.toContain('domain=')
    }
  })

  it('is left at one within five seconds of signing out at the other', async () => {
    const agent = await signedIn()
    const at = createUserAgent(BASE_URL, through(first))
    at.cookies.push(...agent.cookies)
    await expectWithin(5 * SECOND, async () => {
      const answer = await at.request('/admin/sign-out', {
        method: 'POST',
        headers: { origin: BASE_URL, accept: 'application/json' },
      })
      expect(answer.status).toBe(200)
      await eventually(async () => expect(await statusAt(agent, second)).toBe(401))
    })
  })

  it('is left at both within five seconds of the end of its session at the provider', async () => {
    const agent = await signedIn()
    const at = createUserAgent(BASE_URL, through(second))
    at.cookies.push(...agent.cookies)
    await expectWithin(5 * SECOND, async () => {
      await at.submit(await at.open('/oauth/logout'))
      for (const server of [first, second])
        await eventually(async () => expect(await statusAt(agent, server)).toBe(401))
    })
  })
})
