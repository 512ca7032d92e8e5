// `foyer clients show, update, add-secret, revoke-secret, disable, enable, remove`: what a running server makes of them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import { DAY } from '../../src/shared/clock.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { clientsCollection } from '../../src/stores/clients.ts'
import { callerOf } from '../support/client-api.ts'
import { type Credentials, postForm, refresh } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import { signedInPerson, tokensFor } from '../support/journeys.ts'
import type { Ended } from '../support/program.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { describeOnAllStores } from '../support/stores.ts'

type Secret = { id: string; hint: string; created_at: string; expires_at: string; live: boolean }
type Shown = { version: number; secrets: Secret[]; [field: string]: unknown }

describeOnAllStores('foyer clients', (start, stores) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  function foyer(...args: string[]): Promise<Ended> {
    return foyerBeside(server, ['clients', ...args])
  }

  /** What `--json` printed; the server follows within five seconds. */
  async function told<T = Shown>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await foyer(...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    server.clock.forward(5000)
    return JSON.parse(stdout) as T // held against what works
  }

  const grant = { grant_type: 'client_credentials' }
  const statusOf = async (client: Credentials): Promise<number> =>
    (await postForm(server, 'token', { client, fields: grant })).status

  async function actions(target: string): Promise<string[]> {
    const rows = await server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ organisation: server.organisation._id }, { sort: [['_id', 1]], limit: 1000 })
    return rows.filter((row) => row.target === target).map(({ action }) => action)
  }

  it('A03: takes the old and the new secret while they overlap, and the old one no more once revoked', async () => {
    const old = await server.register({ kind: 'machine' })
    const { secret: added, client_secret } = await told<{ secret: Secret; client_secret: string }>(
      'add-secret',
      old.client_id,
    )
    const next = { client_id: old.client_id, client_secret }
    expect([await statusOf(old), await statusOf(next)]).toEqual([200, 200])
    expect(Date.parse(added.expires_at) - Date.parse(added.created_at)).toBe(180 * DAY)

    const { secrets } = await eventually(async () => {
      const shown = await told('show', old.client_id)
      expect(shown).toMatchObject({ impact: { secret_last_used_at: expect.any(String) } })
      return shown
    })
    expect(secrets.map(({ hint }) => hint)).toEqual(
      [old, next].map(({ client_secret }) => client_secret?.slice(-4)),
    )
    expect(JSON.stringify(secrets)).not.toContain('digest')
    const [first] = secrets
    await told('revoke-secret', old.client_id, String(first?.id))
    expect([await statusOf(old), await statusOf(next)]).toEqual([401, 200])
    expect(await actions(old.client_id)).toEqual(['client.secret-added', 'client.secret-revoked'])
  })

  it('sends people where it was changed to, and nowhere else', async () => {
    const client = await server.register()
    const moved = 'https://new.example.com/callback'
    const isTaken = async (redirectUri: string): Promise<boolean> => {
      const { url } = await (await createRelyingParty(server, client, redirectUri)).authorize()
      return (await fetch(url, { redirect: 'manual' })).status === 303
    }
    expect(await isTaken(moved)).toBe(false)
    const bye = ['--post-logout-redirect-uri', 'https://new.example.com/bye']
    const home = ['--name', 'New name', '--home-uri', 'https://new.example.com/']
    const changed = await told(
      'update',
      client.client_id,
      ...['--redirect-uri', moved, ...bye, ...home, '--if-version', '1'],
    )
    expect(changed).toMatchObject({
      name: 'New name',
      origins: ['https://new.example.com'],
      home_uri: 'https://new.example.com/',
      version: 2,
    })
    expect([await isTaken(moved), await isTaken('http://127.0.0.1:9/callback')]).toEqual([
      true,
      false,
    ])
    const late = await foyer('update', client.client_id, '--name', 'Late', '--if-version', '1')
    expect(late).toMatchObject({ code: 1, stderr: 'This was changed since you read it\n' })
    const emptied = await told('update', client.client_id, '--home-uri', '')
    expect(emptied).toMatchObject({ name: 'New name', home_uri: null, version: 3 })
    expect(await actions(client.client_id)).toEqual(['client.changed', 'client.changed'])
  })

  it('gives a preview more time, and a client other life times, links and standing', async () => {
    const preview = await server.register({
      kind: 'preview',
      redirectUris: ['https://*.preview.example.com/cb'],
    })
    const callback = 'https://pr-1.preview.example.com/cb'
    const { url } = await (await createRelyingParty(server, preview, callback)).authorize()
    const begins = async () => (await fetch(url, { redirect: 'manual' })).status
    const longer = await told('update', preview.client_id, '--preview-days', '80')
    const days = (Date.parse(String(longer.expires_at)) - Date.now()) / DAY
    expect(Math.round(days)).toBe(80)
    expect(await begins()).toBe(303)

    const { client_id } = await server.register()
    const lifetimes = ['--lifetime', 'accessToken=10m', '--lifetime', 'refreshIdle=7d']
    const policy = ['--policy-uri', 'https://shop.example.com/privacy']
    const changed = await told('update', client_id, ...lifetimes, ...policy, '--first-party')
    expect(changed).toMatchObject({
      lifetimes: { access_token: 600, refresh_idle: 604_800 },
      policy_uri: 'https://shop.example.com/privacy',
      first_party: true,
    })
    const back = ['--lifetime', 'accessToken=', '--policy-uri', '', '--no-first-party']
    const undone = await told('update', client_id, ...back)
    expect(undone).toMatchObject({
      lifetimes: { access_token: null, refresh_idle: 604_800 },
      policy_uri: null,
      first_party: false,
    })
    expect((await foyer('show', client_id)).stdout).toMatch(/^lifetimes +refreshIdle=7d$/m)
  })

  describe('a client that is ended', () => {
    async function inUse(change?: Partial<NewClient>) {
      const client = await server.register(change)
      const parameters = { scope: 'openid profile:read' }
      const tokens = await tokensFor(server, await signedInPerson(server), { client, parameters })
      return { client, tokens }
    }
    const works = async ({ client, tokens }: Awaited<ReturnType<typeof inUse>>) => {
      const { url } = await (await createRelyingParty(server, client)).authorize()
      const begins = (await fetch(url, { redirect: 'manual' })).status === 303
      const answer = await refresh(server, client, { refresh_token: tokens.refresh_token })
      const token = String(answer.body.access_token ?? tokens.access_token)
      const reads = (await callerOf(server, tokens.access_token)('GET', '/profile')).status === 200
      const asked = await postForm(server, 'introspect', { client, fields: { token } })
      return [begins, answer.status === 200, reads, asked.body.active === true]
    }
    const nowhere = [false, false, false, false]

    it('is refused everywhere while disabled, and goes on when it is enabled', async () => {
      const used = await inUse()
      const { client_id } = used.client
      const api = callerOf(server, used.tokens.access_token)
      expect((await api('GET', '/profile')).status).toBe(200)
      const asked = await foyer('disable', client_id, '--json')
      expect(asked).toMatchObject({ code: 1, stderr: 'Nothing was done: say --yes to do it.\n' })
      expect(JSON.parse(asked.stdout)).toMatchObject({ done: false, impact: { live_grants: 1 } })
      server.clock.forward(5000)
      expect(await statusOf(used.client)).toBe(400) // known, and no machine
      await told('disable', client_id, '--yes')
      expect(await works(used)).toEqual(nowhere)
      await told('enable', client_id)
      expect(await works(used)).toEqual([true, true, true, true])
      expect(await actions(client_id)).toEqual(
        expect.arrayContaining(['client.disabled', 'client.enabled']),
      )
    })

    it('is refused for ever when removed: its grants end, its id stays taken', async () => {
      const used = await inUse({ id: `house-${stores}` })
      const { client_id } = used.client
      expect(await told('show', client_id)).toMatchObject({ impact: { live_grants: 1 } })
      await told('remove', client_id, '--yes')
      expect(await works(used)).toEqual(nowhere)
      const grants = server.documents.collection<{ _id: string }>({ name: 'grants', indexes: [] })
      expect(await grants.count({ client: client_id })).toBe(0)
      expect(await foyer('show', client_id)).toMatchObject({ code: 1, stdout: '' })
      expect((await foyer('enable', client_id)).stderr).toBe(`${client_id} is no client\n`)
      expect((await foyer('list')).stdout).not.toContain(client_id)
      await expect(server.register({ id: client_id })).rejects.toThrow('_id')
      const left = await server.documents.collection(clientsCollection).findOne({ _id: client_id })
      expect(left).toMatchObject({ secrets: [], redirectUris: [], name: '' })
    })
  })

  // The last one: tokens of the other tests live for an hour.
  it('ends a secret at its time', async () => {
    const { client_id } = await server.register({ kind: 'machine' })
    const { client_secret } = await told<Credentials>('add-secret', client_id, '--days', '1')
    const added = { client_id, ...(client_secret && { client_secret }) }
    expect(await statusOf(added)).toBe(200)
    server.clock.forward(DAY)
    expect(await statusOf(added)).toBe(401)
  })
})
