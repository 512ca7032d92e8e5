// How often the database is asked: what each journey costs it, to the command, so that no change adds one unseen.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import { callerOf } from '../support/client-api.ts'
import { type CommandWatch, startCommandWatch } from '../support/command-watch.ts'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'

/** Looked at every few seconds whether or not anybody signs in, and what jobs do. */
const IN_BACKGROUND =
  /^(hello|ping|endSessions)|(organisations|denials|jobs|signing-keys|sign-in-days|invitations)$|(find|update|findAndModify) (audit|audit-seals)$/

describeWithServices('MongoDB is asked', () => {
  const mongo = mongoForTest()
  const email = 'ana@example.com'
  let watch: CommandWatch
  let server: TestServer
  let party: RelyingParty
  let machine: oidc.Configuration
  let now: TestServer['clock']['now']

  beforeAll(async () => {
    watch = await startCommandWatch(mongo.uri)
    const env = { MONGODB_URI: watch.uri, REDIS_URL: redisForTest().url }
    server = await startServer({ env })
    await server.changeSignIn({ sendsPer10Minutes: 100, sendsPerHour: 100 })
    now = server.clock.now
    const client = await server.register({ kind: 'browser', firstParty: true })
    party = await createRelyingParty(server, client)
    const backend = await server.register({ kind: 'machine' })
    machine = (await createRelyingParty(server, backend)).config
  })
  afterAll(async () => {
    await server.stop()
    await watch.stop()
    await mongo.drop()
  })
  // What is remembered for seconds stays known while it is counted, however slow the machine.
  beforeEach(() => {
    const at = Date.now()
    server.clock.now = () => at
  })
  afterEach(() => {
    server.clock.now = now
  })

  async function asked<T>(work: () => Promise<T>): Promise<string[]> {
    watch.seen()
    await work()
    return watch.seen().filter((command) => !IN_BACKGROUND.test(command))
  }

  const authorized = async () => {
    const pending = await party.authorize()
    return { pending, callback: await signIn(server, { url: pending.url, email }) }
  }
  const tokens = async () => {
    const { pending, callback } = await authorized()
    return party.exchange(callback, pending)
  }

  it('eight times by a full sign-in of a known customer', async () => {
    await tokens()
    const journey = await asked(tokens)
    expect(journey.sort()).toEqual(
      [
        'find guess-budgets', // whether a code may be sent
        'findAndModify guess-budgets', // a guess is taken before the code is looked at,
        'findAndModify guess-budgets', // and given back when it was right
        'findAndModify accounts',
        'insert audit',
        'findAndModify sessions',
        'insert grants',
        'insert refresh-tokens',
      ].sort(),
    )
  })

  it('once by a code exchange', async () => {
    await tokens()
    const { pending, callback } = await authorized()
    expect(await asked(() => party.exchange(callback, pending))).toEqual(['insert refresh-tokens'])
  })

  it('twice by a refresh', async () => {
    const { refresh_token: token = '' } = await tokens()
    const refreshed = () => oidc.refreshTokenGrant(party.config, token)
    expect(await asked(refreshed)).toEqual(['find refresh-tokens', 'update refresh-tokens'])
  })

  it('by no client credentials, and by no userinfo', async () => {
    const { access_token: token, claims } = await tokens()
    const subject = claims()?.sub ?? ''
    await oidc.clientCredentialsGrant(machine)
    await oidc.fetchUserInfo(party.config, token, subject)
    expect(await asked(() => oidc.clientCredentialsGrant(machine))).toEqual([])
    expect(await asked(() => oidc.fetchUserInfo(party.config, token, subject))).toEqual([])
  })

  it('by no introspection of an access token that nobody calls one', async () => {
    const { access_token: token } = await oidc.clientCredentialsGrant(machine)
    const introspected = async () => {
      const { active } = await oidc.tokenIntrospection(machine, token)
      expect(active).toBe(true)
    }
    expect(await asked(introspected)).toEqual([])
  })

  it('once by a profile', async () => {
    const call = callerOf(server, (await tokens()).access_token)
    await call('GET', '/profile')
    expect(await asked(() => call('GET', '/profile'))).toEqual(['find customers'])
  })
})
