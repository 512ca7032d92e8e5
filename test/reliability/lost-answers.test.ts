// Every answer of a store that a sign-in or a revocation waits for, lost: it ends well, or with a clean way on.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { customersCollection } from '../../src/stores/customers.ts'
import { type LossyServer, startLossyServer } from '../support/lossy-server.ts'
import {
  createRelyingParty,
  type Pending,
  type RelyingParty,
  signIn,
  untilLeft,
} from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { describeWithServices } from '../support/services/shared.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, LeftServer, type Page } from '../support/user-agent.ts'

describeWithServices('a sign-in while one answer is lost', () => {
  let lossy: LossyServer
  let server: TestServer
  let client: { client_id: string; client_secret?: string }
  let party: RelyingParty

  beforeAll(async () => {
    lossy = await startLossyServer()
    server = lossy.server
    await server.changeSignIn(roomyLimits)
    client = await server.register({ firstParty: true })
    party = await createRelyingParty(server, client)
  })
  afterAll(() => lossy.stop())

  const cases = [
    // The driver asks once more by itself: nobody notices.
    { store: 'MongoDB', count: 1, ends: ['tokens'] },
    { store: 'MongoDB', count: 2, ends: ['tokens', 'page', 'refusal'] },
    { store: 'Redis', count: 1, ends: ['tokens', 'page', 'refusal'] },
  ] as const

  it.each(cases)(
    'of $store, $count in a row, whichever it is',
    async ({ ends, ...loss }) => {
      const outcomes = await lossy.sweep(loss, {
        prepare: async () => freshAddress(),
        act: walk,
        check: expectWhole,
      })
      expect(outcomes.length).toBeGreaterThan(10) // as many answers, each lost once
      // Which of the ends a lost answer leads to depends on what travelled together.
      expect(ends).toEqual(expect.arrayContaining([...new Set(outcomes)]))
      expect(outcomes.at(-1)).toBe('tokens')
    },
    60_000,
  )

  it.each(['access_token', 'refresh_token'] as const)(
    'R09: of MongoDB, while a client revokes its %s, never leaves it told of what was not done',
    async (kind) => {
      const agent = createUserAgent(server.baseUrl)
      await signIn(server, { url: (await party.authorize()).url, email: freshAddress(), agent })
      const loss = { store: 'MongoDB', count: 2 } as const
      const told = await lossy.sweep(loss, {
        async prepare() {
          const pending = await party.authorize()
          return party.exchange(await untilLeft(() => agent.open(pending.url)), pending)
        },
        act: (tokens) => revoke(String(tokens[kind])),
        async check(tokens, first) {
          let status = first
          // Whoever was told 503 tries again, as often as it takes.
          while (status === 503) status = await revoke(String(tokens[kind]))
          expect(status).toBe(200)
          const bearer = { authorization: `Bearer ${tokens.access_token}` }
          expect((await get('/api/client/v1/profile', bearer)).status).toBe(401)
          const refreshed = oidc.refreshTokenGrant(party.config, String(tokens.refresh_token))
          await expect(refreshed).rejects.toMatchObject({ error: 'invalid_grant' })
        },
      })
      expect(told.filter((status) => status === 503).length).toBeGreaterThan(1)
      expect(told.at(-1)).toBe(200)
    },
    60_000,
  )

  async function revoke(token: string): Promise<number> {
    const body = new URLSearchParams({ ...client, token })
    return (await fetch(`${server.baseUrl}/oauth/revoke`, { method: 'POST', body })).status
  }

  const get = (path: string, headers = {}) => fetch(`${server.baseUrl}${path}`, { headers })

  /** As far as a person and an application come who give up at the first error. */
  async function walk(email: string): Promise<string> {
    const agent = createUserAgent(server.baseUrl)
    const pending = await party.authorize()
    let page: Page = await agent.open(pending.url)
    try {
      if (page.status === 200) page = await agent.submit(page, { email })
      if (page.status === 200)
        page = await agent.submit(page, { code: await server.codeFor(email) })
    } catch (error) {
      if (!(error instanceof LeftServer)) throw error
      return redeem(error.location, pending)
    }
    expect(page.status).toBe(503)
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(page.html).toMatch(/<h1>That did not work<\/h1>[\s\S]*href="\//)
    return 'page'
  }

  async function redeem(callback: URL, pending: Pending): Promise<string> {
    try {
      await party.exchange(callback, pending)
      return 'tokens'
    } catch (error) {
      // The library's error for a status that OAuth does not know has the answer as its cause.
      const { status, headers } = (error as { cause: Response }).cause
      expect(status).toBe(503)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      return 'refusal'
    }
  }

  /** Afterwards the same person signs in, to one account with one customer. */
  async function expectWhole(email: string): Promise<void> {
    const pending = await party.authorize()
    const tokens = await party.exchange(await signIn(server, { url: pending.url, email }), pending)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await get('/api/client/v1/profile', bearer)).status).toBe(200)
    for (const collection of [accountsCollection, customersCollection])
      expect(await server.documents.collection(collection).count({ email })).toBe(1)
  }
})
