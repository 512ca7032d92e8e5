// How long a browser stays signed in: two weeks unused, ninety days in all.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inDays } from '../support/calendar.ts'
import type { Credentials } from '../support/endpoints.ts'
import { signedInPerson } from '../support/journeys.ts'
import { createRelyingParty, signIn, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import type { UserAgent } from '../support/user-agent.ts'

describe('a session', () => {
  let server: TestServer
  let client: Credentials
  beforeAll(async () => {
    server = await startServer()
    client = await server.register({ firstParty: true })
  })
  afterAll(() => server.stop())

  /** What an application is told without any page. */
  async function ask(agent: UserAgent): Promise<string | null> {
    const party = await createRelyingParty(server, client)
    const { url } = await party.authorize({ prompt: 'none', scope: 'openid' })
    const left = await untilLeft(() => agent.open(url))
    return left.searchParams.get('error') ?? 'signed in'
  }
  const askIn = (days: number, agent: UserAgent) => inDays(days, () => ask(agent))

  it('ends when it was not used for two weeks', async () => {
    const { agent } = await signedInPerson(server)
    expect(await askIn(13.9, agent)).toBe('signed in')
    expect(await askIn(13.9 + 14.1, agent)).toBe('login_required')
  })

  it('ends after ninety days, however often it was used', async () => {
    const { agent } = await signedInPerson(server)
    for (let day = 10; day < 90; day += 10) expect(await askIn(day, agent)).toBe('signed in')
    expect(await askIn(89.9, agent)).toBe('signed in')
    expect(await askIn(90.1, agent)).toBe('login_required')
  })

  it('lives on from a sign-in that renewed it', async () => {
    const person = await signedInPerson(server)
    for (const day of [12, 24, 36, 48]) expect(await askIn(day, person.agent)).toBe('signed in')
    await inDays(60, async () => {
      const party = await createRelyingParty(server, client)
      const { url } = await party.authorize({ prompt: 'login', scope: 'openid' })
      await signIn(server, { url, ...person })
    })
    for (let day = 70; day < 150; day += 10)
      expect(await askIn(day, person.agent)).toBe('signed in')
    expect(await askIn(150.1, person.agent)).toBe('login_required')
  })
})
