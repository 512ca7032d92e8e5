// One browser, several tabs: the cookie of the session changes under way, and nobody is signed out by it.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Credentials } from '../support/endpoints.ts'
import { type Person, signedInPerson } from '../support/journeys.ts'
import {
  createRelyingParty,
  type RelyingParty,
  signIn,
  untilLeft,
} from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { askCode, freshAddress } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

const SESSION = 'foyer_session'

describeOnAllStores('the tabs of a browser', (start, stores) => {
  let server: TestServer
  let house: RelyingParty
  beforeAll(async () => {
    server = await start()
    house = await createRelyingParty(server, await server.register({ firstParty: true }))
  })
  afterAll(() => server.stop())

  /** A browser with the cookies that this one has now: what a request carries that is on its way. */
  function snapshot(agent: UserAgent): UserAgent {
    const copy = createUserAgent(server.baseUrl)
    copy.cookies.push(...agent.cookies.map((cookie) => ({ ...cookie })))
    return copy
  }
  const cookieOf = (agent: UserAgent): string | undefined =>
    agent.cookies.find(({ name }) => name === SESSION)?.value

  /** What an application hears that asks in a tab without any page. */
  async function askSilently(agent: UserAgent): Promise<string> {
    const { url } = await house.authorize({ prompt: 'none', scope: 'openid' })
    const left = await untilLeft(() => agent.open(url))
    return left.searchParams.get('error') ?? 'signed in'
  }

  /** A page that asks for permission: allowing it gives the session a new cookie. */
  async function askPermission({ agent }: Person) {
    const client: Credentials = await server.register({ apiScopes: [] })
    const party = await createRelyingParty(server, client)
    const { url } = await party.authorize({ scope: 'openid email' })
    const page = await agent.open(url)
    return () => untilLeft(() => agent.submit(page))
  }

  it('stay signed in where one is on its way while another gives the session a new cookie', async () => {
    const person = await signedInPerson(server)
    const allow = await askPermission(person)
    const late = snapshot(person.agent)
    expect((await allow()).searchParams.has('code')).toBe(true)
    expect(cookieOf(person.agent)).not.toBe(cookieOf(late))
    expect(await askSilently(late)).toBe('signed in')
    expect(cookieOf(late)).toBe(cookieOf(person.agent))
  })

  it('stay signed in where one is on its way while another proves who it is once more', async () => {
    const person = await signedInPerson(server)
    const late = snapshot(person.agent)
    const { url } = await house.authorize({ prompt: 'login', scope: 'openid' })
    await signIn(server, { url, ...person })
    expect(await askSilently(late)).toBe('signed in')
    expect(cookieOf(late)).toBe(cookieOf(person.agent))
  })

  it('all go on with one cookie, whichever answer comes last, where many are under way at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await signedInPerson(server)
      const allowed = [await askPermission(person), await askPermission(person)]
      const silent = Array.from({ length: 6 }, () => snapshot(person.agent))
      const [first, second, ...heard] = await Promise.all([
        ...allowed.map((allow) => allow()),
        ...silent.map(askSilently),
      ])
      for (const left of [first, second]) expect((left as URL).searchParams.has('code')).toBe(true)
      expect(heard).toEqual(silent.map(() => 'signed in'))
      // Whichever answer the browser took last: with its next request it has the one cookie, and keeps it.
      const agents = [person.agent, ...silent]
      for (const agent of agents) expect(await askSilently(agent)).toBe('signed in')
      expect(new Set(agents.map(cookieOf)).size).toBe(1)
      if (stores === 'embedded') server.clock.forward(30_050)
      expect(await askSilently(person.agent)).toBe('signed in')
    }
  })

  it('keep what each of them did: all of it is over after signing out', async () => {
    const person = await signedInPerson(server)
    const allow = await askPermission(person)
    const late = snapshot(person.agent)
    await allow()
    const { url, ...pending } = await house.authorize({ scope: 'openid' })
    const callback = await untilLeft(() => late.open(url))
    const tokens = await house.exchange(callback, { url, ...pending })
    await person.agent.submit(await person.agent.open('/oauth/logout'))
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(`${server.baseUrl}/oauth/userinfo`, { headers })).status).toBe(401)
  })

  it('R11: are signed out, all of them, also one that is on its way with the cookie of before', async () => {
    const person = await signedInPerson(server)
    const allow = await askPermission(person)
    const late = snapshot(person.agent)
    await allow()
    await person.agent.submit(await person.agent.open('/oauth/logout'))
    expect(await askSilently(late)).toBe('login_required')
  })

  if (stores === 'embedded')
    it('lose the cookie of before after half a minute', async () => {
      const person = await signedInPerson(server)
      const allow = await askPermission(person)
      const late = snapshot(person.agent)
      await allow()
      server.clock.forward(30_050)
      expect(await askSilently(late)).toBe('login_required')
      expect(await askSilently(person.agent)).toBe('signed in')
    })

  describe('O25: a session that was planted before a sign-in', () => {
    /** A cookie of ours, from a session of nobody. */
    async function plant(): Promise<UserAgent> {
      const { agent } = await signedInPerson(server)
      const left = snapshot(agent)
      await agent.submit(await agent.open('/oauth/logout'))
      expect(await askSilently(left)).toBe('login_required')
      expect(cookieOf(left)).toEqual(expect.any(String))
      expect(cookieOf(left)).not.toBe(cookieOf(agent))
      return left
    }

    it('does not sign in whoever planted it', async () => {
      const attacker = await plant()
      const victim = snapshot(attacker)
      const email = freshAddress()
      const { url } = await house.authorize({ scope: 'openid' })
      await signIn(server, { url, email, agent: victim })
      expect(await askSilently(victim)).toBe('signed in')
      expect(cookieOf(victim)).not.toBe(cookieOf(attacker))
      expect(await askSilently(snapshot(attacker))).toBe('login_required')
    })

    it('does not finish an interaction in another browser', async () => {
      const attacker = createUserAgent(server.baseUrl)
      const visit = await askCode(server, house, { email: freshAddress(), agent: attacker })
      const victim = createUserAgent(server.baseUrl)
      expect((await victim.open(visit.page.url)).html).not.toContain('name="code"')
    })
  })

  it('E33: whoever began with an address that is not theirs has nothing when its owner comes', async () => {
    const email = freshAddress()
    const attacker = await askCode(server, house, { email })
    const owner = await signedInPerson(server, email)
    // No account was there before the proof, so that nothing could be put into it.
    expect(await askSilently(attacker.agent)).toBe('login_required')
    const refused = await attacker.agent.submit(attacker.page, {
      code: await server.codeFor(email),
    })
    expect(refused.status).toBe(422)
    expect(await askSilently(attacker.agent)).toBe('login_required')
    expect(await askSilently(owner.agent)).toBe('signed in')
  })
})
