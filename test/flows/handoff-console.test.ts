// A session that came from a site's page opens the business's pages, but not the console: an operator types a code there.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/shared/clock.ts'
import { createOwnPage } from '../support/challenge.ts'
import { signedInAs, signInToConsole } from '../support/console-agent.ts'
import { follow, linkOf, SITE, sidOf, silentSession } from '../support/handoff.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

const OPERATOR = 'olga@casa.example'

describe('the console, in a browser that an operator’s session was handed on to', () => {
  let server: TestServer
  let agent: UserAgent
  let token: string
  beforeAll(async () => {
    server = await startServer({ env: { OPERATORS: OPERATOR } })
    const client = await server.register({ kind: 'browser', firstParty: true })
    const tokens = await createOwnPage(server, client, { origin: SITE }).signIn(OPERATOR)
    token = String(tokens.access_token)
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    agent = createUserAgent(server.baseUrl)
    await follow(agent, await linkOf(server, token))
  })

  it('asks for a code, whose mail says what it opens, and then lets them in', async () => {
    expect(await silentSession(server, agent)).toBe(sidOf(token))
    const asked = await agent.open('/admin/sign-in')
    expect(new URL(asked.url).pathname).toMatch(/^\/sign-in\//)
    expect(await signedInAs(agent)).toBe(401)
    await signInToConsole(server, OPERATOR, { agent })
    expect((await server.mails(OPERATOR))[0]?.text).toContain('Foyer console')
    expect(await signedInAs(agent)).toBe(OPERATOR)
    expect(await silentSession(server, agent)).toBe(sidOf(token))
  })

  it('asks again who goes on past the page', async () => {
    const { url } = await agent.open('/admin/sign-in')
    const [, uid] = /\/sign-in\/([^/?]+)/.exec(url) ?? []
    const next = await agent.open(`/oauth/authorize/${uid}`)
    expect(new URL(next.url).pathname).toMatch(/^\/sign-in\//)
    expect(await signedInAs(agent)).toBe(401)
  })

  it('asks nobody who signed in on the issuer’s own pages', async () => {
    const own = createUserAgent(server.baseUrl)
    const party = await createRelyingParty(server, await server.register({ firstParty: true }))
    server.clock.forward(2 * MINUTE) // since the last code
    await signIn(server, { url: (await party.authorize()).url, email: OPERATOR, agent: own })
    await own.open('/admin/sign-in')
    expect(await signedInAs(own)).toBe(OPERATOR)
  })
})
