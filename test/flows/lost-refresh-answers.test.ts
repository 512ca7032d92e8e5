// Refreshing when answers are lost, tabs race and tokens are stolen: no honest client is signed out, every thief is.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { type Credentials, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import type { TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

const refused = { status: 400, body: { error: 'invalid_grant' } }
const WINDOW = 30_000
/** How far the clocks of two processes may be apart. */
const LEEWAY = 15_000

const germanBrowser = (baseUrl: string) =>
  createUserAgent(baseUrl, (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, 'accept-language': 'de' } }),
  )

describeOnAllStores('a refresh token of a public client', (start) => {
  let server: TestServer
  let person: Person
  let browser: Credentials

  beforeAll(async () => {
    server = await start()
    // Mails go to where the code went, however the address was typed.
    const typed = freshAddress().toUpperCase()
    person = await signedInPerson(server, typed, germanBrowser(server.baseUrl))
    browser = await server.register({ kind: 'browser' })
  })
  afterAll(() => server.stop())

  const sign = (scope = 'openid email orders:read'): Promise<Tokens> =>
    tokensFor(server, person, { client: browser, parameters: { scope } })
  const again = (
    tokens: { refresh_token?: unknown },
    { client = browser, at = server, scope = '' } = {},
  ) => refresh(at, client, { refresh_token: tokens.refresh_token, ...(scope && { scope }) })

  it('R04: whose answer was lost is answered the same again, for half a minute', async () => {
    const tokens = await sign()
    const first = await again(tokens)
    server.clock.forward(WINDOW - 2000)
    const second = await again(tokens)
    expect(second.status).toBe(200)
    for (const name of ['access_token', 'refresh_token', 'id_token', 'scope'])
      expect(second.body[name]).toBe(first.body[name])
    // The token is older by now, and the answer says so.
    expect(second.body.expires_in).toBeLessThanOrEqual(3600 - 27)
    expect((await again(second.body)).status).toBe(200)
  })

  it.each([
    ['ahead', WINDOW + LEEWAY - 2000],
    ['behind', -LEEWAY],
  ])(
    'R04: whose answer was lost is no thief’s to a process whose clock is %s',
    async (_how, by) => {
      const tokens = await sign()
      const first = await again(tokens)
      server.clock.forward(by)
      const second = await again(tokens)
      server.clock.forward(-by)
      expect(second.body.refresh_token).toBe(first.body.refresh_token)
      // Never longer than it was when it was made.
      expect(second.body.expires_in).toBeLessThanOrEqual(3600)
      expect((await again(second.body)).status).toBe(200)
    },
  )

  it('R02: sent 20 times at once gives one successor, and one chain that goes on', async () => {
    const tokens = await sign()
    const answers = await Promise.all(Array.from({ length: 20 }, () => again(tokens)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const successors = new Set(answers.map(({ body }) => body.refresh_token))
    expect(successors.size).toBe(1)
    expect(new Set(answers.map(({ body }) => decodeJwt(String(body.access_token)).jti)).size).toBe(
      1,
    )
    expect((await again({ refresh_token: [...successors][0] })).status).toBe(200)
  })

  it('R01: that comes back after its successor was used ends the grant, and its owner is told', async () => {
    const tokens = await sign()
    const second = (await again(tokens)).body
    const third = (await again(second)).body
    const before = (await server.mails(person.email)).length
    expect(await again(tokens)).toMatchObject(refused)
    expect(await again(third)).toMatchObject(refused)
    const [mail, ...rest] = await server.mails(person.email)
    expect(rest).toHaveLength(before)
    // In the language that they signed in with.
    expect(mail?.subject).toBe('Sie wurden bei Test application abgemeldet')
    expect(mail?.text).toContain('melden Sie sich bei Test application mit einem neuen Code an')
  })

  it('R01: that comes back after the half minute, whichever clock measures it, ends the grant', async () => {
    const tokens = await sign()
    const { body } = await again(tokens)
    server.clock.forward(WINDOW + LEEWAY + 1000)
    expect(await again(tokens)).toMatchObject(refused)
    expect(await again(body)).toMatchObject(refused)
  })

  it('R05: is not answered again to another client, nor for other scopes', async () => {
    const tokens = await sign()
    const { body } = await again(tokens)
    const thief = await server.register({ kind: 'browser' })
    expect(await again(tokens, { client: thief })).toMatchObject(refused)
    // Another client's try ends nothing.
    expect((await again(tokens)).body.refresh_token).toBe(body.refresh_token)
    expect(await again(tokens, { scope: 'openid' })).toMatchObject(refused)
  })

  it('R11: is not answered again once its session has ended', async () => {
    const other = await signedInPerson(server)
    const tokens = await tokensFor(server, other, {
      client: browser,
      parameters: { scope: 'openid' },
    })
    const { body } = await again(tokens)
    await other.agent.submit(await other.agent.open('/oauth/logout'))
    expect(await again(tokens)).toMatchObject(refused)
    expect((await userinfo(server, body.access_token)).status).toBe(401)
  })

  it('keeps its answer where neither the database nor SECRET alone can read it', async () => {
    const tokens = await sign()
    const { body } = await again(tokens)
    const rows = JSON.stringify(
      await server.documents
        .collection<{ _id: string }>({ name: 'refresh-tokens', indexes: [] })
        .find({}, { limit: 100 }),
    )
    for (const secret of [tokens.refresh_token, body.refresh_token, body.access_token])
      expect(rows).not.toContain(String(secret))
  })
})
