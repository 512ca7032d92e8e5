// One sign-out ends all: wherever somebody is signed out, the tabs that hold a stream open hear of it within seconds.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { callerOf } from '../support/client-api.ts'
import { type Credentials, postForm, refresh } from '../support/endpoints.ts'
import { eventsIn, type OpenStream, openEvents } from '../support/event-stream.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from '../support/journeys.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { expectWithin } from '../support/stopwatch.ts'
import { describeOnAllStores } from '../support/stores.ts'

const SCOPE = 'openid sessions:read sessions:write'
/** Milliseconds from the sign-out to the event. */
const PROMPT = 5000
const SIGNED_OUT = 'event: signed-out data: {}'

type Tab = { person: Person; tokens: Tokens; stream: OpenStream }

const open: OpenStream[] = []
afterEach(() => {
  for (const stream of open.splice(0)) stream.leave()
})

/** A page that somebody is signed in on, with its stream at that process. */
async function openTab(
  server: TestServer,
  { client, email, at = server }: { client: Credentials; email?: string; at?: TestServer },
): Promise<Tab> {
  const person = await signedInPerson(server, email)
  const tokens = await tokensFor(server, person, { client, parameters: { scope: SCOPE } })
  // Another process may not have heard of the client yet.
  const stream = await eventually(async () => {
    const opened = await openEvents(at, tokens.access_token)
    open.push(opened)
    expect(opened.status).toBe(200)
    return opened
  })
  return { person, tokens, stream }
}

/** The tab hears of what `act` does, in time, and then nothing more. */
async function expectSignedOut({ stream }: Tab, act: () => Promise<unknown>): Promise<void> {
  await act()
  const events = await expectWithin(PROMPT, () => stream.ended)
  expect(eventsIn(events)).toEqual([SIGNED_OUT])
}

describeOnAllStores('a tab hears at once that it was signed out', (start) => {
  let server: TestServer
  let house: Credentials
  beforeAll(async () => {
    server = await start()
    house = await server.register({ kind: 'browser', firstParty: true })
  })
  afterAll(() => server.stop())

  async function foyer(...args: string[]): Promise<void> {
    const { code, stderr } = await foyerBeside(server, args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  }
  const asElsewhere = async (tab: Tab, method: string, path: string) => {
    const other = await openTab(server, { client: house, email: tab.person.email })
    return callerOf(server, other.tokens.access_token)(method, path)
  }
  const sidOf = async ({ tokens }: Tab): Promise<string> => {
    const { data } = await callerOf(server, tokens.access_token)('GET', '/sessions')
    return (data.items as { id: string; current: boolean }[]).find((each) => each.current)?.id ?? ''
  }

  const places: { [where: string]: (tab: Tab) => Promise<unknown> } = {
    'on the page of the issuer': async ({ person: { agent } }) =>
      agent.submit(await agent.open('/oauth/logout')),
    'by an application of the same session': async ({ person }) => {
      const portal = await server.register({ kind: 'browser', firstParty: true })
      const parameters = { scope: 'openid' }
      const { access_token } = await tokensFor(server, person, { client: portal, parameters })
      await callerOf(server, access_token)('DELETE', '/session')
    },
    'by itself': ({ tokens }) => callerOf(server, tokens.access_token)('DELETE', '/session'),
    'in another browser, from the list': async (tab) =>
      asElsewhere(tab, 'DELETE', `/sessions/${await sidOf(tab)}`),
    'in another browser, everywhere': (tab) =>
      asElsewhere(tab, 'DELETE', '/session?everywhere=true'),
    'by an operator who ends the session': async (tab) =>
      foyer('sessions', 'end', await sidOf(tab)),
    'by an operator who disables the account': ({ person }) =>
      foyer('accounts', 'disable', person.email),
    'by giving up the refresh token': ({ tokens }) =>
      postForm(server, 'revoke', {
        client: house,
        fields: { token: String(tokens.refresh_token) },
      }),
    'because its refresh token came back a second time': async ({ tokens }) => {
      const again = { refresh_token: tokens.refresh_token }
      const { body } = await refresh(server, house, again)
      await refresh(server, house, { refresh_token: body.refresh_token })
      await refresh(server, house, again)
    },
  }

  it.each(Object.entries(places))('%s', async (_where, signOut) => {
    const bystander = await openTab(server, { client: house })
    const tab = await openTab(server, { client: house })
    await expectSignedOut(tab, () => signOut(tab))
    expect((await openEvents(server, tab.tokens.access_token)).status).toBe(401)
    expect(eventsIn(bystander.stream.text())).toEqual([])
    expect((await openEvents(server, bystander.tokens.access_token)).status).toBe(200)
  })

  it('in every tab of the session, whichever application it belongs to', async () => {
    const first = await openTab(server, { client: house })
    const shop = await server.register({ kind: 'browser', firstParty: true })
    const { access_token } = await tokensFor(server, first.person, {
      client: shop,
      parameters: { scope: 'openid' },
    })
    const others = [await openEvents(server, access_token), await openEvents(server, access_token)]
    await expectSignedOut(first, () =>
      callerOf(server, first.tokens.access_token)('DELETE', '/session'),
    )
    for (const { ended } of others) expect(eventsIn(await ended)).toEqual([SIGNED_OUT])
  })
})

describeWithServices('a tab hears of a sign-out at another process', () => {
  const mongo = mongoForTest()
  afterAll(() => mongo.drop())

  async function twoProcesses(redisUrl: string): Promise<[TestServer, TestServer]> {
    const env = {
      MONGODB_URI: mongo.uri,
      REDIS_URL: redisUrl,
      SECRET: 'a-secret-that-two-processes-share-0123456789',
    }
    const here = await startServer({ env })
    return [here, await startServer({ env: { ...env, BASE_URL: here.baseUrl } })]
  }

  it('through Redis', async () => {
    const [here, there] = await twoProcesses(redisForTest().url)
    const client = await here.register({ kind: 'browser', firstParty: true })
    const tab = await openTab(here, { client, at: there })
    await expectSignedOut(tab, () => callerOf(here, tab.tokens.access_token)('DELETE', '/session'))
    await Promise.all([here.stop(), there.stop()])
  })

  it('while Redis is away', async () => {
    const redis = await startOwnRedis()
    const [here, there] = await twoProcesses(redis.uri)
    const client = await here.register({ kind: 'browser', firstParty: true })
    const tab = await openTab(here, { client, at: there })
    await redis.stop()
    await expectSignedOut(tab, () => callerOf(here, tab.tokens.access_token)('DELETE', '/session'))
    await Promise.all([here.stop(), there.stop()])
  })
})
