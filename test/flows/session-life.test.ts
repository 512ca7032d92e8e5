// How long a browser stays signed in: two weeks unused, ninety days in all, twelve hours where others use it too.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { auditCollection } from '../../src/stores/audit.ts'
import { type Session, sessionsCollection } from '../../src/stores/sessions.ts'
import { inDays } from '../support/calendar.ts'
import { type Credentials, refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, signIn, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress } from '../support/sign-in-pages.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

describe('a session', () => {
  let server: TestServer
  let client: Credentials
  beforeAll(async () => {
    server = await startServer()
    client = await server.register({ firstParty: true })
  })
  afterAll(() => server.stop())

  /** What an application is told without any page. */
  async function ask(agent: UserAgent): Promise<string | null> {
    const party = await createRelyingParty(server, client)
    const { url } = await party.authorize({ prompt: 'none', scope: 'openid' })
    const left = await untilLeft(() => agent.open(url))
    return left.searchParams.get('error') ?? 'signed in'
  }
  const askIn = (days: number, agent: UserAgent) => inDays(days, () => ask(agent))

  it('ends when it was not used for two weeks', async () => {
    const { agent } = await signedInPerson(server)
    expect(await askIn(13.9, agent)).toBe('signed in')
    expect(await askIn(13.9 + 14.1, agent)).toBe('login_required')
  })

  it('ends sooner or later where its organisation chose so', async () => {
    await server.change({ lifetimes: { sessionIdle: 3_600_000 } })
    const { agent } = await signedInPerson(server)
    expect(await askIn(0.9 / 24, agent)).toBe('signed in')
    expect(await askIn(2 / 24, agent)).toBe('login_required')
    await server.change({ lifetimes: {} })
  })

  it('ends after ninety days, however often it was used', async () => {
    const { agent } = await signedInPerson(server)
    for (let day = 10; day < 90; day += 10) expect(await askIn(day, agent)).toBe('signed in')
    expect(await askIn(89.9, agent)).toBe('signed in')
    expect(await askIn(90.1, agent)).toBe('login_required')
  })

  it('lives on from a sign-in that renewed it', async () => {
    const person = await signedInPerson(server)
    for (const day of [12, 24, 36, 48]) expect(await askIn(day, person.agent)).toBe('signed in')
    await inDays(60, async () => {
      const party = await createRelyingParty(server, client)
      const { url } = await party.authorize({ prompt: 'login', scope: 'openid' })
      await signIn(server, { url, ...person })
    })
    for (let day = 70; day < 150; day += 10)
      expect(await askIn(day, person.agent)).toBe('signed in')
    expect(await askIn(150.1, person.agent)).toBe('login_required')
  })

  describe('of somebody whose applications refresh', () => {
    const sign = (person: Person, owner: Credentials, scope = 'openid email'): Promise<Tokens> =>
      tokensFor(server, person, { client: owner, parameters: { scope } })

    it('is used by it: an application used now and then is signed out after ninety days, not before', async () => {
      const browser = await server.register({ kind: 'browser', firstParty: true })
      const person = await signedInPerson(server)
      let tokens: { refresh_token?: unknown } = await sign(person, browser)
      for (const day of [13, 26, 39, 52, 65, 78, 89.9]) {
        const { status, body } = await inDays(day, () =>
          refresh(server, browser, { refresh_token: tokens.refresh_token }),
        )
        expect([day, status]).toEqual([day, 200])
        tokens = body
      }
      expect(await askIn(89.9, person.agent)).toBe('signed in')
      const late = await inDays(90.1, () =>
        refresh(server, browser, { refresh_token: tokens.refresh_token }),
      )
      expect(late.body.error).toBe('invalid_grant')
    })

    it('ends with its refresh tokens when neither it nor they were used for two weeks', async () => {
      const person = await signedInPerson(server)
      const tokens = await sign(person, client)
      const late = await inDays(14.1, () =>
        refresh(server, client, { refresh_token: tokens.refresh_token }),
      )
      expect(late.body.error).toBe('invalid_grant')
    })

    it('ends two weeks after the last of them, in its browser, too', async () => {
      const person = await signedInPerson(server)
      const tokens = await sign(person, client)
      await inDays(5, () => refresh(server, client, { refresh_token: tokens.refresh_token }))
      expect(await askIn(19.1, person.agent)).toBe('login_required')
    })

    it.each(['browser', 'web'] as const)(
      'notes it once an hour, for a client of kind %s',
      async (kind) => {
        const owner = await server.register({ kind, firstParty: true })
        const person = await signedInPerson(server)
        const first = await sign(person, owner)
        const account = String(first.claims()?.sub)
        let tokens: { refresh_token?: unknown } = first
        const lastSeen = async (): Promise<number> => {
          const [row] = await server.documents
            .collection<Session>(sessionsCollection)
            .find({ account }, { limit: 1 })
          return row?.lastSeenAt ?? 0
        }
        const refreshIn = async (minutes: number): Promise<number> => {
          server.clock.forward(minutes * 60_000)
          tokens = (await refresh(server, owner, { refresh_token: tokens.refresh_token })).body
          return lastSeen()
        }
        const before = await lastSeen()
        expect(await refreshIn(58)).toBe(before)
        expect(await refreshIn(3)).toBeGreaterThan(before + 60 * 60_000)
      },
    )
  })

  it('that has expired is ended for good, in the name of the house', async () => {
    const { agent } = await signedInPerson(server)
    expect(await ask(agent)).toBe('signed in')
    server.clock.forward(15 * 24 * 60 * 60_000)
    await eventually(async () => {
      const found = await server.documents
        .collection(auditCollection)
        .find({ action: 'session.ended', actor: 'system' }, { limit: 1 })
      expect(found).toHaveLength(1)
    })
  })

  describe('on a computer that others use too', () => {
    /** Signs in with the box ticked, or not; returns what the browser was told of its session. */
    async function signInOn(
      box: { shared?: string },
      parameters: { [name: string]: string } = { scope: 'openid' },
    ) {
      const party = await createRelyingParty(server, client)
      const email = freshAddress()
      const cookies: string[] = []
      const agent = createUserAgent(server.baseUrl, async (...request) => {
        const response = await fetch(...request)
        cookies.push(...response.headers.getSetCookie())
        return response
      })
      const { page, pending } = await askCode(server, party, { email, parameters, agent })
      const code = await server.codeFor(email)
      const left = await untilLeft(() => agent.submit(page, { code, ...box }))
      const cookie = cookies.find((each) => each.startsWith('foyer_session='))
      return { agent, cookie, tokens: await party.exchange(left, pending) }
    }

    it('is over when the browser is closed, and after twelve hours', async () => {
      const { agent, cookie, tokens } = await signInOn({ shared: 'yes' })
      expect(cookie).not.toMatch(/expires|max-age/i)
      expect(await askIn(0.49, agent)).toBe('signed in')
      expect(await askIn(0.51, agent)).toBe('login_required')
      const late = await inDays(0.51, () =>
        refresh(server, client, { refresh_token: tokens.refresh_token }),
      )
      expect(late.body.error).toBe('invalid_grant')
    })

    it('takes along what the house’s own applications would have kept', async () => {
      const forever = { scope: 'openid offline_access', prompt: 'consent' }
      const { tokens } = await signInOn({ shared: 'yes' }, forever)
      expect(tokens.scope).toContain('offline_access')
      const late = await inDays(0.51, () =>
        refresh(server, client, { refresh_token: tokens.refresh_token }),
      )
      expect(late.body.error).toBe('invalid_grant')
    })

    it('is only where somebody said so', async () => {
      const { agent, cookie } = await signInOn({})
      const [, expires = ''] = /expires=([^;]+)/.exec(cookie ?? '') ?? []
      const days = (Date.parse(expires) - Date.now()) / (24 * 60 * 60_000)
      expect(Math.round(days)).toBe(90)
      expect(await askIn(0.51, agent)).toBe('signed in')
    })

    it('stays said while wrong codes are typed', async () => {
      const party = await createRelyingParty(server, client)
      const { agent, page } = await askCode(server, party, { email: freshAddress() })
      const again = await agent.submit(page, { code: '12', shared: 'yes' })
      expect(again.html).toMatch(/name="shared"[^>]* checked/)
      expect(again.html).toContain('after 12 hours at the latest')
      await server.change({ lifetimes: { sessionTransient: 45 * 60_000 } })
      const shorter = await agent.submit(again, { code: '12' })
      expect(shorter.html).toContain('after 45 minutes at the latest')
      await server.change({ lifetimes: {} })
      expect((await agent.submit(page, { code: '12' })).html).not.toMatch(/ checked/)
    })
  })
})
