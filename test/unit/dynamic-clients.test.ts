// Applications that register themselves: with what they may, what they become, and what they may change of it.

import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  createDynamicClients,
  type DynamicClients,
} from '../../src/services/identity/clients/dynamic-clients.ts'
import { DAY } from '../../src/shared/clock.ts'
import { AppError } from '../../src/shared/errors.ts'
import { newId } from '../../src/shared/ids.ts'
import { sha256, systemRandom } from '../../src/shared/secrets.ts'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { createRegistrationTokenStore } from '../../src/stores/registration.ts'
import { administrationOn, createClientGround } from '../support/client-ground.ts'

const ground = createClientGround()
const { clock, documents, store, clients: registered } = ground
const tokens = createRegistrationTokenStore(documents)
const administration = administrationOn(ground)
const policy: NonNullable<Organisation['registration']> = {
  isOn: true,
  kinds: ['web', 'browser', 'native', 'machine'],
  authMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  apiScopes: ['orders:read'],
  pkce: 'required',
}
// Only asked for its id and its policy.
const organisation = { _id: 'org_one', registration: policy } as Organisation
const dynamic = (change: Partial<typeof administration> = {}): DynamicClients =>
  createDynamicClients({
    store,
    tokens,
    administration: { ...administration, ...change },
    openidScopes: ['openid', 'profile', 'email'],
    clock,
  })
const clients = dynamic()

type Fields = { [field: string]: unknown }
const metadata = (change: Fields = {}): Fields => ({
  client_name: 'Tables',
  redirect_uris: ['https://app.example.com/callback'],
  ...change,
})

let initial = ''
beforeEach(async () => {
  initial = await newToken()
})

async function newToken(change: { uses?: number; life?: number } = {}): Promise<string> {
  const { uses = 1, life = DAY } = change
  const token = systemRandom.token(32)
  await tokens.insert({
    _id: newId('rgt', clock),
    organisation: 'org_one',
    name: 'Test',
    digest: sha256(token),
    hint: '',
    usesLeft: uses,
    uses,
    createdBy: 'test',
    createdAt: clock.at,
    expiresAt: clock.at + life,
  })
  return token
}

const register = (change: Fields = {}, at = organisation, by = clients) =>
  by.register(at, { id: newId('cli', clock), token: initial, metadata: metadata(change) })

/** A registered application, and how it sends its metadata anew. */
async function managed(change: Fields = {}, at = organisation) {
  const { client, ...rest } = await register(change, at)
  const id = client._id
  let token = 'the first'
  await clients.keepToken('org_one', id, `${id} ${token}`)
  return {
    ...{ id, client, ...rest },
    stored: () => store.find('org_one', id),
    hasToken: async () => (await clients.findByToken('org_one', `${id} ${token}`))?._id === id,
    async put(change: Fields = {}, by = clients) {
      const sent = { id, token: `${id} ${token}`, metadata: metadata(change) }
      const updated = await by.update(at, sent)
      token = 'another'
      await clients.keepToken('org_one', id, `${id} ${token}`)
      return updated
    },
    actions: async () =>
      (await documents.collection<AuditEntry>(auditCollection).find({ target: id }, { limit: 9 }))
        .map(({ action }) => action)
        .sort(),
  }
}

const refusedAt = (...paths: string[]) => ({
  code: 'invalid_fields',
  fields: paths.map((path) => ({ path, message: expect.any(String) })),
})
const jwkOf = (kid: string) => ({
  ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }),
  kid,
})
const withKeys = (...keys: Fields[]): Fields => ({
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys },
})

describe('an initial token', () => {
  it('O29: is good as long as it has uses and time, in its own organisation', async () => {
    const isGood = async (token: string, at = 'org_one') =>
      (await clients.findInitialToken(at, token)) !== undefined
    expect(await isGood(initial)).toBe(true)
    expect(await isGood(initial, 'org_two')).toBe(false)
    expect(await isGood(`${initial}x`)).toBe(false)
    await register()
    expect(await isGood(initial)).toBe(false)
    const brief = await newToken({ life: 1000 })
    clock.at += 999
    expect(await isGood(brief)).toBe(true)
    clock.at += 1
    expect(await isGood(brief)).toBe(false)
  })

  it('has its use back when the registration is refused, and not after an outage', async () => {
    const failing = (error: Error) => dynamic({ create: () => Promise.reject(error) })
    const refused = register({}, organisation, failing(new AppError('insufficient_role')))
    await expect(refused).rejects.toMatchObject({ code: 'insufficient_role' })
    const broken = register({}, organisation, failing(new StoreUnavailable('MongoDB')))
    await expect(broken).rejects.toThrow(StoreUnavailable)
    await expect(register()).rejects.toMatchObject({ code: 'invalid_token' })
  })
})

describe('a registration', () => {
  it.each<[kind: string, change: Fields, pkce: string]>([
    ['web', {}, 'optional'],
    ['browser', { token_endpoint_auth_method: 'none' }, 'required'],
    ['native', { application_type: 'native', redirect_uris: ['com.example:/cb'] }, 'required'],
    ['machine', { grant_types: ['client_credentials'], redirect_uris: [] }, 'required'],
  ])(
    'of kind %s may do without PKCE only with a secret, where the policy allows it',
    async (kind, change, pkce) => {
      const relaxed = { ...organisation, registration: { ...policy, pkce: 'optional' } } as const
      const { client } = await register(change, relaxed)
      expect(client).toMatchObject({ kind, pkce, firstParty: false })
    },
  )

  it('gets a secret for 400 days, or keeps the keys that it names in place of one', async () => {
    const { client, secret } = await register()
    expect(secret).toMatch(/^fys_/)
    expect(client.secrets).toMatchObject([{ expiresAt: clock.at + 400 * DAY }])
    expect(client).not.toHaveProperty('keysUri')
    const key = jwkOf('one')
    initial = await newToken({ uses: 2 })
    const ofKeys = await register(withKeys(key))
    expect(ofKeys).not.toHaveProperty('secret')
    expect(ofKeys.client).toMatchObject({ secrets: [], keys: [key] })
    const jwks_uri = 'https://app.example.com/keys'
    const ofUri = await register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri })
    expect(ofUri).not.toHaveProperty('secret')
    expect(ofUri.client).toMatchObject({ secrets: [], keysUri: jwks_uri })
  })

  it('is called after its own page, or its redirect URI, when it has no name', async () => {
    initial = await newToken({ uses: 3 })
    const client_uri = 'https://tables.example.com/'
    const native = { application_type: 'native', redirect_uris: ['com.example:/cb'] }
    const names = []
    for (const change of [{ client_uri }, {}, native])
      names.push((await register({ client_name: '', ...change })).client.name)
    expect(names).toEqual(['tables.example.com', 'app.example.com', 'Application'])
  })

  it('is found as long as it manages itself: not an operator’s, nor one that is disabled', async () => {
    const { id, stored, hasToken } = await managed()
    expect((await clients.find('org_one', id))?._id).toBe(id)
    expect(await clients.find('org_two', id)).toBeUndefined()
    const { client } = await registered.create({
      organisation: 'org_one',
      kind: 'machine',
      name: 'Tills',
      redirectUris: [],
    })
    expect(await clients.find('org_one', client._id)).toBeUndefined()
    const read = await stored()
    if (read) await store.change(read, { disabledAt: clock.at }, clock.at)
    expect(await clients.find('org_one', id)).toBeUndefined()
    expect(await hasToken()).toBe(false)
  })
})

describe('an update', () => {
  it('takes away what is left out, null, or an empty text (RFC 7592, 2.2)', async () => {
    const uris = {
      client_uri: 'https://app.example.com/',
      logo_uri: 'https://app.example.com/logo.png',
      policy_uri: 'https://app.example.com/policy',
      tos_uri: 'https://app.example.com/terms',
      initiate_login_uri: 'https://app.example.com/sign-in',
      backchannel_logout_uri: 'https://app.example.com/out',
    }
    const bye = { post_logout_redirect_uris: ['https://app.example.com/bye'] }
    const fields = ['homeUri', 'logoUri', 'policyUri', 'termsUri', 'initiateLoginUri']
    const kept = [...fields, 'backChannelLogoutUri']
    const { put, stored } = await managed()
    for (const nothing of [undefined, null, '']) {
      await put({ ...uris, ...bye, scope: 'orders:read' })
      expect(Object.keys((await stored()) ?? {})).toEqual(expect.arrayContaining(kept))
      expect(await stored()).toMatchObject({
        postLogoutRedirectUris: bye.post_logout_redirect_uris,
        apiScopes: ['orders:read'],
      })
      const change = Object.keys({ ...uris, ...bye, scope: '' }).map((name) => [name, nothing])
      await put(Object.fromEntries(change))
      expect(Object.keys((await stored()) ?? {}).filter((name) => kept.includes(name))).toEqual([])
      expect(await stored()).toMatchObject({ postLogoutRedirectUris: [], apiScopes: [] })
    }
  })

  it('uses its token up, and gives it back when it is refused', async () => {
    const { id, put, hasToken } = await managed()
    const failing = dynamic({ update: () => Promise.reject(new AppError('precondition_failed')) })
    await expect(put({}, failing)).rejects.toMatchObject({ code: 'precondition_failed' })
    await expect(put({ redirect_uris: ['ftp://x'] })).rejects.toMatchObject(
      refusedAt('redirect_uris.0'),
    )
    expect(await hasToken()).toBe(true)
    expect(await clients.dropToken('org_one', `${id} the first`)).toBe(true)
    expect(await clients.dropToken('org_one', `${id} the first`)).toBe(false)
    await expect(put()).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('changes neither the kind nor how it proves who it is', async () => {
    const ofSecret = await managed()
    initial = await newToken()
    const ofKeys = await managed(withKeys(jwkOf('one')))
    initial = await newToken()
    const jwks_uri = 'https://app.example.com/keys'
    const byKeys = { token_endpoint_auth_method: 'private_key_jwt' }
    const ofUri = await managed({ ...byKeys, jwks_uri })
    const method = 'token_endpoint_auth_method'
    const native = { application_type: 'native', redirect_uris: ['com.example:/cb'] }
    const signed = { userinfo_signed_response_alg: 'RS256' }
    for (const [{ put, hasToken }, change, ...paths] of [
      [ofSecret, native, 'grant_types'],
      [ofSecret, { token_endpoint_auth_method: 'none' }, 'grant_types'],
      [ofSecret, withKeys(jwkOf('one')), method],
      [ofSecret, signed, 'userinfo_signed_response_alg'],
      [ofKeys, {}, method],
      [ofKeys, { ...byKeys, jwks_uri }, method, 'jwks_uri'],
      [ofUri, { ...byKeys, jwks_uri: `${jwks_uri}/other` }, 'jwks_uri'],
      [ofUri, {}, 'jwks_uri'],
    ] as const) {
      await expect(put(change)).rejects.toMatchObject(refusedAt(...paths))
      expect(await hasToken()).toBe(true)
    }
    for (const [{ put }, change] of [
      [ofSecret, {}],
      [ofUri, { ...byKeys, jwks_uri }],
    ] as const)
      expect(await put(change)).not.toHaveProperty('secret')
  })

  it('replaces keys that are others, and leaves those that are the same', async () => {
    const [one, two] = [jwkOf('one'), jwkOf('two')]
    const { put, stored, actions } = await managed(withKeys(one))
    await put({ ...withKeys(one), client_name: 'Later' })
    expect(await actions()).toEqual(['client.changed', 'client.created'])
    expect(await put(withKeys(two))).toMatchObject({ client: { keys: [two] } })
    expect(await stored()).toMatchObject({ keys: [two], name: 'Tables' })
    expect(await actions()).toContain('client.keys-replaced')
  })

  it('comes with one more secret for 400 days when those it has end within thirty', async () => {
    const { put, stored } = await managed()
    clock.at += 370 * DAY - 1
    expect(await put()).not.toHaveProperty('secret')
    clock.at += 1
    expect((await put()).secret).toMatch(/^fys_/)
    const ends = (await stored())?.secrets.map(({ expiresAt = 0 }) => expiresAt - clock.at)
    expect(ends).toEqual([30 * DAY, 400 * DAY])
    expect(await put()).not.toHaveProperty('secret')
  })

  it('is no more when it is removed, nor for one that is not there', async () => {
    const { id, put, stored } = await managed()
    await clients.remove('org_one', id)
    expect(await stored()).toBeUndefined()
    await expect(put()).rejects.toMatchObject({ code: 'invalid_token' })
  })
})
