// Operators sign in to the console as a browser does: what it gets, what it never sees, and how that ends.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import {
  type RelyingPartySession,
  relyingPartySessionsCollection,
} from '../../src/stores/relying-party-sessions.ts'
import { signedInAs, signInToConsole, write } from '../support/console-agent.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { roomyLimits, wordsOf } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

const OWNER = 'owner@example.com'

describeOnAllStores('the console', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start({ OPERATORS: OWNER })
    await server.changeSignIn(roomyLimits)
  })
  afterAll(() => server.stop())

  const stored = (): Promise<RelyingPartySession[]> =>
    server.documents
      .collection<RelyingPartySession>(relyingPartySessionsCollection)
      .find({}, { limit: 100, sort: [['createdAt', -1]] })

  it('signs an operator in, and comes back to the page that was asked for', async () => {
    const { agent, page } = await signInToConsole(server, OWNER, {
      at: '/admin/sign-in?return_to=%2Fadmin%2Fo%2Fsome%3Fq%3D1',
    })
    expect(page.url).toBe(`${server.baseUrl}/admin/o/some?q=1`)
    expect(await signedInAs(agent)).toBe(OWNER)
    const me = await agent.request('/admin/api/v1/me')
    expect([me.status, await me.json()]).toMatchObject([200, { success: true }])
  })

  it('makes no customer of an operator', async () => {
    const { agent } = await signInToConsole(server, OWNER, {})
    const { slug } = server.organisation
    const customers = `/admin/api/v1/organisations/${slug}/customers`
    const answer = await agent.request(`${customers}?q=${OWNER}`)
    expect([answer.status, await answer.json()]).toMatchObject([200, { data: { items: [] } }])
  })

  it('gives the browser no token, and keeps none that a copy of the store and SECRET could open', async () => {
    const seen: string[] = []
    const agent = createUserAgent(server.baseUrl, async (url, init) => {
      const response = await fetch(url, init)
      seen.push(url.href, await response.clone().text(), JSON.stringify([...response.headers]))
      return response
    })
    await signInToConsole(server, OWNER, { agent })
    await signedInAs(agent)
    await agent.request('/admin/api/v1/me')
    expect(seen.join('\n')).not.toMatch(/eyJ[\w-]+\.eyJ/)
    const { value = '' } = agent.cookies.find(({ name }) => name === 'foyer_console') ?? {}
    expect(value).toMatch(/^[\w-]{43}$/)
    const rows = JSON.stringify(await stored())
    expect(rows).not.toContain(value)
    expect(rows).not.toMatch(/eyJ[\w-]+\.eyJ/) // sealed values may begin as a token does by chance
  })

  it('signs out of everything that the browser was signed in to with it', async () => {
    const agent = createUserAgent(server.baseUrl)
    await signInToConsole(server, OWNER, { agent })
    const shop = await createRelyingParty(server, await server.register())
    const parameters = { scope: 'openid email', prompt: 'none' }
    const silently = async (): Promise<URL> =>
      untilLeft(async () => agent.open((await shop.authorize(parameters)).url))
    expect((await silently()).searchParams.get('error')).toBe('consent_required')
    const stolen = agent.cookies.map((cookie) => ({ ...cookie }))

    const answer = await write(server, agent, '/admin/sign-out')
    expect(await answer.json()).toEqual({
      success: true,
      data: { location: '/admin/signed-out' },
    })
    expect(await signedInAs(agent)).toBe(401)
    expect((await silently()).searchParams.get('error')).toBe('login_required')
    const thief = createUserAgent(server.baseUrl)
    thief.cookies.push(...stolen)
    expect(await signedInAs(thief)).toBe(401)
    expect(wordsOf(await agent.open('/admin/signed-out')).heading).toBe('You are signed out')
  })

  it('is left when the session ends at the provider', async () => {
    const { agent } = await signInToConsole(server, OWNER)
    const asked = await agent.open('/oauth/logout')
    await agent.submit(asked)
    expect(await signedInAs(agent)).toBe(401)
    const refused = await agent.request('/admin/api/v1/me')
    expect([refused.status, await refused.json()]).toMatchObject([401, { success: false }])
  })

  it('tells who is no operator so, with a way to sign out', async () => {
    const { agent, page } = await signInToConsole(server, 'guest@example.com')
    expect([page.status, wordsOf(page).heading]).toEqual([403, 'You are not an operator here'])
    expect(page.html).toContain('guest@example.com')
    expect(page.html).not.toContain('An invitation waits')
    const end = await submitFromOwnPage(agent, page.html)
    expect(wordsOf(end).heading).toBe('You are signed out')
    expect(await signedInAs(agent)).toBe(401)
  })

  it('counts an operator’s removal at once', async () => {
    const by = { actor: 'tests' }
    const viewer = { email: 'viewer@example.com', role: 'viewer' }
    await server.operators.add(server.organisation._id, viewer, by)
    const { agent } = await signInToConsole(server, viewer.email)
    await server.operators.remove(server.organisation._id, viewer.email, by)
    expect(wordsOf(await agent.open('/admin/')).heading).toBe('You are not an operator here')
  })

  // These come last: what the clock is moved by, new tokens have lived already.
  it('renews its token before that expires, once however many ask', async () => {
    const { agent } = await signInToConsole(server, OWNER)
    server.clock.forward(9.5 * MINUTE)
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => agent.request('/admin/api/v1/me')),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect((await stored())[0]?.version).toBe(1)
  })

  it('asks for a code again after twelve hours', async () => {
    const { agent } = await signInToConsole(server, OWNER)
    server.clock.forward(12 * HOUR + SECOND)
    expect(await signedInAs(agent)).toBe(401)
  })

  async function submitFromOwnPage(agent: ReturnType<typeof createUserAgent>, html: string) {
    const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? ''
    return agent.open(action, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: server.baseUrl,
      },
      body: '',
    })
  }
})
