// What operators do with registered clients: what is refused, who comes first, and what is known of secrets.

import { beforeEach, describe, expect, it } from '@jest/globals'
import type { ClientEdit } from '../../src/services/identity/clients/client-edit.ts'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import { ensureConsoleClient } from '../../src/services/identity/clients/console-client.ts'
import { DAY, MINUTE } from '../../src/shared/clock.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import { administrationOn, createClientGround } from '../support/client-ground.ts'
import { eventually } from '../support/eventually.ts'

const ORGANISATION = 'org_one'
const CALLBACK = 'https://shop.example.com/callback'
const EDITOR = { actor: 'opr_editor', role: 'editor' } as const
const PLATFORM_OWNER = { actor: 'opr_platform', role: 'platform-owner' } as const

const ground = createClientGround()
const { clock, documents, parts, clients } = ground
const collection = documents.collection<Client>(clientsCollection)
const administration = administrationOn(ground)

async function registered(change: Partial<NewClient> = {}) {
  const { client, secret = '' } = await clients.create({
    organisation: ORGANISATION,
    kind: 'web',
    name: 'Shop',
    redirectUris: change.kind === 'machine' ? [] : [CALLBACK],
    ...change,
  })
  const act = { organisation: ORGANISATION, id: client._id, by: EDITOR }
  return { client, secret, act }
}

const refusedAt = (path: string) => ({
  code: 'invalid_fields',
  fields: [{ path, message: expect.any(String) }],
})

describe('the console', () => {
  it('cannot be changed, disabled or removed, and has no secret to hand out', async () => {
    const baseUrl = 'https://id.example.com'
    await ensureConsoleClient({ ...parts, organisation: ORGANISATION, baseUrl })
    const kept = await collection.findOne({ _id: 'console' })
    const act = { organisation: ORGANISATION, id: 'console', by: PLATFORM_OWNER }
    for (const change of [
      administration.update(act, { redirectUris: [CALLBACK] }),
      administration.addSecret(act),
      administration.disable(act),
      administration.enable(act),
      administration.remove(act),
      administration.update(act, { backChannelLogoutUri: 'https://evil.example/logout' }),
      administration.replaceKeys(act, {}),
      administration.revokeSecret(act, 'sec_x'),
    ])
      await expect(change).rejects.toMatchObject({ code: 'managed_client' })
    expect(await collection.findOne({ _id: 'console' })).toEqual(kept)
  })

  it('is made again what it was by the next start, wherever that is served', async () => {
    await collection.updateOne({ _id: 'console' }, { $set: { disabledAt: 1, kind: 'browser' } })
    const baseUrl = 'https://id.example.org'
    await ensureConsoleClient({ ...parts, organisation: ORGANISATION, baseUrl })
    const kept = await collection.findOne({ _id: 'console' })
    expect(kept).toMatchObject({ kind: 'web', redirectUris: [`${baseUrl}/admin/callback`] })
    expect(kept).not.toHaveProperty('disabledAt')
  })
})

describe('a change', () => {
  it.each<[name: string, kind: NewClient['kind'], edit: ClientEdit, field: string]>([
    ['no name', 'web', { name: ' ' }, 'name'],
    ['no redirect URI', 'web', { redirectUris: [] }, 'redirect_uris'],
    ['a redirect URI of a machine', 'machine', { redirectUris: [CALLBACK] }, 'redirect_uris'],
    ['O05: a wildcard', 'web', { redirectUris: ['*'] }, 'redirect_uris.0'],
    ['O05: every host', 'web', { redirectUris: ['https://*.com/cb'] }, 'redirect_uris.0'],
    ['O05: a script', 'web', { redirectUris: ['javascript:alert(1)'] }, 'redirect_uris.0'],
    ['O05: data', 'web', { homeUri: 'data:text/html,x' }, 'home_uri'],
    ['PKCE off for a public client', 'native', { pkce: 'optional' }, 'pkce'],
    [
      'A01: a call inside',
      'web',
      { backChannelLogoutUri: 'https://10.0.0.1/' },
      'back_channel_logout_uri',
    ],
    ['a scope that is none', 'web', { apiScopes: ['all'] }, 'api_scopes'],
    ['an origin that is none', 'web', { origins: ['shop'] }, 'origins.0'],
  ])('to %s is refused, and nothing of it happens', async (_name, kind, edit, field) => {
    const { act, client } = await registered({ kind })
    const changing = administration.update(act, { name: 'Other', ...edit })
    await expect(changing).rejects.toMatchObject(refusedAt(field))
    expect(await collection.findOne({ _id: client._id })).toEqual(client)
  })

  it('leaves alone what it does not name, but for origins that follow the addresses', async () => {
    const { act, client } = await registered({ homeUri: 'https://shop.example.com/' })
    const redirectUris = ['https://new.example.com/callback']
    const changed = await administration.update(act, { redirectUris })
    const origins = ['https://new.example.com']
    expect(changed).toEqual({ ...client, redirectUris, origins, version: 2 })
    const others = ['https://shop.example.com', 'https://other.example.com']
    const { act: own } = await registered({ origins: others })
    expect(await administration.update(own, { redirectUris })).toMatchObject({ origins: others })
    const named = await administration.update(own, { origins: others.slice(1) })
    expect(named).toMatchObject({ redirectUris, origins: others.slice(1) })
  })

  it('leaves the end of a preview, and the lifetimes that it does not name', async () => {
    const lifetimes = { accessToken: 600_000, idToken: 300_000 }
    const expiresAt = clock.at + DAY
    const { act } = await registered({ kind: 'preview', expiresAt, lifetimes })
    const renamed = await administration.update(act, { name: ' Later ' })
    expect(renamed).toMatchObject({ name: 'Later', expiresAt, lifetimes })
    const edit = { expiresAt: expiresAt + DAY, lifetimes: { idToken: null } }
    const changed = await administration.update(act, edit)
    expect([changed.expiresAt, changed.lifetimes]).toEqual([
      edit.expiresAt,
      { accessToken: 600_000 },
    ])
    const bare = await administration.update(act, { lifetimes: { accessToken: null } })
    expect(bare).not.toHaveProperty('lifetimes')
  })

  it('is made by one of many who read the same version', async () => {
    const { act, client } = await registered()
    const changes = ['a', 'b', 'c'].map((name) =>
      administration.update({ ...act, version: 1 }, { name }),
    )
    const ended = await Promise.allSettled(changes)
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const each of ended)
      if (each.status === 'rejected')
        expect(each.reason).toMatchObject({ code: 'precondition_failed' })
    expect(await collection.findOne({ _id: client._id })).toMatchObject({ version: 2 })
  })

  it('that disables it twice leaves the first instant', async () => {
    const { act } = await registered()
    const first = clock.at
    await administration.disable(act)
    clock.at += MINUTE
    expect(await administration.disable(act)).toMatchObject({ disabledAt: first })
    expect(await administration.enable(act)).not.toHaveProperty('disabledAt')
  })

  it('works on a client of an earlier program, which has no version', async () => {
    const { act, client } = await registered()
    await collection.updateOne({ _id: client._id }, { $unset: { version: true } })
    expect((await administration.show(ORGANISATION, client._id)).version).toBe(0)
    const changed = await administration.update({ ...act, version: 0 }, { name: 'Later' })
    expect(changed).toMatchObject({ name: 'Later', version: 1 })
  })

  it('stands in the audit log with what it was and what it is, and no secret', async () => {
    const { act, client } = await registered()
    await administration.update(act, { name: 'Later' })
    const { secret, shown } = await administration.addSecret(act)
    await administration.remove(act)
    const rows = await documents
      .collection<AuditEntry>(auditCollection)
      .find({ organisation: ORGANISATION, target: act.id }, { sort: [['_id', 1]], limit: 9 })
    const secretIds = client.secrets.map(({ id }) => String(id))
    const byAction = new Map(rows.map((row) => [row.action, row]))
    expect(byAction.get('client.changed')).toMatchObject({
      actor: 'opr_editor',
      before: { name: 'Shop' },
      after: { name: 'Later' },
    })
    expect(byAction.get('client.secret-added')).toMatchObject({
      before: { secretIds },
      after: { secretIds: [...secretIds, shown.id] },
    })
    expect(byAction.get('client.removed')).toMatchObject({ before: { name: 'Later' } })
    for (const hidden of [secret, 'digest', ...client.secrets.map(({ digest }) => digest)])
      expect(JSON.stringify(rows)).not.toContain(hidden)
  })

  it('M02: is never one of another organisation’s client', async () => {
    const { act } = await registered()
    const foreign = { ...act, organisation: 'org_two' }
    const all = [
      administration.show('org_two', act.id),
      administration.update(foreign, { name: 'x' }),
      administration.addSecret(foreign),
      administration.revokeSecret(foreign, 'sec_x'),
      administration.disable(foreign),
      administration.enable(foreign),
      administration.remove(foreign),
    ]
    for (const ended of await Promise.allSettled(all))
      expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } })
  })
})

describe('keys', () => {
  // RFC 8037, A.2
  const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
  const other = { ...key, kid: 'other' }

  it('are replaced as a whole, and never stand beside a secret', async () => {
    const { act, client, secret } = await registered({ jwks: { keys: [key] } })
    expect([secret, client.secrets, client.keys]).toEqual(['', [], [key]])
    const changed = await administration.replaceKeys(act, { keys: [key, other] })
    expect(changed.keys).toEqual([key, other])
    const row = await documents
      .collection<AuditEntry>(auditCollection)
      .findOne({ target: act.id, action: 'client.keys-replaced' })
    expect(row).toMatchObject({ before: { keyIds: [null] }, after: { keyIds: [null, 'other'] } })
    expect(JSON.stringify(row)).not.toContain(key.x)
    const { act: withSecret } = await registered()
    const replacing = administration.replaceKeys(withSecret, { keys: [other] })
    await expect(replacing).rejects.toMatchObject(refusedAt('jwks'))
  })

  it('stay as they are when the others are wrong', async () => {
    const { act, client } = await registered({ jwks: { keys: [key] } })
    const replacing = administration.replaceKeys(act, { keys: [{ ...other, d: 'AA' }] })
    await expect(replacing).rejects.toMatchObject(refusedAt('jwks.keys.0'))
    expect(await collection.findOne({ _id: client._id })).toEqual(client)
  })
})

describe('first-party clients', () => {
  const input: NewClient = {
    organisation: ORGANISATION,
    kind: 'browser',
    name: 'Shop',
    redirectUris: [CALLBACK],
    firstParty: true,
  }
  const insufficient = { code: 'insufficient_role' }

  it.each(['viewer', 'editor', 'owner'] as const)(
    'P01: are made and unmade by a platform owner, and not by an %s of the organisation',
    async (role) => {
      const by = { actor: 'opr_one', role }
      const before = await collection.count({})
      await expect(administration.create(input, by)).rejects.toMatchObject(insufficient)
      expect(await collection.count({})).toBe(before)
      const { client } = await administration.create(input, PLATFORM_OWNER)
      const act = { organisation: ORGANISATION, id: client._id, by }
      const unmaking = administration.update(act, { firstParty: false })
      await expect(unmaking).rejects.toMatchObject(insufficient)
      const { act: other } = await registered()
      const making = administration.update({ ...other, by }, { firstParty: true })
      await expect(making).rejects.toMatchObject(insufficient)
      // To say again what is so changes nothing.
      const kept = await administration.update(act, { firstParty: true, name: 'Later' })
      expect(kept).toMatchObject({ firstParty: true, name: 'Later' })
      const unmade = await administration.update(
        { ...act, by: PLATFORM_OWNER },
        { firstParty: false },
      )
      expect(unmade.firstParty).toBe(false)
    },
  )
})

it('PKCE is relaxed by a platform owner, and made stricter by everybody who changes clients', async () => {
  const input: NewClient = {
    organisation: ORGANISATION,
    kind: 'web',
    name: 'Shop',
    redirectUris: [CALLBACK],
    pkce: 'optional',
  }
  const insufficient = { code: 'insufficient_role' }
  await expect(administration.create(input, EDITOR)).rejects.toMatchObject(insufficient)
  const { client } = await administration.create(input, PLATFORM_OWNER)
  const act = { organisation: ORGANISATION, id: client._id, by: EDITOR }
  const named = await administration.update(act, { name: 'Later', pkce: 'optional' })
  expect(named).toMatchObject({ name: 'Later', pkce: 'optional' })
  expect(await administration.update(act, { pkce: 'required' })).toMatchObject({ pkce: 'required' })
  const relaxing = administration.update(act, { pkce: 'optional' })
  await expect(relaxing).rejects.toMatchObject(insufficient)
})

describe('secrets', () => {
  beforeEach(() => {
    clock.at += DAY
  })

  it('are at most three that are good; one that has expired makes room', async () => {
    const { act } = await registered()
    await administration.addSecret(act, DAY)
    await administration.addSecret(act)
    await expect(administration.addSecret(act)).rejects.toMatchObject(refusedAt('secrets'))
    clock.at += DAY
    await administration.addSecret(act)
    const { secrets } = await administration.show(ORGANISATION, act.id)
    expect(secrets.map(({ isLive }) => isLive)).toEqual([true, true, true])
  })

  it('are not for kinds without, not beside keys, and not for ever', async () => {
    const { act: browser } = await registered({ kind: 'browser' })
    await expect(administration.addSecret(browser)).rejects.toMatchObject(refusedAt('kind'))
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const { act: withKeys } = await registered({ jwks: { keys: [key] } })
    await expect(administration.addSecret(withKeys)).rejects.toMatchObject(refusedAt('keys'))
    const { act } = await registered()
    for (const life of [0, 401 * DAY, 1.5, Number.NaN])
      await expect(administration.addSecret(act, life)).rejects.toMatchObject(refusedAt('days'))
  })

  it('are known by their last use, to the hour, and keep it when the client is changed', async () => {
    const { act, client, secret } = await registered()
    const use = async (process = clients) => {
      const read = await parts.store.find(ORGANISATION, client._id)
      expect(read && (await process.verifySecret(read, secret))).toBe(true)
    }
    const lastUse = async () =>
      (await administration.show(ORGANISATION, client._id)).secrets[0]?.lastUsedAt
    const first = clock.at
    await use()
    await eventually(async () => expect(await lastUse()).toBe(first))
    clock.at += 59 * MINUTE
    await use()
    await use(ground.processWith()) // another process, which has noted none
    clock.at += MINUTE
    expect(await lastUse()).toBe(first)
    const { impact } = await administration.show(ORGANISATION, client._id)
    expect(impact).toEqual({ grants: 0, lastUsedAt: first })
    await use()
    await eventually(async () => expect(await lastUse()).toBe(clock.at))
    await administration.update(act, { name: 'Later' })
    expect(await lastUse()).toBe(clock.at)
  })

  it('end one by one: what is told of the others stays, and what is not there cannot be revoked', async () => {
    const { act, client } = await registered()
    const { shown, client: both } = await administration.addSecret(act, 90 * DAY)
    expect(both.warnAt).toBe(clock.at + 60 * DAY)
    for (const [id, at] of [
      [String(client.secrets[0]?.id), clock.at],
      [shown.id, clock.at - DAY],
    ] as const)
      await parts.store.noteUse(both, { secret: id, at, after: 0 })
    expect(await administration.show(ORGANISATION, client._id)).toMatchObject({
      impact: { lastUsedAt: clock.at },
      secrets: [
        { expiresAt: clock.at + 180 * DAY, lastUsedAt: clock.at },
        { expiresAt: clock.at + 90 * DAY, lastUsedAt: clock.at - DAY },
      ],
    })
    const unknown = administration.revokeSecret(act, 'sec_x')
    await expect(unknown).rejects.toMatchObject({
      code: 'not_found',
      detail: expect.stringMatching(/^sec_x is no secret/),
    })
    const left = await administration.revokeSecret(act, shown.id)
    expect(left).toMatchObject({ secrets: client.secrets, warnAt: clock.at + 150 * DAY })
    const none = await administration.revokeSecret(act, String(client.secrets[0]?.id))
    expect(none.secrets).toEqual([])
    expect(none).not.toHaveProperty('warnAt')
  })

  it('of an earlier program, without an id, can be revoked, too', async () => {
    const { act, client, secret } = await registered()
    const [{ id: _none, ...record } = { id: '', digest: '', hint: '', createdAt: 0 }] =
      client.secrets
    await collection.updateOne({ _id: client._id }, { $set: { secrets: [record] } })
    const { secrets } = await administration.show(ORGANISATION, client._id)
    expect(secrets).toMatchObject([{ id: `sec_${secret.slice(-4)}` }])
    const changed = await administration.revokeSecret(act, String(secrets[0]?.id))
    expect(await clients.verifySecret(changed, secret)).toBe(false)
    const again = administration.revokeSecret(act, String(secrets[0]?.id))
    await expect(again).rejects.toMatchObject({ code: 'not_found' })
  })
})
