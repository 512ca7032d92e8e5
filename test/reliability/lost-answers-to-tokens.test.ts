// Every answer of a store that a code exchange, a refresh or a sign-out waits for, lost: nothing is given twice, nobody is stranded.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { documentModels } from '../../adapters/oidc/placement.ts'
import { type Answer, type Credentials, postForm, refresh } from '../support/endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { type Loss, type LossyServer, startLossyServer } from '../support/lossy-server.ts'
import {
  createRelyingParty,
  type RelyingParty,
  signIn,
  untilLeft,
} from '../support/relying-party.ts'
import { REDIRECT_URI } from '../support/server.ts'
import { describeWithServices } from '../support/services/shared.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, type Page, type UserAgent } from '../support/user-agent.ts'

describeWithServices('while answers of a store are lost', () => {
  let lossy: LossyServer
  let server: LossyServer['server']
  let browser: Credentials
  let party: RelyingParty
  let person: Person

  beforeAll(async () => {
    lossy = await startLossyServer()
    server = lossy.server
    await server.changeSignIn(roomyLimits)
    browser = await server.register({ kind: 'browser', firstParty: true })
    party = await createRelyingParty(server, browser)
    person = await signedInPerson(server)
  })
  afterAll(() => lossy.stop())

  /** The driver of MongoDB asks once more by itself. */
  const noticed: Loss[] = [
    { store: 'MongoDB', count: 2 },
    { store: 'Redis', count: 1 },
  ]
  const losses: Loss[] = [{ store: 'MongoDB', count: 1 }, ...noticed]

  const parameters = { scope: 'openid email profile:read' }
  const tokensOf = (owner: Person): Promise<Tokens> =>
    tokensFor(server, owner, { client: browser, parameters })
  const profile = async (token: unknown): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` }
    return (await fetch(`${server.baseUrl}/api/client/v1/profile`, { headers })).status
  }
  const again = (from: { [member: string]: unknown }): Promise<Answer> =>
    refresh(server, browser, { refresh_token: from.refresh_token })

  /** It went well, or the client was asked to come again. */
  function expectClean({ status, headers }: Pick<Answer, 'status' | 'headers'>): void {
    expect([200, 503]).toContain(status)
    if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }

  it.each(losses)(
    'F07, F25: a refresh gives one successor, now or when it is tried again ($store, $count in a row)',
    async (loss) => {
      const told = await lossy.sweep(loss, {
        async prepare() {
          const tokens = await tokensOf(person)
          return { tokens, live: await liveTokensBeside(tokens) }
        },
        act: ({ tokens }) => again(tokens),
        async check({ tokens, live }, first) {
          expectClean(first)
          const second = await again(tokens)
          expect(second.status).toBe(200)
          if (first.status === 200) expect(second.body.refresh_token).toBe(first.body.refresh_token)
          expect(await liveTokensBeside(tokens)).toBe(live)
          const third = await again(second.body)
          expect(third.status).toBe(200)
          expect(await profile(third.body.access_token)).toBe(200)
          expect(await liveTokensBeside(tokens)).toBe(live)
        },
      })
      expect(told.at(-1)?.status).toBe(200)
      const refused = told.filter(({ status }) => status === 503).length
      if (loss.store === 'MongoDB' && loss.count === 2) expect(refused).toBeGreaterThan(1)
      else expect(refused).toBe(0)
    },
    60_000,
  )

  /** How many refresh tokens of the same grant could be used now. */
  async function liveTokensBeside({ access_token }: Tokens): Promise<number> {
    const { gid } = decodeJwt<{ gid: string }>(access_token)
    return server.documents
      .collection(documentModels.RefreshToken)
      .count({ grant: gid, consumed: { $exists: false } })
  }

  it.each(noticed)(
    'F07, F25: a code is exchanged once at the most, and a new one is had without signing in again ($store, $count in a row)',
    async (loss) => {
      const authorize = async () => {
        const pending = await party.authorize(parameters)
        return { pending, callback: await untilLeft(() => person.agent.open(pending.url)) }
      }
      const exchange = ({ pending, callback }: Awaited<ReturnType<typeof authorize>>) =>
        postForm(server, 'token', {
          client: browser,
          fields: {
            grant_type: 'authorization_code',
            code: String(callback.searchParams.get('code')),
            code_verifier: pending.verifier,
            redirect_uri: REDIRECT_URI,
          },
        })
      const told = await lossy.sweep(loss, {
        prepare: authorize,
        act: exchange,
        async check(given, first) {
          expectClean(first)
          const tries = [first.status]
          while (tries.at(-1) === 503) tries.push((await exchange(given)).status)
          // Taken by the try that nobody heard of, or exchanged now: never twice.
          expect(tries.filter((status) => status === 200).length).toBeLessThanOrEqual(1)
          expect([200, 400]).toContain(tries.at(-1))
          const fresh = await exchange(await authorize())
          expect(fresh.status).toBe(200)
          expect(await profile(fresh.body.access_token)).toBe(200)
        },
      })
      expect(told.length).toBeGreaterThan(1)
      expect(told.at(-1)?.status).toBe(200)
    },
    60_000,
  )

  it.each(noticed)(
    'F25: a sign-out that was said to be done is done, and any other is done when it is tried again ($store, $count in a row)',
    async (loss) => {
      const signOut = async (agent: UserAgent): Promise<Page> => {
        const page = await agent.open('/oauth/logout')
        return page.status === 200 && page.html.includes('name="xsrf"') ? agent.submit(page) : page
      }
      const told = await lossy.sweep(loss, {
        async prepare() {
          const agent = createUserAgent(server.baseUrl)
          const pending = await party.authorize(parameters)
          const callback = await signIn(server, { url: pending.url, email: freshAddress(), agent })
          return { agent, tokens: await party.exchange(callback, pending) }
        },
        act: ({ agent }) => signOut(agent),
        async check({ agent, tokens }, first) {
          expectClean(first)
          let page = first
          for (let tries = 0; page.status === 503 && tries < 5; tries += 1)
            page = await signOut(agent)
          expect(page.status).toBe(200)
          expect(await profile(tokens.access_token)).toBe(401)
          expect((await again(tokens)).body.error).toBe('invalid_grant')
          const { url } = await party.authorize({ ...parameters, prompt: 'none' })
          const left = await untilLeft(() => agent.open(url))
          expect(left.searchParams.get('error')).toBe('login_required')
        },
      })
      expect(told.length).toBeGreaterThan(1)
      expect(told.at(-1)?.status).toBe(200)
    },
    60_000,
  )
})
