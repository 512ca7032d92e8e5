// Back-channel logout when there are several processes, and when one of them dies.

import { rmSync } from 'node:fs'
import { afterAll, afterEach, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createLogoutLog } from '../../src/services/identity/sessions/logout-log.ts'
import { SECOND } from '../../src/shared/clock.ts'
import { createJobStore } from '../../src/stores/jobs.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder } from '../support/folder.ts'
import { signedInPerson, tokensFor } from '../support/journeys.ts'
import { claimsTold, type LogoutListener, startLogoutListener } from '../support/logout-listener.ts'
import { credentialsOf } from '../support/printed-client.ts'
import { runProgram } from '../support/program.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { startProcess } from '../support/server-process.ts'
import { freePort } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { createUserAgent } from '../support/user-agent.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const folder = newFolder('foyer-logouts-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function listener(): Promise<LogoutListener> {
  const started = await startLogoutListener()
  stops.push(started.stop)
  return started
}
async function server(options: Parameters<typeof startServer>[0]): Promise<TestServer> {
  const started = await startServer(options)
  stops.push(started.stop)
  return started
}

describeWithServices('R12: two processes', () => {
  const mongo = mongoForTest()
  afterAll(() => mongo.drop())

  it('tell each application once, whichever of them', async () => {
    const env = {
      MONGODB_URI: mongo.uri,
      REDIS_URL: redisForTest().url,
      SECRET: 'a-secret-of-the-tests-that-is-long-enough',
    }
    const here = await server({ env })
    const there = await server({ env: { ...env, BASE_URL: here.baseUrl } })
    const own = await listener()
    const person = await signedInPerson(here)
    const sids: unknown[] = []
    for (let count = 0; count < 12; count += 1) {
      const client = await here.register({ backChannelLogoutUri: own.uri })
      const tokens = await tokensFor(here, person, { client, parameters: { scope: 'openid' } })
      sids.push(decodeJwt(String(tokens.id_token)).sid)
    }
    await person.agent.submit(await person.agent.open('/oauth/logout'))
    await Promise.all([here.jobs.runDue(), there.jobs.runDue()])
    await Promise.all([here.jobs.runDue(), there.jobs.runDue()])
    expect(
      claimsTold(own)
        .map(({ sid }) => sid)
        .toSorted(),
    ).toEqual(sids.toSorted())
    const log = createLogoutLog({ store: createJobStore(there.documents), clock: there.clock })
    const states = (await log.list(here.organisation._id, 100)).map(({ state }) => state)
    expect(states).toEqual(Array.from({ length: 12 }, () => 'delivered'))
  })
})

it('R12: a process that is killed while it tells leaves the notice to the next one', async () => {
  const env = { PORT: String(await freePort()), DATA_DIR: folder }
  const doomed = await startProcess(env)
  stops.push(() => doomed.end('SIGKILL'))
  const own = await listener()
  const { stdout } = await runProgram('src/command-line/main.ts', {
    args: [
      ...['clients', 'create', '--kind', 'web', '--name', 'Shop', '--first-party', '--json'],
      ...['--redirect-uri', REDIRECT_URI, '--back-channel-logout-uri', own.uri],
    ],
    env,
  })
  const party = await createRelyingParty(doomed, credentialsOf(stdout))
  const agent = createUserAgent(doomed.baseUrl)
  const pending = await party.authorize({ scope: 'openid' })
  const callback = await signIn(doomed, { url: pending.url, email: 'killed@example.com', agent })
  const tokens = await party.exchange(callback, pending)
  own.answerWith('nothing')
  await agent.submit(await agent.open('/oauth/logout')) // the sign-out is answered
  await eventually(async () => expect(own.told).toHaveLength(1))
  await doomed.end('SIGKILL')

  own.answerWith(200)
  const next = await server({ dataDir: folder, env: { BASE_URL: doomed.baseUrl } })
  await next.jobs.runDue()
  expect(own.told).toHaveLength(1) // it may still be under way
  next.clock.forward(20 * SECOND)
  await next.jobs.runDue()
  const { sid } = decodeJwt(String(tokens.id_token))
  expect(claimsTold(own)).toMatchObject([{ sid }, { sid, iss: doomed.baseUrl }])
  next.clock.forward(3600 * SECOND)
  await next.jobs.runDue()
  expect(own.told).toHaveLength(2)
})
