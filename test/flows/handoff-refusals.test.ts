// A hand-off that must not be: who may not ask, where a link may not lead, and what a link is not good for.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import { createOwnPage } from '../support/challenge.ts'
import { type ProofKey, proofKey } from '../support/dpop.ts'
import { postForm } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import {
  type Ask,
  askHandoff,
  cookieOf,
  follow,
  linkOf,
  SITE,
  sidOf,
  type Visitor,
  visitorOf,
} from '../support/handoff.ts'
import { isSignedIn } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

let server: TestServer
let acme: OtherOrganisation
let visitor: Visitor
let token: string
beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  acme = await server.addOrganisation('acme')
})
afterAll(() => server.stop())

/** Somebody else for each group: what one account may ask for is limited. */
const withVisitor = () =>
  beforeAll(async () => {
    visitor = await visitorOf(server)
    token = visitor.tokens.access_token
  })

/** A browser that says with each request what kind of page it comes from. */
function browserSaying(headers: { [name: string]: string }): UserAgent {
  return createUserAgent(server.baseUrl, (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  )
}
const browser = () => browserSaying({})

describe('P07: a request for a hand-off', () => {
  withVisitor()
  it.each<[string, Ask, number, string]>([
    ['without a token', {}, 401, 'invalid_token'],
    ['with a made-up token', { token: 'a.b.c' }, 401, 'invalid_token'],
    ['with a token in a form', { body: 'access_token=x' }, 401, 'invalid_token'],
    ['from an origin of nobody', { origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
    ['from a near miss of the origin', { origin: `${SITE}9` }, 403, 'origin_not_allowed'],
    ['from the issuer itself', { origin: 'issuer' }, 403, 'origin_not_allowed'],
    ['from the opaque origin', { origin: 'null' }, 403, 'origin_not_allowed'],
    ['from no browser, for a client of browsers', { origin: null }, 403, 'origin_not_allowed'],
    ['with an unknown field', { body: { to: '/' } }, 400, 'invalid_request'],
    ['with both fields', { body: { section: 'a', return_to: '/' } }, 400, 'invalid_request'],
    ['for a section that is a path', { body: { section: '../x' } }, 400, 'invalid_request'],
    ['with no JSON', { body: 'section=a' }, 400, 'invalid_request'],
    ['with a list', { body: [] }, 400, 'invalid_request'],
    ['of another type', { headers: { 'content-type': 'text/plain' } }, 415, 'invalid_request'],
    ['that is too large', { body: { return_to: 'x'.repeat(200_000) } }, 413, 'invalid_request'],
  ])('%s is refused, and the page that asked may read why', async (name, ask, status, error) => {
    const isAnonymous = ask.token !== undefined || status === 401
    const origin = ask.origin === 'issuer' ? server.baseUrl : ask.origin
    const request = {
      ...(!isAnonymous && { token }),
      ...ask,
      ...(origin !== undefined && { origin }),
    }
    const answer = await askHandoff(server, request)
    expect([name, answer.status, answer.json.error]).toEqual([name, status, error])
    expect(answer.json.error_description).toEqual(expect.any(String))
    const from = request.origin === undefined ? SITE : request.origin
    expect(answer.headers.get('access-control-allow-origin')).toBe(from)
    expect(answer.headers.get('vary')).toMatch(/origin/i)
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('by another method is told which one there is, and a preflight what it may send', async () => {
    const got = await fetch(`${server.baseUrl}/oauth/handoff`)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    const preflight = await fetch(`${server.baseUrl}/oauth/handoff`, {
      method: 'OPTIONS',
      headers: { origin: SITE, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(SITE)
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization.*dpop/)
  })

  it('that is refused stands in the log with its reason, by the id that the page can read', async () => {
    const answer = await askHandoff(server, { token, origin: 'https://evil.example' })
    const request = String(answer.headers.get('x-request-id'))
    const lines = server.log.lines.filter((line) => line.includes(request))
    expect(lines).toContainEqual(expect.stringContaining('"error":"origin_not_allowed"'))
    expect(lines).toContainEqual(expect.stringContaining(String(answer.json.error_description)))
    const exposed = answer.headers.get('access-control-expose-headers')
    expect(exposed?.split(',')).toEqual(
      expect.arrayContaining(['X-Request-Id', 'WWW-Authenticate']),
    )
  })

  it.each([
    [{}, 'Bearer, DPoP algs="ES256 EdDSA"'],
    [{ authorization: 'Basic YTpi' }, /^Bearer error="invalid_token", DPoP algs=/],
    [{ authorization: 'Bearer x' }, 'Bearer error="invalid_token"'],
    [{ authorization: 'DPoP x' }, 'DPoP algs="ES256 EdDSA", error="invalid_token"'],
  ])('with %j is told how to do better', async (headers, told) => {
    const answer = await askHandoff(server, { headers })
    expect(answer.headers.get('www-authenticate')).toEqual(
      typeof told === 'string' ? told : expect.stringMatching(told),
    )
  })

  it('by a third party, by its own sign-in, is refused', async () => {
    const third = await visitorOf(server, { firstParty: false })
    const answer = await askHandoff(server, { token: third.tokens.access_token })
    expect([answer.status, answer.json.error]).toEqual([403, 'unauthorized_client'])
  })

  it('by a machine is refused', async () => {
    const client = await server.register({ kind: 'machine', redirectUris: [], firstParty: true })
    const fields = { grant_type: 'client_credentials' }
    const { body } = await postForm(server, 'token', { client, fields })
    const answer = await askHandoff(server, { token: String(body.access_token), origin: null })
    expect([401, 403]).toContain(answer.status)
  })

  it('by an app of the business needs no origin, and takes none but a registered one', async () => {
    const client = await server.register({ kind: 'native', firstParty: true })
    const tokens = await createOwnPage(server, client).signIn(freshAddress())
    const ask = (origin: string | null) =>
      askHandoff(server, { token: String(tokens.access_token), origin })
    expect((await ask(null)).status).toBe(201)
    expect((await ask('https://evil.example')).json.error).toBe('origin_not_allowed')
  })

  it('M04: with another organisation’s token is refused, at either issuer', async () => {
    expect((await askHandoff(acme, { token })).json.error).toBe('invalid_token')
    const theirs = await visitorOf(acme)
    const { access_token } = theirs.tokens
    expect((await askHandoff(server, { token: access_token })).json.error).toBe('invalid_token')
    expect((await askHandoff(acme, { token: access_token })).status).toBe(201)
  })

  it('by a client that is disabled is refused', async () => {
    const other = await visitorOf(server)
    const { client, tokens } = other
    const collection = server.documents.collection<{ _id: string }>({
      name: 'clients',
      indexes: [],
    })
    await collection.updateOne({ _id: client.client_id }, { $set: { disabledAt: 1 } })
    server.clock.forward(4 * SECOND) // what processes remember of clients
    const answer = await askHandoff(server, { token: tokens.access_token })
    expect(answer.json.error).toBe('invalid_token')
  })

  it('too often is put off', async () => {
    const other = await visitorOf(server)
    const ask = () => askHandoff(server, { token: other.tokens.access_token })
    const answers = await Promise.all(Array.from({ length: 41 }, ask))
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused.map(({ json }) => json.error)).toEqual(['rate_limited'])
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('J19: a token that is bound to a key', () => {
  withVisitor()
  let key: ProofKey
  let bound: string
  const uri = () => `${server.baseUrl}/oauth/handoff`
  beforeAll(async () => {
    key = await proofKey()
    const client = await server.register({ kind: 'browser', firstParty: true })
    const tokens = await createOwnPage(server, client, { origin: SITE, key }).signIn(freshAddress())
    bound = String(tokens.access_token)
  })
  const ask = async (authorization: string, dpop?: string) =>
    askHandoff(server, { headers: { authorization, ...(dpop && { dpop }) } })
  const proof = (change: object = {}, by = key) =>
    by.proof({ method: 'POST', uri: uri(), accessToken: bound, ...change })

  it('is good with a fresh proof, once', async () => {
    const fresh = await proof()
    expect((await ask(`DPoP ${bound}`, fresh)).status).toBe(201)
    expect((await ask(`DPoP ${bound}`, fresh)).status).toBe(401)
  })

  it('is worth nothing without, or with a proof of something else', async () => {
    expect((await ask(`Bearer ${bound}`, await proof())).status).toBe(401)
    expect((await ask(`DPoP ${bound}`)).status).toBe(401)
    expect((await ask(`DPoP ${token}`, await proof({ accessToken: token }))).status).toBe(401)
    for (const wrong of [
      await proof({ method: 'GET' }),
      await proof({ uri: `${acme.baseUrl}/oauth/handoff` }),
      await proof({ accessToken: token }),
      await proof({}, await proofKey()),
    ]) {
      const refused = await ask(`DPoP ${bound}`, wrong)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toContain('error="invalid_dpop_proof"')
    }
  })
})

describe('P08: the address that a link leads to', () => {
  withVisitor()
  it.each(['//evil.example', 'https://evil.example/', '/oauth/logout', '/o/acme/'])(
    'is never %s',
    async (return_to) => {
      const { status, json } = await askHandoff(server, { token, body: { return_to } })
      expect([status, json.error]).toEqual([400, 'invalid_request'])
    },
  )

  it('is a page of the issuer, as it was asked for', async () => {
    for (const path of ['/', '/policies/terms?a=//b#c', '/portal/bookings']) {
      const link = await linkOf(server, token, { return_to: path })
      const answer = await browser().request(link, { method: 'POST' })
      expect(answer.headers.get('location')).toBe(`${server.baseUrl}${path}`)
    }
  })

  it('of another organisation is below its issuer', async () => {
    const theirs = await visitorOf(acme)
    const link = await linkOf(acme, theirs.tokens.access_token, { return_to: '/o/acme/?a=b#c' })
    const page = await follow(createUserAgent(acme.baseUrl), link)
    expect(page.url).toBe(`${acme.baseUrl}/?a=b#c`)
    const front = await linkOf(acme, theirs.tokens.access_token, { section: 'bookings' })
    const answer = await createUserAgent(acme.baseUrl).request(front, { method: 'POST' })
    expect(answer.headers.get('location')).toBe(`${acme.baseUrl}/`)
  })
})

describe('a link', () => {
  withVisitor()
  it('is over after a minute', async () => {
    const [first, second] = [await linkOf(server, token), await linkOf(server, token)]
    server.clock.forward(58 * SECOND)
    expect((await follow(browser(), first)).status).toBe(200)
    server.clock.forward(3 * SECOND)
    const agent = browser()
    expect((await agent.open(second)).status).toBe(410)
    expect((await agent.open(second, { method: 'POST' })).status).toBe(410)
    expect(agent.cookies).toEqual([])
  })

  it('is not spent by being looked at, by whomever', async () => {
    const link = await linkOf(server, token)
    for (let round = 0; round < 3; round += 1) {
      const page = await browserSaying({ 'sec-purpose': 'prefetch' }).open(link)
      expect(page.status).toBe(200)
      expect(page.headers.getSetCookie()).toEqual([])
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(page.headers.get('cache-control')).toBe('no-store')
    }
    expect((await browser().request(link, { method: 'HEAD' })).status).toBe(200)
    expect((await follow(browser(), link)).status).toBe(200)
  })

  it('is not spent by other methods, nor by a form that is not its page’s', async () => {
    const link = await linkOf(server, token)
    expect((await browser().request(link, { method: 'PUT' })).headers.get('allow')).toMatch('POST')
    for (const form of ['answer=yes', 'other=1']) {
      const said = { method: 'POST', body: new URLSearchParams(form) }
      expect((await browser().open(link, said)).status).toBe(400)
    }
    expect((await follow(browser(), link)).status).toBe(200)
  })

  it('M04: is nothing at another organisation’s issuer', async () => {
    const link = await linkOf(server, token)
    const theirs = link.replace(server.baseUrl, acme.baseUrl)
    expect((await browser().open(theirs, { method: 'POST' })).status).toBe(410)
    expect((await follow(browser(), link)).status).toBe(200)
  })

  it('sets a cookie as the engine does, and stands in no log, nor does who it is for', async () => {
    const before = server.log.lines.length
    const link = await linkOf(server, token)
    const agent = browser()
    const answer = await agent.request(link, { method: 'POST' })
    const [cookie = '', signature] = answer.headers.getSetCookie()
    expect(cookie).toMatch(
      /^foyer_session=[\w-]+\.[a-h]\.[\w-]{43}; path=\/; expires=[^;]+; samesite=lax; httponly$/,
    )
    expect(signature).toMatch(/^foyer_session\.sig=/)
    const days =
      (Date.parse(/expires=([^;]+)/.exec(cookie)?.[1] ?? '') - server.clock.now()) / 864e5
    expect(days).toBeGreaterThan(89)
    expect(days).toBeLessThanOrEqual(90)
    const ticket = link.slice(link.lastIndexOf('/') + 1)
    const secrets = [ticket, visitor.email, token, String(cookieOf(agent))]
    const logged = await eventually(async () => {
      const lines = server.log.lines.slice(before).join('\n')
      expect(lines).toContain('/oauth/handoff/:ticket') // written when the answer has left
      return lines
    })
    for (const secret of secrets) expect(logged).not.toContain(secret)
  })

  it('without its signature, or with another’s place, is nobody’s cookie', async () => {
    const agent = browser()
    await follow(agent, await linkOf(server, token))
    const change = (value: (known: string) => string): UserAgent => {
      const copy = browser()
      copy.cookies.push(
        ...agent.cookies.map((each) =>
          each.name === 'foyer_session' ? { ...each, value: value(each.value) } : each,
        ),
      )
      return copy
    }
    expect(
      await isSignedIn(
        server,
        change((known) => known),
      ),
    ).toBe(true)
    expect(
      await isSignedIn(
        server,
        change((known) => known.replace(/\.\w\./, '.z.')),
      ),
    ).toBe(false)
    expect(
      await isSignedIn(
        server,
        change(() => sidOf(token)),
      ),
    ).toBe(false)
  })

  it('of whom was disabled meanwhile is good for nothing', async () => {
    const other = await visitorOf(server)
    const link = await linkOf(server, other.tokens.access_token)
    const accounts = server.documents.collection<{ _id: string }>({ name: 'accounts', indexes: [] })
    await accounts.updateOne(
      { _id: String(other.tokens.claims()?.sub) },
      { $set: { disabledAt: 1 } },
    )
    server.clock.forward(3 * SECOND) // what processes remember of accounts
    expect((await browser().open(link)).status).toBe(410)
    expect((await browser().open(link, { method: 'POST' })).status).toBe(410)
  })

  it('has words in the language of who reads them, and a way to another', async () => {
    const link = await linkOf(server, token)
    const agent = browserSaying({ 'accept-language': 'de' })
    expect((await agent.open(link)).html).toContain('Es geht weiter als')
    const arabic = await agent.open(`${link}?lang=ar`)
    expect(arabic.url).toBe(link)
    expect(arabic.html).toContain('dir="rtl"')
  })
})

describe('P07: a session', () => {
  it('that is older than the organisation allows is not handed on', async () => {
    const { access_token } = (await visitorOf(server)).tokens
    await server.change({ lifetimes: { handOff: 5 * MINUTE } })
    server.clock.forward(4 * MINUTE)
    expect((await askHandoff(server, { token: access_token })).status).toBe(201)
    server.clock.forward(MINUTE + SECOND)
    const old = await askHandoff(server, { token: access_token })
    expect([old.status, old.json.error]).toEqual([403, 'session_expired'])
    await server.change({ lifetimes: {} })
    expect((await askHandoff(server, { token: access_token })).status).toBe(201)
  })

  it('that ends when its browser closes does so in the next one, too', async () => {
    const client = await server.register({ kind: 'browser', firstParty: true })
    const party = await createRelyingParty(server, client)
    const email = freshAddress()
    const { agent, page, pending } = await askCode(server, party, { email })
    const typed = { code: await server.codeFor(email), shared: 'yes' }
    const left = await untilLeft(() => agent.submit(page, typed))
    const { access_token } = await party.exchange(left, pending)
    const answer = await browser().request(await linkOf(server, access_token), { method: 'POST' })
    expect(answer.headers.getSetCookie()[0]).toMatch(/; path=\/; samesite=lax; httponly$/)
    expect(answer.headers.getSetCookie()[0]).not.toContain('expires')
  })

  it('J08: is not handed on by a token that has expired', async () => {
    const { access_token } = (await visitorOf(server)).tokens
    expect((await askHandoff(server, { token: access_token })).status).toBe(201)
    server.clock.forward(HOUR + 16 * SECOND)
    expect((await askHandoff(server, { token: access_token })).json.error).toBe('invalid_token')
  })
})
