// `foyer accounts` beside a running server: somebody who is shut out is out at once, wherever they are.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type Account, accountsCollection } from '../../src/stores/accounts.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { callerOf } from '../support/client-api.ts'
import { type Credentials, refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { isSignedIn, signedInPerson, tokensFor } from '../support/journeys.ts'
import type { Ended } from '../support/program.ts'
import { createRelyingParty, type RelyingParty } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { askCode, freshAddress, wordsOf } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { LeftServer } from '../support/user-agent.ts'

describeOnAllStores('foyer accounts', (start) => {
  let server: TestServer
  let house: Credentials
  let other: Credentials
  let party: RelyingParty
  beforeAll(async () => {
    server = await start()
    house = await server.register({ firstParty: true })
    other = await server.register({ kind: 'browser' })
    party = await createRelyingParty(server, house)
  })
  afterAll(() => server.stop())

  function foyer(...args: string[]): Promise<Ended> {
    return foyerBeside(server, ['accounts', ...args])
  }
  async function disable(email: string): Promise<void> {
    const { code, stdout, stderr } = await foyer('disable', email)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^acc_\w+ {2}\S+ {2}is disabled, and signed out everywhere\n$/)
  }
  const refreshed = (client: Credentials, { refresh_token }: { refresh_token?: unknown }) =>
    refresh(server, client, { refresh_token })
  const apiStatus = async (token: unknown): Promise<number> =>
    (await callerOf(server, String(token))('GET', '/profile')).status

  it('R15: disable ends live refresh chains at the next refresh, and access within seconds (J12)', async () => {
    const person = await signedInPerson(server)
    const parameters = { scope: 'openid profile:read' }
    const forever = { scope: 'openid profile:read offline_access', prompt: 'consent' }
    const first = await tokensFor(server, person, { client: house, parameters })
    const second = await tokensFor(server, person, { client: other, parameters: forever })
    const chains = [
      { client: house, tokens: (await refreshed(house, first)).body },
      { client: other, tokens: (await refreshed(other, second)).body },
    ]
    for (const { tokens } of chains) expect(await apiStatus(tokens.access_token)).toBe(200)
    await disable(person.email.toUpperCase())
    for (const { client, tokens } of chains)
      expect((await refreshed(client, tokens)).body.error).toBe('invalid_grant')
    await eventually(async () => {
      for (const { tokens } of chains) expect(await apiStatus(tokens.access_token)).toBe(401)
    }, 5000)
    expect(await isSignedIn(server, person.agent)).toBe(false)
  })

  it('R15: disable ends a sign-in that is under way: its code opens nothing', async () => {
    const { email } = await signedInPerson(server)
    const { agent, page } = await askCode(server, party, { email })
    await disable(email)
    const refused = await agent.submit(page, { code: await server.codeFor(email) })
    expect(wordsOf(refused).heading).toBe('Too many wrong codes')
  })

  it('R15: disable ends a sign-in whose code was taken already', async () => {
    const { email } = await signedInPerson(server)
    const { agent, page } = await askCode(server, party, { email })
    const code = await server.codeFor(email)
    const taken = await agent.request(page.url.replace(/(\?|$)/, '/code$1'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ code }).toString(),
    })
    expect(taken.status).toBe(303)
    await disable(email)
    server.clock.forward(3000)
    const end = await agent.open(String(taken.headers.get('location'))).catch((error) => error)
    expect(end).not.toBeInstanceOf(LeftServer)
    expect(wordsOf(end).heading).toBe('Sign in')
    expect(await isSignedIn(server, agent)).toBe(false)
  })

  it('enable lets them sign in again, at once; what was ended stays ended', async () => {
    const person = await signedInPerson(server)
    const parameters = { scope: 'openid profile:read' }
    const before = await tokensFor(server, person, { client: house, parameters })
    await disable(person.email)
    await eventually(async () => expect(await apiStatus(before.access_token)).toBe(401))
    const { code, stdout } = await foyer('enable', person.email)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/can sign in again\n$/)])
    const again = await signedInPerson(server, person.email)
    const after = await tokensFor(server, again, { client: house, parameters })
    await eventually(async () => expect(await apiStatus(after.access_token)).toBe(200), 5000)
    expect(after.claims()?.sub).toBe(before.claims()?.sub)
    expect(await apiStatus(before.access_token)).toBe(401)
    expect((await refreshed(house, before)).body.error).toBe('invalid_grant')
    expect(await isSignedIn(server, person.agent)).toBe(false)
  })

  it('J20: never gives a removed account’s sub to another, not even at the same address', async () => {
    const person = await signedInPerson(server)
    const parameters = { scope: 'openid' }
    const before = await tokensFor(server, person, { client: house, parameters })
    const accounts = server.documents.collection<Account>(accountsCollection)
    await accounts.deleteMany({ _id: String(before.claims()?.sub) })
    server.clock.forward(3000)
    const again = await signedInPerson(server, person.email)
    const after = await tokensFor(server, again, { client: house, parameters })
    expect(after.claims()?.sub).not.toBe(before.claims()?.sub)
    expect((await refreshed(house, before)).body.error).toBe('invalid_grant')
  })

  it('writes down who was shut out and let in, and whose sessions ended', async () => {
    const { email } = await signedInPerson(server)
    const { stdout } = await foyer('disable', email)
    await foyer('enable', email)
    const [account = ''] = stdout.split(' ')
    const rows = await server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ actor: 'command-line' }, { sort: [['_id', -1]], limit: 3 })
    const written = rows.map(({ action, target }) => [action, target])
    expect(written[0]).toEqual(['account.enabled', account])
    // In one millisecond these two may stand either way.
    expect(written.slice(1).sort()).toEqual([
      ['account.disabled', account],
      ['session.ended', expect.any(String)],
    ])
  })

  it('lists accounts, and says when there is none', async () => {
    const { email } = await signedInPerson(server)
    await disable(email)
    expect((await foyer('list', email)).stdout).toMatch(
      new RegExp(`^acc_\\w+ {2}${email} {2}disabled\n$`),
    )
    const { stdout } = await foyer('list', '--json')
    const listed = JSON.parse(stdout).find((each: { email: string }) => each.email === email)
    expect(listed).toMatchObject({
      id: expect.stringMatching(/^acc_/),
      disabled_at: expect.any(String),
    })
    for (const command of ['disable', 'list']) {
      const nobody = freshAddress()
      expect(await foyer(command, nobody)).toEqual({
        code: 1,
        stdout: '',
        stderr: `nobody has signed in as ${nobody}\n`,
      })
    }
  })
})
