// Links of a hand-off that somebody else sent: nobody finds themselves in another's account without having said so.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  askHandoff,
  follow,
  linkOf,
  SITE,
  sidOf,
  silentSession,
  type Visitor,
  visitorOf,
} from '../support/handoff.ts'
import { administrationOf } from '../support/organisations.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { wordsOf } from '../support/sign-in-pages.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

let server: TestServer
let visitor: Visitor
let token: string
beforeAll(async () => {
  server = await startServer()
  visitor = await visitorOf(server)
  token = visitor.tokens.access_token
})
afterAll(() => server.stop())

/** A browser that says with each request what kind of page it comes from. */
function browserSaying(headers: { [name: string]: string }): UserAgent {
  return createUserAgent(server.baseUrl, (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  )
}
const browser = () => browserSaying({})
const goesOnByItself = 'forms[0].requestSubmit()'

describe('E09: a link that somebody else sent', () => {
  const strangers: [string, { [name: string]: string }][] = [
    ['another site', { 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' }],
    ['a site that says not which', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour of the site', { 'sec-fetch-site': 'same-site', referer: `${SITE}9/` }],
  ]
  it.each(strangers)('opened from %s asks whose address it is', async (_name, headers) => {
    const page = await browserSaying(headers).open(await linkOf(server, token))
    expect(wordsOf(page).heading).toBe('Is this your address?')
    expect(page.html).not.toContain(goesOnByItself)
  })

  it.each(strangers)('asked for by an app and opened from %s asks, too', async (_name, headers) => {
    const app = await visitorOf(server, { kind: 'native' })
    const { json } = await askHandoff(server, { token: app.tokens.access_token, origin: null })
    const page = await browserSaying(headers).open(String(json.url))
    expect(wordsOf(page).heading).toBe('Is this your address?')
    expect(page.html).not.toContain(goesOnByItself)
  })

  it('asked for by an app does not ask when no page opens it', async () => {
    const app = await visitorOf(server, { kind: 'native' })
    const { json } = await askHandoff(server, { token: app.tokens.access_token, origin: null })
    const page = await browserSaying({ 'sec-fetch-site': 'none' }).open(String(json.url))
    expect(wordsOf(page).heading).toBe('Continue')
  })

  it('goes nowhere when the answer is no, and works no more', async () => {
    const link = await linkOf(server, token)
    const agent = browser()
    const page = await browserSaying(strangers[0]?.[1] ?? {}).open(link)
    const answer = await agent.request(link, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'stay' }),
    })
    expect(page.html).toContain('value="stay"')
    expect(answer.headers.get('location')).toBe(`${server.baseUrl}/demo/account`)
    expect(agent.cookies).toEqual([])
    expect((await agent.open(link)).status).toBe(410)
  })

  it.each<[string, { [name: string]: string }]>([
    ['the site that asked for it', { 'sec-fetch-site': 'cross-site', referer: `${SITE}/` }],
    ['no page at all', { 'sec-fetch-site': 'none' }],
  ])('does not ask when it comes from %s', async (_name, headers) => {
    const page = await browserSaying(headers).open(await linkOf(server, token))
    expect(wordsOf(page).heading).toBe('Continue')
  })

  it('does not ask whoever is signed in as the same person', async () => {
    const agent = browserSaying({ 'sec-fetch-site': 'cross-site' })
    agent.cookies.push(...visitor.agent.cookies)
    const page = await agent.open(await linkOf(server, token))
    expect(wordsOf(page).heading).toBe('Continue')
  })

  it.each<[string, { [name: string]: string }]>([
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['of a neighbour', { 'sec-fetch-site': 'same-site', origin: 'null' }],
    ['of a frame without an origin', { origin: 'null' }],
    ['of another site, in an old browser', { origin: 'https://evil.example' }],
  ])('is not taken by a form %s, and not spent', async (_name, headers) => {
    const link = await linkOf(server, token)
    const agent = browser()
    const form = { method: 'POST', headers, body: new URLSearchParams({ answer: 'continue' }) }
    const answer = await agent.request(link, form)
    expect(answer.status).toBe(403)
    expect(agent.cookies).toEqual([])
    expect((await follow(agent, link)).status).toBe(200)
  })

  it('leaves whoever opened its window no hold of it', async () => {
    const page = await browser().open(await linkOf(server, token))
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it.each([
    ['anna@one.example', 'a***a@one.example'],
    ['ann@one.example', 'a***@one.example'],
  ])('tells of %s only enough to know oneself by', async (email, masked) => {
    const { tokens } = await visitorOf(server, {}, email)
    const page = await browser().open(await linkOf(server, tokens.access_token))
    expect(page.html).toContain(`<bdi dir="ltr">${masked}</bdi>`)
    expect(page.html).not.toContain(email)
  })

  it.each([
    ['anita@one.example', 'anita@one.example'],
    ['bea@one.example', 'b***@one.example'],
  ])('tells %s, whose browser it is, from whom it is for: %s', async (email, current) => {
    const { agent } = await visitorOf(server, {}, email)
    const { tokens } = await visitorOf(server, {}, 'anna@one.example')
    const page = await agent.open(await linkOf(server, tokens.access_token))
    expect(page.html).toContain(`<bdi dir="ltr">${current}</bdi>`)
    expect(page.html).not.toContain('anna@one.example')
  })

  it('taken, is in the audit log, with the request that did it', async () => {
    const answer = await browser().request(await linkOf(server, token), { method: 'POST' })
    const rows = await administrationOf(server).rowsOf(server.organisation._id)
    expect(rows[0]).toMatchObject({
      action: 'session.handed-on',
      actor: visitor.tokens.claims()?.sub,
      target: sidOf(token),
      source: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      request: answer.headers.get('x-request-id'),
    })
  })

  it('is taken by the form of its own page, whose browser says so', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', origin: 'null' }
    const agent = browser()
    const answer = await agent.request(await linkOf(server, token), { method: 'POST', headers })
    expect(answer.status).toBe(303)
    expect(await silentSession(server, agent)).toBe(sidOf(token))
  })
})
