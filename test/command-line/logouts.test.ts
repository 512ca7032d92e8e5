// `foyer logouts` and `foyer clients back-channel-logout`: what operators see and do of back-channel logout.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { LOGOUT } from '../../src/services/identity/sessions/logout-notices.ts'
import { DAY, SECOND } from '../../src/shared/clock.ts'
import { createJobStore } from '../../src/stores/jobs.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { isSignedIn, type Person, signedInPerson, tokensFor } from '../support/journeys.ts'
import { type LogoutListener, startLogoutListener } from '../support/logout-listener.ts'
import { credentialsOf } from '../support/printed-client.ts'
import type { Ended } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let listener: LogoutListener
beforeAll(async () => {
  server = await startServer()
  listener = await startLogoutListener()
})
afterEach(() => {
  listener.told.length = 0
  listener.answerWith(200)
})
afterAll(() => Promise.all([server.stop(), listener.stop()]))

const foyer = (...args: string[]): Promise<Ended> => foyerBeside(server, args)

async function audited(action: string): Promise<number> {
  const audit = server.documents.collection<{ _id: string }>({ name: 'audit', indexes: [] })
  return audit.count({ action })
}

/** Somebody who has signed in at the client, and out again. */
async function signedOut(client: { client_id: string; client_secret?: string }): Promise<Person> {
  const person = await signedInPerson(server)
  await tokensFor(server, person, { client, parameters: { scope: 'openid' } })
  await person.agent.submit(await person.agent.open('/oauth/logout'))
  return person
}

describe('foyer logouts', () => {
  it('lists who was told and who was not, and has a notice sent once more', async () => {
    const client = await server.register({ backChannelLogoutUri: listener.uri })
    listener.answerWith(503)
    await signedOut(client)
    await eventually(async () =>
      expect((await foyer('logouts', 'list')).stdout).toMatch(
        /^\S+Z {2}waiting {4}1 {2}cli_\w+ {2}logout\/[\w-]+ {2}answered 503\n$/,
      ),
    )
    const [waiting] = JSON.parse((await foyer('logouts', 'list', '--json')).stdout)
    expect(waiting).toEqual({
      id: expect.stringMatching(/^logout\//),
      client_id: client.client_id,
      account_id: expect.stringMatching(/^acc_/),
      session_id: expect.any(String),
      state: 'waiting',
      attempts: 1,
      created_at: expect.stringMatching(/Z$/),
      next_at: expect.stringMatching(/Z$/),
      error: 'answered 503',
    })

    listener.answerWith(200)
    expect(await foyer('logouts', 'resend', waiting.id)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    await server.jobs.runDue()
    expect(listener.told).toHaveLength(2)
    expect((await foyer('logouts', 'list')).stdout).toMatch(
      /^\S+Z {2}delivered {2}1 {2}cli_\w+ {2}logout\/[\w-]+\n$/,
    )
    expect(await audited('logout.resent')).toBe(1)
  })

  it('lists those of somebody whom an operator has shut out', async () => {
    const client = await server.register({ backChannelLogoutUri: listener.uri })
    const person = await signedInPerson(server)
    await tokensFor(server, person, { client, parameters: { scope: 'openid' } })
    expect(await foyer('accounts', 'disable', person.email)).toMatchObject({ code: 0 })
    await server.jobs.runDue()
    expect(listener.told).toHaveLength(1)
    const [newest] = JSON.parse((await foyer('logouts', 'list', '--json')).stdout)
    expect(newest).toMatchObject({ client_id: client.client_id, state: 'delivered' })
  })

  it('keeps them for thirty days', async () => {
    const client = await server.register({ backChannelLogoutUri: listener.uri })
    await signedOut(client)
    const store = createJobStore(server.documents)
    await eventually(async () => {
      const [job] = await store.list(server.organisation._id, LOGOUT, 1)
      expect(job).toMatchObject({ state: 'done', payload: { client: client.client_id } })
      expect(Number(job?.expiresAt) - Number(job?.endedAt)).toBe(30 * DAY)
    })
  })

  it('has no notice of a client that was removed before the customer signed out', async () => {
    const client = await server.register({ backChannelLogoutUri: listener.uri })
    const person = await signedInPerson(server)
    await tokensFor(server, person, { client, parameters: { scope: 'openid' } })
    const removed = await foyer('clients', 'remove', client.client_id, '--yes')
    expect(removed).toMatchObject({ code: 0 })
    server.clock.forward(3 * SECOND)
    const page = await person.agent.submit(await person.agent.open('/oauth/logout'))
    expect(page.status).toBe(200)
    expect((await foyer('logouts', 'list', '--json')).stdout).not.toContain(client.client_id)
    expect(await isSignedIn(server, person.agent)).toBe(false)
  })

  it('knows nothing of another organisation', async () => {
    await foyer('organisations', 'create', '--slug', 'other', '--name', 'Other')
    const [first] = JSON.parse((await foyer('logouts', 'list', '--json')).stdout)
    const elsewhere = ['--organisation', 'other', 'logouts']
    expect((await foyer(...elsewhere, 'list', '--json')).stdout).toBe('[]\n')
    const { code, stderr } = await foyer(...elsewhere, 'resend', first.id)
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${first.id} is no notice\n` })
  })

  it.each([
    ['a limit that is none', ['list', '--limit', '0'], /1 to 1000/],
    ['a notice that is none', ['resend', 'sessions.end-expired'], /is no notice/],
  ])('refuses %s', async (_name, args, words) => {
    const { code, stderr } = await foyer('logouts', ...args)
    expect(code).toBeGreaterThan(0)
    expect(stderr).toMatch(words)
  })
})

describe('foyer clients', () => {
  const create = (...args: string[]): Promise<Ended> =>
    foyer(
      ...['clients', 'create', '--name', 'Shop', '--kind', 'web', '--json'],
      ...['--redirect-uri', 'http://127.0.0.1:9/callback', ...args],
    )
  const listed = async (id: string) =>
    (JSON.parse((await foyer('clients', 'list', '--json')).stdout) as { id: string }[]).find(
      (each) => each.id === id,
    )
  const change = (...args: string[]): Promise<Ended> =>
    foyer('clients', 'back-channel-logout', ...args)

  it('create registers where a client is told, and back-channel-logout changes it', async () => {
    const client = credentialsOf(
      (await create('--back-channel-logout-uri', 'https://shop.example.com/bye')).stdout,
    )
    expect(await listed(client.client_id)).toMatchObject({
      back_channel_logout_uri: 'https://shop.example.com/bye',
    })
    expect(await change(client.client_id, listener.uri)).toMatchObject({ code: 0, stderr: '' })
    await signedOut(client)
    await eventually(async () => expect(listener.told).toHaveLength(1))

    expect(await change(client.client_id)).toMatchObject({ code: 0 })
    expect(await listed(client.client_id)).toMatchObject({ back_channel_logout_uri: null })
    expect(await audited('client.changed')).toBe(2)
  })

  it('A01: do not take an address inside', async () => {
    const { client_id } = await server.register()
    for (const { code, stderr } of [
      await create('--back-channel-logout-uri', 'http://10.0.0.1/bye'),
      await change(client_id, 'http://169.254.169.254/'),
    ]) {
      expect(code).toBe(1)
      expect(stderr).toMatch(/^back_channel_logout_uri: .*: it is no public address/)
    }
  })

  it('refuse it for a machine, and for a client that is none', async () => {
    const { client_id } = await server.register({ kind: 'machine' })
    expect((await change(client_id, listener.uri)).stderr).toContain('a machine takes part in no')
    expect((await change('cli_nobody', listener.uri)).stderr).toBe('cli_nobody is no client\n')
  })
})
