// What a reviewer’s fixed code opened: it ends with the code, in every application and by every token.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { inDays } from '../support/calendar.ts'
import { createOwnPage } from '../support/challenge.ts'
import { type Credentials, refresh, userinfo } from '../support/endpoints.ts'
import { foyerBeside } from '../support/foyer.ts'
import { isSignedIn, type Person, signedInPerson, tokensFor } from '../support/journeys.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const EMAIL = 'review@example.org'

describe('what a fixed code opened', () => {
  let server: TestServer
  /** The same server, where the code that comes is the fixed one. */
  let fixed: TestServer
  /** The end of the code, in milliseconds since 1970. */
  let end: number

  async function setCode(days: number): Promise<void> {
    const day = new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
    const { stdout } = await foyerBeside(server, [
      'reviewer',
      'set',
      EMAIL,
      '--expires',
      day,
      '--json',
    ])
    const { code, expires_at } = JSON.parse(stdout)
    server.clock.forward(3000)
    end = Date.parse(expires_at)
    fixed = { ...server, codeFor: async () => code }
  }
  /** Does something so long before or after the end, by the clock of the server. */
  const atEnd = <T>(after: number, run: () => Promise<T>): Promise<T> =>
    inDays((end + after - server.clock.now()) / DAY, run)
  const again = (client: Credentials, tokens: { refresh_token?: unknown }) =>
    refresh(server, client, { refresh_token: tokens.refresh_token })

  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    await setCode(3)
  })
  afterAll(() => server.stop())

  it('signs in to no application any more, however young the session is', async () => {
    const early = await signedInPerson(fixed, EMAIL)
    const late = await atEnd(-2 * MINUTE, () => signedInPerson(fixed, EMAIL))
    for (const { agent } of [early, late]) {
      expect(await atEnd(-MINUTE, () => isSignedIn(server, agent))).toBe(true)
      expect(await atEnd(1000, () => isSignedIn(server, agent))).toBe(false)
    }
  })

  it.each([
    ['an application of others that may stay signed in', 'web', 'openid offline_access'],
    ['a page that runs in the browser', 'browser', 'openid email orders:read'],
  ] as const)('leaves no token of %s', async (_name, kind, scope) => {
    const person: Person = await signedInPerson(fixed, EMAIL)
    const client = await server.register({ kind })
    const prompt = scope.includes('offline') ? { prompt: 'consent' } : {}
    const tokens = await tokensFor(server, person, { client, parameters: { scope, ...prompt } })
    const { status, body } = await atEnd(-2 * MINUTE, () => again(client, tokens))
    expect(status).toBe(200)
    const token = String(body.access_token)
    expect(await atEnd(-MINUTE, async () => (await userinfo(server, token)).status)).toBe(200)
    const late = await atEnd(1000, () => again(client, body))
    expect(late.body.error).toBe('invalid_grant')
    // Clocks may differ by 15 seconds.
    expect(await atEnd(16_000, async () => (await userinfo(server, token)).status)).toBe(401)
  })

  it('gives no access token that is good for longer, to whoever checks it by itself', async () => {
    const client = await server.register({ kind: 'browser', firstParty: true })
    const { access_token } = await atEnd(-2 * MINUTE, async () =>
      tokensFor(server, await signedInPerson(fixed, EMAIL), { client }),
    )
    const { exp = 0 } = decodeJwt(access_token)
    expect(exp * 1000).toBeLessThanOrEqual(end)
    expect(exp * 1000).toBeGreaterThan(end - 3 * MINUTE)
  })

  it('ends on an application’s own page, too', async () => {
    const redirectUris = ['com.example.app:/callback']
    const client = await server.register({ kind: 'native', firstParty: true, redirectUris })
    const tokens = await createOwnPage(fixed, client).signIn(EMAIL, {
      scope: 'openid offline_access',
    })
    const before = await atEnd(-MINUTE, () => again(client, tokens))
    expect(before.status).toBe(200)
    const { body } = await atEnd(1000, () => again(client, before.body))
    expect(body.error).toBe('invalid_grant')
  })

  it('ends when another code is set, which has an end of its own', async () => {
    const { agent } = await signedInPerson(fixed, EMAIL)
    const former = end
    await setCode(5)
    expect(await isSignedIn(server, agent)).toBe(false)
    const next = await signedInPerson(fixed, EMAIL)
    expect(end).toBeGreaterThan(former)
    expect(await atEnd(-MINUTE, () => isSignedIn(server, next.agent))).toBe(true)
    expect(await atEnd(1000, () => isSignedIn(server, next.agent))).toBe(false)
  })

  it('ends with the code however long a policy is read before it is accepted', async () => {
    const { _id } = server.organisation
    const texts = { en: 'Read me' }
    const by = { actor: 'test' }
    await server.policies.publish(
      { organisation: _id, kind: 'terms' },
      { texts, needsAcceptance: true },
      by,
    )
    await server.policies.ask(_id, ['terms'], by)
    const redirectUris = ['com.example.app:/callback']
    const client = await server.register({ kind: 'native', firstParty: true, redirectUris })
    const page = createOwnPage(fixed, client)
    const begun = async (): Promise<string> => {
      const session = await page.begun(EMAIL)
      const { body } = await page.prove(session, await fixed.codeFor(EMAIL))
      expect(body.policies).toHaveLength(1)
      return session
    }
    const [late, inTime] = await atEnd(-2 * MINUTE, async () => [await begun(), await begun()])
    const accept = (session = '') => page.ask({ auth_session: session, accept: 'terms.1' })
    expect((await atEnd(1000, () => accept(late))).body.error).toBe('invalid_session')
    const tokens = await atEnd(-MINUTE, async () => {
      const { body } = await accept(inTime)
      return page.redeem(String(body.authorization_code))
    })
    expect(tokens.status).toBe(200)
    const { body } = await atEnd(1000, () => again(client, tokens.body))
    expect(body.error).toBe('invalid_grant')
    await server.policies.ask(_id, [], by)
  })

  it('is nothing to those whose code was mailed', async () => {
    const { agent } = await signedInPerson(server)
    expect(await atEnd(1000, () => isSignedIn(server, agent))).toBe(true)
  })
})
