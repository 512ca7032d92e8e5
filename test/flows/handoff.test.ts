// The one-time hand-off: a site's session goes into a browser, once, and stays one session.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createOwnPage } from '../support/challenge.ts'
import { refresh } from '../support/endpoints.ts'
import {
  askHandoff,
  cookieOf,
  follow,
  landing,
  linkOf,
  SITE,
  sidOf,
  silentSession,
  visitorOf,
} from '../support/handoff.ts'
import { isSignedIn } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits, wordsOf } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

describeOnAllStores('a hand-off', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
  })
  afterAll(() => server.stop())
  const browser = () => createUserAgent(server.baseUrl)

  it('puts the very session of the site into another browser, and leads to the account', async () => {
    const visitor = await visitorOf(server)
    const other = browser()
    const asked = await askHandoff(server, { token: visitor.tokens.access_token })
    expect(asked.json).toMatchObject({ expires_in: 60 })
    const link = String(asked.json.url)
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
      await follow(other, await linkOf(server, visitor.tokens.access_token))
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
      await follow(agent, await linkOf(server, visitor.tokens.access_token))
    for (const agent of [first, second, visitor.agent])
      expect(await silentSession(server, agent)).toBe(sidOf(visitor.tokens.access_token))
  })

  it('is good once, also for twenty at the same time', async () => {
    const visitor = await visitorOf(server)
    const link = await linkOf(server, visitor.tokens.access_token)
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

  it('is its own ticket’s alone, and is not spent by trying others', async () => {
    const link = await linkOf(server, (await visitorOf(server)).tokens.access_token)
    for (const other of [`${link}A`, link.slice(0, -1), link.replace(/[^/]*$/, 'A'.repeat(43))])
      expect((await browser().open(other, { method: 'POST' })).status).toBe(410)
    expect((await follow(browser(), link)).status).toBe(200)
  })

  it('takes on a session that began on the site’s own page, without any cookie', async () => {
    const client = await server.register({ kind: 'browser', firstParty: true })
    const own = createOwnPage(server, client, { origin: SITE })
    const email = freshAddress()
    const tokens = await own.signIn(email)
    const agent = browser()
    const page = await follow(agent, await linkOf(server, String(tokens.access_token)))
    expect(page.html).toContain(email)
    expect(await silentSession(server, agent)).toBe(sidOf(String(tokens.access_token)))
    await agent.submit(await agent.open('/oauth/logout'))
    const { status } = await refresh(server, client, { refresh_token: tokens.refresh_token })
    expect(status).toBe(400)
  })

  /** Allowing a third party something gives the session a new cookie in the browser that did it. */
  async function askPermission(agent: UserAgent) {
    const party = await createRelyingParty(server, await server.register({ apiScopes: [] }))
    const { url } = await party.authorize({ scope: 'openid email' })
    const page = await agent.open(url)
    return () => untilLeft(() => agent.submit(page))
  }

  it('leaves each browser its own cookie: one that gets a new one signs out no other, and no other tab', async () => {
    const visitor = await visitorOf(server)
    const agent = browser()
    await follow(agent, await linkOf(server, visitor.tokens.access_token))
    for (const changing of [agent, visitor.agent, agent]) {
      const allow = await askPermission(changing)
      const late = createUserAgent(server.baseUrl)
      late.cookies.push(...changing.cookies.map((cookie) => ({ ...cookie })))
      await allow()
      expect(cookieOf(changing)).not.toBe(cookieOf(late))
      for (const each of [agent, visitor.agent, late])
        expect(await silentSession(server, each)).toBe(sidOf(visitor.tokens.access_token))
      expect(cookieOf(late)).toBe(cookieOf(changing))
    }
  })

  it('stays one session in a browser that two tabs change at once', async () => {
    const visitor = await visitorOf(server)
    const agent = browser()
    await follow(agent, await linkOf(server, visitor.tokens.access_token))
    const allows = [await askPermission(agent), await askPermission(agent)]
    const [first, second] = await Promise.all(allows.map((allow) => allow()))
    expect([first, second].map((left) => left?.searchParams.has('code'))).toEqual([true, true])
    expect(await silentSession(server, agent)).toBe(sidOf(visitor.tokens.access_token))
    expect(await silentSession(server, visitor.agent)).toBe(sidOf(visitor.tokens.access_token))
  })

  it('R16: goes to eight browsers; the ninth takes the place of the first, and the row grows no more', async () => {
    const visitor = await visitorOf(server)
    const agents = Array.from({ length: 9 }, browser)
    for (const agent of agents)
      await follow(agent, await linkOf(server, visitor.tokens.access_token))
    const signedIn = await Promise.all(agents.map((agent) => isSignedIn(server, agent)))
    expect(signedIn).toEqual([false, ...Array(8).fill(true)])
    expect(await isSignedIn(server, visitor.agent)).toBe(true)
  })

  it('R11: of a session that ended on the way signs nobody in', async () => {
    const visitor = await visitorOf(server)
    const agent = browser()
    const page = await agent.open(await linkOf(server, visitor.tokens.access_token))
    await visitor.agent.submit(await visitor.agent.open('/oauth/logout'))
    expect((await agent.submit(page)).status).toBe(410)
    expect(agent.cookies).toEqual([])
  })

  it('ends what the same application had in this browser before, and nothing that another lives by', async () => {
    const email = freshAddress()
    const before = await visitorOf(server, {}, email)
    const again = await visitorOf(server, {}, email, before.client)
    const elsewhere = await visitorOf(server, {}, email)
    const agent = browser()
    for (const visitor of [before, again, elsewhere])
      await follow(agent, await linkOf(server, visitor.tokens.access_token))
    const asked = await Promise.all(
      [before, again, elsewhere].map(({ tokens }) =>
        askHandoff(server, { token: tokens.access_token }),
      ),
    )
    expect(asked.map(({ status }) => status)).toEqual([401, 201, 201])
    expect(await silentSession(server, agent)).toBe(sidOf(elsewhere.tokens.access_token))
  })

  it('E09: asks where another person is signed in, and goes on either way', async () => {
    const [ana, ben] = [await visitorOf(server), await visitorOf(server)]
    const link = await linkOf(server, ben.tokens.access_token)
    const question = await ana.agent.open(link)
    expect(wordsOf(question).heading).toBe('Somebody else is signed in here')
    expect(question.html).not.toContain(ana.email)
    expect(question.html).not.toContain(ben.email)
    // Enough to know oneself by.
    for (const { email } of [ana, ben])
      expect(question.html).toContain(email.replace(/^(.).*(.)@/, '$1***$2@'))
    // A form that did not ask spends nothing.
    const skipped = await ana.agent.open(link, { method: 'POST' })
    expect(wordsOf(skipped).heading).toBe('Somebody else is signed in here')

    const stayed = await landing(ana.agent, () => ana.agent.submit(question, {}, 1))
    expect(stayed.html).toContain(ana.email)
    expect((await ana.agent.open(link)).status).toBe(410)

    const next = await ana.agent.open(await linkOf(server, ben.tokens.access_token))
    const gone = await landing(ana.agent, () => ana.agent.submit(next))
    expect(gone.html).toContain(ben.email)
    expect(await silentSession(server, ana.agent)).toBe(sidOf(ben.tokens.access_token))
    const { status } = await refresh(server, ana.client, ana.tokens as { refresh_token: string })
    expect(status).toBe(400) // as signing out does it
    expect((await askHandoff(server, { token: ana.tokens.access_token })).status).toBe(401)
  })
})
