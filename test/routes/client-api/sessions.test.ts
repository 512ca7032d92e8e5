// The customer's own sessions by the Client API: seen, and ended, with all that came from them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Account, accountsCollection } from '../../../src/stores/accounts.ts'
import { type AuditEntry, auditCollection } from '../../../src/stores/audit.ts'
import { type Call, callerOf } from '../../support/client-api.ts'
import { type Credentials, refresh } from '../../support/endpoints.ts'
import {
  browserNamed,
  isSignedIn,
  type Person,
  signedInPerson,
  type Tokens,
  tokensFor,
} from '../../support/journeys.ts'
import type { TestServer } from '../../support/server.ts'
import { freshAddress } from '../../support/sign-in-pages.ts'
import { describeOnAllStores } from '../../support/stores.ts'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'
const SCOPE = 'openid sessions:read sessions:write'

type Shown = { id: string; current: boolean; first_seen_at: string; [member: string]: unknown }
type SignedIn = { person: Person; tokens: Tokens; call: Call }

describeOnAllStores('/sessions', (start) => {
  let server: TestServer
  let house: Credentials
  let other: Credentials
  beforeAll(async () => {
    server = await start()
    house = await server.register({ firstParty: true })
    other = await server.register({ kind: 'browser' })
  })
  afterAll(() => server.stop())

  async function signIn(email = freshAddress(), userAgent = FIREFOX): Promise<SignedIn> {
    const person = await signedInPerson(server, email, browserNamed(server, userAgent))
    const tokens = await tokensFor(server, person, { client: house, parameters: { scope: SCOPE } })
    return { person, tokens, call: callerOf(server, tokens.access_token) }
  }
  const sessionsOf = async (call: Call, query = ''): Promise<Shown[]> =>
    (await call('GET', `/sessions${query}`)).data.items as Shown[] // checked against the contract
  async function idOf(call: Call): Promise<string> {
    const current = (await sessionsOf(call)).find((each) => each.current)
    if (!current) throw new Error('no current session')
    return current.id
  }
  const canRefresh = async (client: Credentials, tokens: Tokens): Promise<boolean> =>
    (await refresh(server, client, { refresh_token: tokens.refresh_token })).status === 200

  /** Nothing of the sign-in is good for anything. */
  async function expectOut({ person, tokens, call }: SignedIn): Promise<void> {
    expect((await call('GET', '/sessions')).status).toBe(401)
    expect(await canRefresh(house, tokens)).toBe(false)
    expect(await isSignedIn(server, person.agent)).toBe(false)
  }
  async function expectIn({ person, tokens, call }: SignedIn): Promise<void> {
    expect((await call('GET', '/sessions')).status).toBe(200)
    expect(await canRefresh(house, tokens)).toBe(true)
    expect(await isSignedIn(server, person.agent)).toBe(true)
  }

  it('lists where the customer is signed in, the newest first, and which one asks', async () => {
    const before = new Date(server.clock.now()).toISOString()
    const phone = await signIn(undefined, SAFARI)
    const desk = await signIn(phone.person.email)
    const instant = expect.stringMatching(/^\d{4}-.*Z$/)
    const common = { id: expect.any(String), first_seen_at: instant, last_seen_at: instant }
    const [first, second] = await sessionsOf(desk.call)
    expect([first, second]).toEqual([
      { ...common, browser: 'Firefox', system: 'Windows', current: true },
      { ...common, browser: 'Safari', system: 'iPhone', current: false },
    ])
    expect(second && second.first_seen_at >= before).toBe(true)
    expect((await sessionsOf(phone.call)).map(({ current }) => current)).toEqual([false, true])
  })

  it('R13: shows nobody else’s, and ids that nobody guesses', async () => {
    const [ana, ben] = [await signIn(), await signIn()]
    const ids = [await idOf(ana.call), await idOf(ben.call)]
    expect((await sessionsOf(ana.call)).map(({ id }) => id)).toEqual([ids[0]])
    for (const id of ids) expect(id).toMatch(/^[\w-]{21,}$/)
  })

  it('needs no customer record', async () => {
    const { tokens, call } = await signIn()
    const accounts = server.documents.collection<Account>(accountsCollection)
    const id = String(tokens.claims()?.sub)
    await accounts.updateOne({ _id: id }, { $unset: { customer: true } })
    server.clock.forward(3000)
    expect(await sessionsOf(call)).toHaveLength(1)
  })

  it('R16: come in pages, whose cursors are good for their owner alone', async () => {
    const { person, call } = await signIn()
    for (let count = 0; count < 3; count += 1) await signIn(person.email)
    const seen: string[] = []
    let cursor: unknown = ''
    for (let pages = 0; cursor !== null; pages += 1) {
      expect(pages).toBeLessThan(2)
      const { data } = await call('GET', `/sessions?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...(data.items as Shown[]).map(({ id }) => id))
      cursor = data.next_cursor
      if (cursor) {
        const stranger = (await signIn()).call
        expect((await stranger('GET', `/sessions?cursor=${cursor}`)).status).toBe(400)
      }
    }
    expect(new Set(seen).size).toBe(4)
    for (const query of ['limit=0', 'limit=101', 'cursor=x', 'status=open', 'limit=1&limit=2'])
      expect((await call('GET', `/sessions?${query}`)).status).toBe(400)
  })

  it('R13: ends the one it is told to, for good, and no other', async () => {
    const here = await signIn()
    const there = await signIn(here.person.email)
    const stranger = await signIn()
    const id = await idOf(there.call)
    for (const foreign of [await idOf(stranger.call), 'unknown', `${id}x`, 'a%2Fb'])
      expect((await here.call('DELETE', `/sessions/${foreign}`)).failure.code).toBe('not_found')
    expect((await here.call('DELETE', `/sessions/${id}`)).data).toEqual({ ended: 1 })
    await expectOut(there)
    await expectIn(here)
    await expectIn(stranger)
    expect((await here.call('DELETE', `/sessions/${id}`)).status).toBe(404)
    const [row] = await server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ action: 'session.ended', target: id }, { limit: 2 })
    expect(row?.actor).toBe(here.tokens.claims()?.sub)
  })

  it('R11: ends all others, or every one, and old cookies are dead', async () => {
    const here = await signIn()
    const others = [await signIn(here.person.email), await signIn(here.person.email)]
    const { data } = await here.call('DELETE', '/sessions?except=current')
    expect(data).toEqual({ ended: 2 })
    for (const each of others) await expectOut(each)
    await expectIn(here)
    expect((await here.call('DELETE', '/sessions?except=all')).status).toBe(400)
    const late = await signIn(here.person.email)
    expect((await here.call('DELETE', '/sessions')).data).toEqual({ ended: 2 })
    for (const each of [here, late]) await expectOut(each)
    await expectIn(await signIn(here.person.email))
  })

  it('of a third-party application never ends any, whatever an operator wrote down', async () => {
    const greedy = await server.register({ apiScopes: ['sessions:read', 'sessions:write'] })
    const person = await signedInPerson(server)
    const { access_token } = await tokensFor(server, person, {
      client: greedy,
      parameters: { scope: SCOPE },
    })
    const call = callerOf(server, access_token)
    expect((await call('DELETE', '/sessions')).failure.code).toBe('insufficient_scope')
    expect(await sessionsOf(call)).toHaveLength(1)
  })

  it('R16: are as many as the organisation allows: the one unused for longest ends', async () => {
    await server.changeSignIn({ sessionsPerAccount: 2 })
    const first = await signIn()
    const second = await signIn(first.person.email)
    expect(await sessionsOf(second.call)).toHaveLength(2)
    const third = await signIn(first.person.email)
    await expectOut(first)
    for (const each of [second, third]) await expectIn(each)
    await server.changeSignIn({})
  })

  describe('what was allowed to outlive sessions', () => {
    const forever = { scope: 'openid sessions:read offline_access', prompt: 'consent' }

    it('lives on for a third-party application when its session is ended, and is over everywhere', async () => {
      const one = await signIn()
      const two = await signIn(one.person.email)
      const old = await tokensFor(server, one.person, { client: other, parameters: forever })
      await two.call('DELETE', `/sessions/${await idOf(one.call)}`)
      await expectOut(one)
      const statusOf = async (token: unknown) =>
        (await callerOf(server, String(token))('GET', '/sessions')).status
      expect(await statusOf(old.access_token)).toBe(401)
      const { status, body } = await refresh(server, other, { refresh_token: old.refresh_token })
      expect([status, await statusOf(body.access_token)]).toEqual([200, 200])
      await two.call('DELETE', '/sessions')
      const again = await refresh(server, other, { refresh_token: body.refresh_token })
      expect(again.body.error).toBe('invalid_grant')
      expect(await statusOf(body.access_token)).toBe(401)
    })

    it('ends with its session for an application of the house', async () => {
      const one = await signIn()
      const two = await signIn(one.person.email)
      const parameters = { scope: 'openid offline_access', prompt: 'consent' }
      const kept = await tokensFor(server, one.person, { client: house, parameters })
      expect(kept.scope).toContain('offline_access')
      await two.call('DELETE', `/sessions/${await idOf(one.call)}`)
      expect(await canRefresh(house, kept)).toBe(false)
    })
  })
})
