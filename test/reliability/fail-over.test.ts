// MongoDB loses its primary: what was used up before stays used up, and what no majority kept was never answered.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/shared/clock.ts'
import { type Credentials, refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { startOwnReplicaSet } from '../support/services/processes.ts'
import { describeWithServices, redisForTest } from '../support/services/shared.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'

describeWithServices('D15: a replica set that loses its primary', () => {
  let set: Awaited<ReturnType<typeof startOwnReplicaSet>>
  let server: TestServer
  let client: Credentials
  let party: RelyingParty

  beforeAll(async () => {
    set = await startOwnReplicaSet()
    server = await startServer({ env: { MONGODB_URI: set.uri, REDIS_URL: redisForTest().url } })
    await server.changeSignIn(roomyLimits)
    // Public: its refresh tokens are replaced at every use.
    client = await server.register({ firstParty: true, kind: 'browser' })
    party = await createRelyingParty(server, client)
  })
  afterAll(async () => {
    // Also where the server did not start: what is left running would outlive the run.
    await server?.stop()
    await set?.stop()
  })

  async function tokens() {
    const pending = await party.authorize()
    const callback = await signIn(server, { url: pending.url, email: freshAddress() })
    return { ...(await party.exchange(callback, pending)), callback, pending }
  }
  const ready = () =>
    eventually(async () => expect((await fetch(`${server.baseUrl}/readyz`)).status).toBe(200))

  it('has written what it answered: a frozen majority keeps a rotation from being answered', async () => {
    const { refresh_token } = await tokens()
    const { secondaries } = await set.members()
    for (const member of secondaries) await member.kill('SIGSTOP')
    const meanwhile = await refresh(server, client, { refresh_token })
    for (const member of secondaries) await member.kill('SIGCONT')
    expect(meanwhile.status).toBe(503)
    await ready()
    // Kept or lost, nobody was told: the customer goes on with the token that they have.
    const again = await refresh(server, client, { refresh_token })
    expect(again.status).toBe(200)
  })

  it('remembers what was used up: a code, a refresh token, an invitation', async () => {
    const place = server.organisation._id
    const { link } = await server.invitations.invite(
      place,
      { email: 'ann@example.com', role: 'editor' },
      { actor: 'test' },
    )
    const token = link.split('/').at(-1) ?? ''
    const { refresh_token, callback, pending } = await tokens()
    const rotated = await refresh(server, client, { refresh_token })
    const accepted = await server.invitations.accept(token, 'ann@example.com', {})
    expect([rotated.status, accepted.outcome]).toEqual([200, 'joined'])

    const { primary } = await set.members()
    await primary.kill('SIGKILL')
    await eventually(() =>
      set.members().then(({ primary: next }) => expect(next).not.toBe(primary)),
    )
    await ready()

    expect(await server.invitations.accept(token, 'ann@example.com', {})).not.toMatchObject({
      outcome: 'joined',
    })
    const next = await refresh(server, client, { refresh_token: rotated.body.refresh_token })
    expect(next.status).toBe(200)
    await expect(party.exchange(callback, pending)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    server.clock.forward(MINUTE) // past the window in which a lost answer is given again
    expect((await refresh(server, client, { refresh_token })).body.error).toBe('invalid_grant')
  })
})
