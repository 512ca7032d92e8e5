// The one-time hand-off: a site's session goes into a browser, once, and stays one session.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { askHandoff, follow, linkOf, sidOf, silentSession, visitorOf } from '../support/handoff.ts'
import { isSignedIn } from '../support/journeys.ts'
import type { TestServer } from '../support/server.ts'
import { wordsOf } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

describeOnAllStores('a hand-off', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())
  const browser = () => createUserAgent(server.baseUrl)

  it('puts the very session of the site into another browser, and leads to the account', async () => {
    const visitor = await visitorOf(server)
    const other = browser()
    const link = await linkOf(server, visitor)
    expect(link).toMatch(new RegExp(`^${server.baseUrl}/oauth/handoff/[\\w-]{43}$`))
    const page = await follow(other, link)
    expect(page.url).toBe(`${server.baseUrl}/demo/account`)
    expect(page.html).toContain(visitor.email)
    expect(await silentSession(server, other)).toBe(sidOf(visitor.tokens.access_token))
    expect(await silentSession(server, visitor.agent)).toBe(sidOf(visitor.tokens.access_token))
  })

  it('ends everywhere with one sign-out, wherever that is', async () => {
    for (const where of ['there', 'here'] as const) {
      const visitor = await visitorOf(server)
      const other = browser()
      await follow(other, await linkOf(server, visitor))
      const agent = where === 'there' ? other : visitor.agent
      await agent.submit(await agent.open('/oauth/logout'))
      expect(await isSignedIn(server, other)).toBe(false)
      expect(await isSignedIn(server, visitor.agent)).toBe(false)
      const again = await askHandoff(server, { token: visitor.tokens.access_token })
      expect(again.status).toBe(401)
    }
  })

  it('is repeated in the same browser and in more, and signs out none of them', async () => {
    const visitor = await visitorOf(server)
    const [first, second] = [browser(), browser()]
    for (const agent of [first, second, first, visitor.agent, second])
      await follow(agent, await linkOf(server, visitor))
    for (const agent of [first, second, visitor.agent])
      expect(await silentSession(server, agent)).toBe(sidOf(visitor.tokens.access_token))
  })

  it('is good once, also for twenty at the same time', async () => {
    const visitor = await visitorOf(server)
    const link = await linkOf(server, visitor)
    const agents = Array.from({ length: 20 }, browser)
    const answers = await Promise.all(
      agents.map((agent) => agent.request(link, { method: 'POST' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(410)])
    const signedIn = await Promise.all(agents.map((agent) => isSignedIn(server, agent)))
    expect(signedIn.filter(Boolean)).toHaveLength(1)
    const gone = await browser().open(link)
    expect(gone.status).toBe(410)
    expect(wordsOf(gone).heading).toBe('This link no longer works')
    expect(gone.html).toContain(`href="${server.baseUrl}/demo/account"`)
  })
})
