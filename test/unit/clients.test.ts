// OAuth clients: what may be registered, and how soon a change is seen.

import { beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { clientMetadata } from '../../adapters/oidc/client-model.ts'
import { apiScopes } from '../../src/services/identity/clients/api-scopes.ts'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import type { Clients } from '../../src/services/identity/clients/clients.ts'
import { DAY, SECOND } from '../../src/shared/clock.ts'
import { AppError } from '../../src/shared/errors.ts'
import {
  type Client,
  type ClientStore,
  clientKinds,
  clientsCollection,
} from '../../src/stores/clients.ts'
import { AlreadyExists, StoreUnavailable } from '../../src/stores/errors.ts'
import { createClientGround, SECRET } from '../support/client-ground.ts'

const ORGANISATION = 'org_one'
// RFC 8037, A.2
const ED25519 = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}
const CALLBACK = 'https://shop.example.com/callback'
const BYE = 'https://shop.example.com/bye?by=foyer'
const BACK_CHANNEL = 'back_channel_logout_uri'

const ACCESS_TOKEN = 'lifetimes.access_token'
/** A setting of organisations, as a program could send it that the compiler does not know. */
const elsewhere: object = { sessionIdle: 3600 * SECOND }

const { clock, documents, store, processWith } = createClientGround({
  outgoing: { privateHosts: ['shop.internal'] },
})
const collection = documents.collection<Client>(clientsCollection)

const registration = (change: Partial<NewClient> = {}): NewClient => ({
  organisation: ORGANISATION,
  kind: 'web',
  name: 'Shop',
  redirectUris: change.kind === 'machine' ? [] : [CALLBACK],
  ...change,
})

let clients: Clients
beforeEach(() => {
  clients = processWith()
})

/** The fields that a registration is refused for. */
async function refusedFields(input: NewClient): Promise<string[]> {
  try {
    await clients.create(input)
    return []
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_fields')
      return (error.fields ?? []).map(({ path }) => path)
    throw error
  }
}

describe('a registration', () => {
  it('without more than it needs gets PKCE, the origins of its addresses, and no API', async () => {
    const { client } = await clients.create(registration())
    expect(client).toMatchObject({
      pkce: 'required',
      origins: ['https://shop.example.com'],
      apiScopes: [],
      firstParty: false,
    })
    expect((await clients.create(registration({ origins: [] }))).client.origins).toEqual([])
  })

  it.each<[name: string, change: Partial<NewClient>, field: string]>([
    ['no name', { name: '  ' }, 'name'],
    ['a name too long for a mail', { name: 'x'.repeat(81) }, 'name'],
    ['a line break in the name', { name: 'Shop\r\nBcc: evil@example.com' }, 'name'],
    ['a name that turns the text round', { name: 'Shop \u202Emoc.elpmaxe' }, 'name'],
    ['a call of a machine', { kind: 'machine', backChannelLogoutUri: BYE }, BACK_CHANNEL],
    ['a plain call', { backChannelLogoutUri: 'http://shop.example.com/bye' }, BACK_CHANNEL],
    ['a call with a fragment', { backChannelLogoutUri: `${BYE}#a` }, BACK_CHANNEL],
    ['a call with a password', { backChannelLogoutUri: 'https://a:b@example.com/' }, BACK_CHANNEL],
    ['A01: a call to this machine', { backChannelLogoutUri: 'https://localhost/' }, BACK_CHANNEL],
    ['A01: a call to its address', { backChannelLogoutUri: 'https://[::1]/' }, BACK_CHANNEL],
    ['A01: a call inside', { backChannelLogoutUri: 'https://169.254.169.254/' }, BACK_CHANNEL],
    ['A01: a call in digits', { backChannelLogoutUri: 'https://2130706433/' }, BACK_CHANNEL],
    ['keys of a browser', { kind: 'browser', jwks: { keys: [ED25519] } }, 'jwks'],
    ['a private key', { jwks: { keys: [{ ...ED25519, d: 'AA' }] } }, 'jwks.keys.0'],
    ['no redirect URI', { redirectUris: [] }, 'redirect_uris'],
    [
      'a redirect URI for a machine',
      { kind: 'machine', redirectUris: [CALLBACK] },
      'redirect_uris',
    ],
    [
      'a redirect URI with a fragment',
      { redirectUris: [CALLBACK, `${CALLBACK}#`] },
      'redirect_uris.1',
    ],
    ['too many', { redirectUris: Array(21).fill(CALLBACK) }, 'redirect_uris'],
    [
      'a script to go to after signing out',
      { postLogoutRedirectUris: ['javascript:alert(1)'] },
      'post_logout_redirect_uris.0',
    ],
    ['a wildcard origin', { origins: ['*'] }, 'origins.0'],
    ['a script for a home page', { homeUri: 'javascript:alert(1)' }, 'home_uri'],
    [
      'plain http for its sign-in page',
      { initiateLoginUri: 'http://shop.example/sign-in' },
      'initiate_login_uri',
    ],
    [
      'a scheme of its own for its sign-in page',
      {
        kind: 'native',
        redirectUris: ['com.example.app:/callback'],
        initiateLoginUri: 'com.example.app:/sign-in',
      },
      'initiate_login_uri',
    ],
    ['a policy inside', { policyUri: 'https://10.0.0.1/' }, 'policy_uri'],
    ['terms on this machine', { termsUri: 'https://localhost/' }, 'terms_uri'],
    ['a logo by plain http', { logoUri: 'http://shop.example.com/a.png' }, 'logo_uri'],
    ['keys that are fetched inside', { jwksUri: 'https://169.254.169.254/' }, 'jwks_uri'],
    ['optional PKCE without a secret', { kind: 'browser', pkce: 'optional' }, 'pkce'],
    ['a scope that is none', { apiScopes: ['profile:read', 'everything'] }, 'api_scopes'],
    ['too short a life of tokens', { lifetimes: { accessToken: 299 * SECOND } }, ACCESS_TOKEN],
    ['too long a life of tokens', { lifetimes: { accessToken: 3601 * SECOND } }, ACCESS_TOKEN],
    ['half a second of life', { lifetimes: { accessToken: 300.5 * SECOND } }, ACCESS_TOKEN],
    ['a life of what has none', { lifetimes: elsewhere }, 'lifetimes.session_idle'],
    ['a secret without a life', { secretLife: 0 }, 'secret_days'],
    ['a secret for too long', { secretLife: 400 * DAY + 1 }, 'secret_days'],
    ['a life of no secret', { kind: 'browser', secretLife: DAY }, 'secret_days'],
    ['an end, but no preview', { expiresAt: clock.at + DAY }, 'expires_at'],
    ['a preview that is over', { kind: 'preview', expiresAt: clock.at }, 'expires_at'],
    ['too long a preview', { kind: 'preview', expiresAt: clock.at + 90 * DAY + 1 }, 'expires_at'],
  ])('with %s is refused, and leaves nothing', async (_name, change, field) => {
    const before = await collection.count({})
    expect(await refusedFields(registration(change))).toEqual([field])
    expect(await collection.count({})).toBe(before)
  })

  it.each<[name: string, change: Partial<NewClient>]>([
    ['the shortest life of tokens', { lifetimes: { accessToken: 300 * SECOND } }],
    ['the longest', { lifetimes: { accessToken: 3600 * SECOND } }],
    ['the shortest life of a secret', { secretLife: 1 }],
    ['the longest life of a secret', { secretLife: 400 * DAY }],
    ['the longest preview', { kind: 'preview', expiresAt: clock.at + 90 * DAY }],
    ['the longest name', { name: 'x'.repeat(80) }],
    ['the most addresses', { redirectUris: Array(20).fill(CALLBACK) }],
  ])('with %s is taken', async (_name, change) => {
    await clients.create(registration(change))
  })

  it('is kept with everything that it says', async () => {
    const all = {
      postLogoutRedirectUris: [BYE],
      origins: ['https://www.example.com'],
      homeUri: 'https://shop.example.com/',
      initiateLoginUri: 'https://shop.example.com/sign-in',
      policyUri: 'https://shop.example.com/policy',
      termsUri: 'https://shop.example.com/terms',
      logoUri: 'https://shop.example.com/logo.png',
      backChannelLogoutUri: BYE,
      lifetimes: { accessToken: 600 * SECOND },
      userinfoAlg: 'RS256',
    } as const
    const { client } = await clients.create(registration({ ...all, name: ' Shop ' }))
    expect(await store.find(ORGANISATION, client._id)).toMatchObject({ ...all, name: 'Shop' })
    const little = (await clients.create(registration())).client
    for (const field of [...Object.keys(all).slice(2), 'expiresAt', 'keysUri', 'registeredBy'])
      expect(little).not.toHaveProperty(field)
    const preview = (await clients.create(registration({ kind: 'preview' }))).client
    expect(preview.expiresAt).toBe(clock.at + 30 * DAY)
    const longer = { kind: 'preview', expiresAt: clock.at + DAY } as const
    expect((await clients.create(registration(longer))).client).toMatchObject(longer)
  })

  it.each<[string, Partial<Client>, object]>([
    ['of the web', { kind: 'web' }, { client_secret: 'placeholder' }],
    ['of a machine', { kind: 'machine' }, { client_secret: 'placeholder' }],
    ['of an application in the browser', { kind: 'browser' }, {}],
    ['of an app', { kind: 'native' }, {}],
    ['of a preview', { kind: 'preview' }, {}],
    ['with keys', { keys: [] }, { jwks: { keys: [] } }],
    ['with keys elsewhere', { keysUri: BYE }, { jwks_uri: BYE }],
    [
      'of a browser that wants its answers signed',
      { kind: 'browser', userinfoAlg: 'RS256' },
      { userinfo_signed_response_alg: 'RS256' },
    ],
  ])('%s shows the engine a secret only where it has one', async (_name, change, shown) => {
    const { client } = await clients.create(registration())
    const { client_secret, jwks, jwks_uri, userinfo_signed_response_alg } = clientMetadata(
      { ...client, ...change },
      'placeholder',
    )
    expect({ client_secret, jwks, jwks_uri, userinfo_signed_response_alg }).toEqual(shown)
  })

  it('hears of limits in days', () => {
    const messageOf = (change: Partial<NewClient>) =>
      clients.problems(registration(change)).map(({ message }) => message)
    expect(messageOf({ secretLife: 401 * DAY })).toEqual(['at most 400 days'])
    expect(messageOf({ kind: 'preview', expiresAt: 1 })).toEqual([
      'needs an instant within the next 90 days',
    ])
  })

  it('with several things wrong hears of all of them', async () => {
    const wrong = { name: '', redirectUris: ['http://x.example', 'ftp://x'], origins: ['x'] }
    const fields = ['name', 'redirect_uris.0', 'redirect_uris.1', 'origins.0']
    expect(await refusedFields(registration(wrong))).toEqual(fields)
  })

  it('under an id that is taken throws, whatever organisation has it', async () => {
    await clients.create(registration({ id: 'taken' }))
    const again = clients.create(registration({ id: 'taken', organisation: 'org_two' }))
    await expect(again).rejects.toThrow(AlreadyExists)
  })

  it('of any shape is kept whole or refused', async () => {
    const shape = fc.record({
      kind: fc.constantFrom(...clientKinds),
      name: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 100 }),
        fc.constant('\ud800'),
        fc.constant('Shop'),
      ),
      redirectUris: fc.array(fc.constantFrom(CALLBACK, 'com.example.app:/x', 'http://x', '*'), {
        maxLength: 3,
      }),
      apiScopes: fc.array(fc.constantFrom(...apiScopes, 'x'), { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(shape, async (input) => {
        const all = { organisation: ORGANISATION, ...input }
        const made = await clients.create(all).catch((error: AppError) => error)
        if (made instanceof AppError) return expect(made.fields?.length).toBeGreaterThan(0)
        const kept = await store.find(ORGANISATION, made.client._id)
        expect(kept).toMatchObject({ ...all, name: input.name.trim() })
      }),
    )
  })
})

describe('finding a client', () => {
  it('sees a new one at once, by whichever process it was registered', async () => {
    expect(await clients.find(ORGANISATION, 'late')).toBeUndefined()
    await processWith().create(registration({ id: 'late' }))
    expect(await clients.find(ORGANISATION, 'late')).toMatchObject({ name: 'Shop' })
  })

  it('sees a changed one within five seconds', async () => {
    await clients.create(registration({ id: 'changing' }))
    await clients.find(ORGANISATION, 'changing')
    const redirectUris = ['https://new.example.com/callback']
    await store.changeAddresses(ORGANISATION, 'changing', {
      redirectUris,
      postLogoutRedirectUris: [],
      origins: [],
      updatedAt: clock.now(),
    })
    clock.at += 5 * SECOND
    expect(await clients.find(ORGANISATION, 'changing')).toMatchObject({ redirectUris })
  })

  it('asks the store every three seconds, and one that is away once for each request', async () => {
    await clients.create(registration({ id: 'unreachable' }))
    let fault: Error | undefined = new TypeError('a mistake')
    let asked = 0
    const its: ClientStore = {
      ...store,
      async find(organisation, id) {
        asked += 1
        if (fault) throw fault
        return store.find(organisation, id)
      },
    }
    const { find } = processWith([SECRET], its)
    await expect(find(ORGANISATION, 'unreachable')).rejects.toThrow(TypeError)
    fault = new StoreUnavailable('MongoDB')
    asked = 0
    for (let at = 0; at < 2; at += 1)
      await expect(find(ORGANISATION, 'unreachable')).rejects.toThrow(StoreUnavailable)
    expect(asked).toBe(1)
    clock.at += SECOND / 10
    fault = undefined
    for (let at = 0; at < 2; at += 1)
      expect(await find(ORGANISATION, 'unreachable')).toMatchObject({ name: 'Shop' })
    clock.at += 3 * SECOND - 1
    await find(ORGANISATION, 'unreachable')
    expect(asked).toBe(2)
    clock.at += 1
    await find(ORGANISATION, 'unreachable')
    expect(asked).toBe(3)
  })

  it('M02: never finds another organisation’s', async () => {
    await clients.create(registration({ id: 'of-one' }))
    expect(await clients.find(ORGANISATION, 'of-one')).toBeDefined()
    expect(await clients.find('org_two', 'of-one')).toBeUndefined()
  })
})
