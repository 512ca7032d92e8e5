// Invitations as those who get them meet them: a page that needs no scripts, a code, and a role in the end.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY } from '../../src/shared/clock.ts'
import { signedInAs, signInToConsole } from '../support/console-agent.ts'
import { administrationOf } from '../support/organisations.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits, wordsOf } from '../support/sign-in-pages.ts'
import { createUserAgent, formsOf, type Page, type UserAgent } from '../support/user-agent.ts'

describe('an invitation', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ env: { ORGANISATION_NAME: 'Casa Aurora' } })
    await server.changeSignIn(roomyLimits)
  })
  afterAll(() => server.stop())

  const by = { actor: 'tests' }
  async function invited(role = 'editor'): Promise<{ email: string; link: string }> {
    const email = freshAddress()
    const { link } = await server.invitations.invite(server.organisation._id, { email, role }, by)
    return { email, link }
  }
  const roleOf = (email: string) => server.operators.roleIn(server.organisation._id, email)

  /** The page's n-th form, sent as a browser does that has the page from the server. */
  function press(agent: UserAgent, page: Page, index = 0): Promise<Page> {
    const form = formsOf(page)[index]
    return agent.open(form?.action ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: server.baseUrl,
      },
      body: new URLSearchParams(form?.fields),
    })
  }

  it('says what it is about, signs in by a code, and makes an operator', async () => {
    const { email, link } = await invited()
    const agent = createUserAgent(server.baseUrl)
    let page = await agent.open(link)
    expect(wordsOf(page).heading).toBe('You are invited to look after Casa Aurora')
    expect(page.html).toContain('As an editor you')
    expect(page.html).not.toContain(email)
    page = await agent.submit(await press(agent, page), { email })
    page = await agent.submit(page, { code: await server.codeFor(email) })
    expect(page.url).toBe(link)
    expect(page.html).toContain(email)
    expect(await roleOf(email)).toBeUndefined()
    page = await press(agent, page)
    expect(page.url).toBe(`${server.baseUrl}/admin/`)
    expect(await roleOf(email)).toBe('editor')
    expect(await signedInAs(agent)).toBe(email)
  })

  it('accepted, is in the audit log, with the request that did it', async () => {
    const { email, link } = await invited()
    const { agent } = await signInToConsole(server, email)
    const headers = { origin: server.baseUrl, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await agent.request(link, { method: 'POST', headers })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const [row] = await administrationOf(server).rowsOf(server.organisation._id)
    expect(row).toMatchObject({
      action: 'operator.joined',
      source: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      request: answer.headers.get('x-request-id'),
    })
  })

  it('P14: works once', async () => {
    const { email, link } = await invited()
    const { agent } = await signInToConsole(server, email)
    const page = await agent.open(link)
    const answers = await Promise.all([1, 2, 3, 4].map(() => press(agent, page)))
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(3)
    const again = await agent.open(link)
    expect([again.status, wordsOf(again).heading]).toEqual([410, 'This invitation no longer works'])
  })

  it('P14: passed on to another address, tells that address so and stays good for its own', async () => {
    const { email, link } = await invited('owner')
    const other = freshAddress()
    const { agent } = await signInToConsole(server, other)
    const page = await agent.open(link)
    expect(page.status).toBe(403)
    expect(wordsOf(page).alert).toBe(
      'This invitation is for another address. Sign out, then open its link again.',
    )
    expect(page.html).toContain(other)
    expect(page.html).not.toContain(email)
    const forced = await agent.open(link, {
      method: 'POST',
      headers: { origin: server.baseUrl, 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(forced.status).toBe(403)
    expect(await roleOf(other)).toBeUndefined()
    await press(agent, page) // signs out
    expect(await signedInAs(agent)).toBe(401)
    const own = (await signInToConsole(server, email)).agent
    await press(own, await own.open(link))
    expect(await roleOf(email)).toBe('owner')
  })

  it('P14: takes no other role than its own, and no form of another site', async () => {
    const { email, link } = await invited('viewer')
    const { agent } = await signInToConsole(server, email)
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const origin of ['null', 'https://evil.example', '']) {
      const headers = { ...type, ...(origin && { origin }) }
      expect((await agent.open(link, { method: 'POST', headers })).status).toBe(403)
    }
    expect(await roleOf(email)).toBeUndefined()
    const body = 'role=owner&email=x%40example.com'
    await agent.open(`${link}?role=owner`, {
      method: 'POST',
      headers: { ...type, origin: server.baseUrl },
      body,
    })
    expect(await roleOf(email)).toBeUndefined()
    await press(agent, await agent.open(link))
    expect(await roleOf(email)).toBe('viewer')
  })

  it('waits for who signs in before its link was opened', async () => {
    const { email } = await invited()
    const { page } = await signInToConsole(server, email)
    expect(page.status).toBe(403)
    expect(page.html).toContain('An invitation waits for this address')
  })

  it('is not taken by methods that its page does not use', async () => {
    const { link } = await invited()
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(405)
  })

  it.each([
    ['was guessed', async () => `${server.baseUrl}/admin/invitations/${'x'.repeat(43)}`],
    ['is too short', async () => `${server.baseUrl}/admin/invitations/x`],
    [
      'was replaced',
      async () => {
        const { email, link } = await invited()
        await server.invitations.invite(server.organisation._id, { email, role: 'viewer' }, by)
        return link
      },
    ],
    [
      'was withdrawn',
      async () => {
        const { email, link } = await invited()
        await server.invitations.withdraw(server.organisation._id, { email }, by)
        return link
      },
    ],
    [
      'has expired',
      async () => {
        const { link } = await invited()
        server.clock.forward(7 * DAY)
        return link
      },
    ],
  ])('P14: that %s works no more, and says so', async (_name, make) => {
    const page = await createUserAgent(server.baseUrl).open(await make())
    expect([page.status, wordsOf(page).heading]).toEqual([410, 'This invitation no longer works'])
  })

  it('is not at an address that only begins like its own', async () => {
    const { link } = await invited()
    const page = await createUserAgent(server.baseUrl).open(`${link}/more`)
    expect(wordsOf(page).heading).not.toContain('invite')
    expect(page.html).not.toContain('As an editor you')
  })

  it('speaks the language that was chosen', async () => {
    const { link } = await invited()
    const page = await createUserAgent(server.baseUrl).open(`${link}?lang=de`)
    expect([page.url, wordsOf(page).heading]).toEqual([
      link,
      'Sie sind eingeladen, Casa Aurora mitzuverwalten',
    ])
  })

  it('leaves its token out of the log', async () => {
    const { link } = await invited()
    await createUserAgent(server.baseUrl).open(link)
    const token = link.split('/').at(-1) ?? ''
    expect(
      server.log.lines.filter((line) => line.includes('/admin/invitations/:token')),
    ).not.toEqual([])
    expect(server.log.lines.join('\n')).not.toContain(token)
  })
})
