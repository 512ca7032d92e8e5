// Clients over the Admin API: what an operator does with them, and what they are refused.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY } from '../../../src/shared/clock.ts'
import { clientsCollection } from '../../../src/stores/clients.ts'
import { type Call, programOf } from '../../support/admin-api.ts'
import { postForm } from '../../support/endpoints.ts'
import { createRelyingParty } from '../../support/relying-party.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../../support/server.ts'

type Secret = { id: string; hint: string; live: boolean; expires_at: string; expires_soon: boolean }
type Client = {
  id: string
  name: string
  version: number
  secrets: Secret[]
  [field: string]: unknown
}
type Created = { client: Client; client_secret: string | null }
type List = { items: Client[]; next_cursor: string | null }
type Problems = { problems: { path: string }[] }

const CALLBACK = 'https://shop.example.com/callback'
const web = { kind: 'web', name: 'Shop', redirect_uris: [CALLBACK] }

let server: TestServer
let acme: OtherOrganisation
let editor: Call
let platform: Call
beforeAll(async () => {
  server = await startServer()
  acme = await server.addOrganisation('acme')
  const { organisation } = acme
  editor = await programOf(server, { role: 'editor', organisation })
  platform = await programOf(server, { role: 'platform-owner' })
})
afterAll(() => server.stop())

const path = (...rest: string[]) => ['/organisations/acme/clients', ...rest].join('/')

async function created(fields: object = {}, by = editor): Promise<Created> {
  const { status, data } = await by<Created>('POST', path(), { body: { ...web, ...fields } })
  expect(status).toBe(201)
  return data
}
const count = () => server.documents.collection(clientsCollection).count({})
const pathsOf = ({ problems }: Problems) => problems.map((each) => each.path)

describe('a client', () => {
  it('that was registered signs people in at once, with the secret that is told once', async () => {
    const { client, client_secret } = await created({
      policy_uri: 'https://shop.example.com/privacy',
      lifetimes: { access_token: 600, refresh_idle: 86_400 },
    })
    expect(client).toMatchObject({
      issuer: acme.baseUrl,
      authentication: 'secret',
      origins: ['https://shop.example.com'],
      pkce: 'required',
      first_party: false,
      managed: false,
      policy_uri: 'https://shop.example.com/privacy',
      lifetimes: { access_token: 600, refresh_idle: 86_400, id_token: null },
      expires_at: null,
      expires_soon: false,
      version: 1,
    })
    expect(
      Date.parse(String(client.secret_expires_at)) - Date.parse(String(client.created_at)),
    ).toBe(180 * DAY)
    const party = await createRelyingParty(
      acme,
      { client_id: client.id, client_secret: String(client_secret) },
      CALLBACK,
    )
    const answer = await fetch((await party.authorize()).url, { redirect: 'manual' })
    expect(answer.status).toBe(303)

    const shown = await editor<Client>('GET', path(client.id))
    expect(shown.headers.get('etag')).toBe('"v1"')
    expect(shown.data).toMatchObject({ ...client, impact: { live_grants: 0 } })
    expect(shown.data.secrets).toEqual([
      expect.objectContaining({ hint: client_secret?.slice(-4), live: true, last_used_at: null }),
    ])
    expect(JSON.stringify(shown)).not.toMatch(/digest|fys_/)
  })

  it('is changed by a merge patch, for the version that was read', async () => {
    const { client } = await created({ home_uri: 'https://shop.example.com/' })
    const body = {
      name: 'Later',
      home_uri: null,
      lifetimes: { id_token: 300 },
      redirect_uris: ['https://new.example.com/cb'],
    }
    const patch = (version: string) =>
      editor<Client>('PATCH', path(client.id), { body, headers: { 'if-match': version } })
    const changed = await patch('"v1"')
    expect(changed.data).toMatchObject({
      name: 'Later',
      home_uri: null,
      lifetimes: { id_token: 300, access_token: null },
      origins: ['https://new.example.com'],
      version: 2,
    })
    expect(changed.headers.get('etag')).toBe('"v2"')
    expect(await patch('"v1"')).toMatchObject({ status: 412, code: 'precondition_failed' })
    const back = await editor<Client>('PATCH', path(client.id), {
      body: { lifetimes: { id_token: null } },
    })
    expect(back.data).toMatchObject({ name: 'Later', lifetimes: { id_token: null } })
  })

  it('keeps origins of its own while its redirect URIs change', async () => {
    const origins = ['https://shop.example.com', 'https://other.example.com']
    const redirect_uris = [CALLBACK, 'https://app.example.com/cb']
    const { client } = await created({ redirect_uris })
    expect(client).toMatchObject({ origins: [origins[0], 'https://app.example.com'] })
    await editor('PATCH', path(client.id), { body: { origins } })
    const body = { redirect_uris: [CALLBACK] }
    expect((await editor('PATCH', path(client.id), { body })).data).toMatchObject({ origins })
  })

  it('has its secrets renewed, and is disabled, enabled and removed: every server follows', async () => {
    const { client, client_secret } = await created({ kind: 'machine', redirect_uris: [] })
    const added = await editor<{ secret: Secret; client_secret: string }>(
      'POST',
      path(client.id, 'secrets'),
      { body: { days: 20 } },
    )
    expect(added).toMatchObject({ status: 201, data: { secret: { expires_soon: true } } })
    const fields = { grant_type: 'client_credentials' }
    const works = async (secret: string | null) => {
      server.clock.forward(5000)
      const credentials = { client_id: client.id, client_secret: String(secret) }
      return (await postForm(acme, 'token', { client: credentials, fields })).status === 200
    }
    expect([await works(client_secret), await works(added.data.client_secret)]).toEqual([
      true,
      true,
    ])
    const { data } = await editor<Client>('GET', path(client.id))
    expect(data.expires_soon).toBe(true)
    await editor('DELETE', path(client.id, 'secrets', String(data.secrets[0]?.id)))
    expect([await works(client_secret), await works(added.data.client_secret)]).toEqual([
      false,
      true,
    ])
    const disabled = await editor<Client>('POST', path(client.id, 'disable'))
    expect(disabled.data.disabled_at).toEqual(expect.any(String))
    expect(await works(added.data.client_secret)).toBe(false)
    await editor('POST', path(client.id, 'enable'))
    expect(await works(added.data.client_secret)).toBe(true)
    expect((await editor('DELETE', path(client.id))).data).toEqual({ id: client.id })
    expect(await works(added.data.client_secret)).toBe(false)
    expect((await editor('GET', path(client.id))).status).toBe(404)
  })

  it('with keys gets other ones', async () => {
    // RFC 8037, A.2
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const { client, client_secret } = await created({ jwks: { keys: [{ ...key, kid: 'a' }] } })
    expect([client.authentication, client.key_ids, client_secret]).toEqual([
      'private_key_jwt',
      ['a'],
      null,
    ])
    const replace = (keys: object[]) =>
      editor<Client>('PUT', path(client.id, 'keys'), { body: { jwks: { keys } } })
    expect((await replace([{ ...key, kid: 'b' }])).data.key_ids).toEqual(['b'])
    const wrong = await replace([{ ...key, d: 'AA' }])
    expect([wrong.status, wrong.details?.[0]?.path]).toEqual([422, 'jwks.keys.0'])
  })

  it('of kind preview is given more time, at most 90 days from now', async () => {
    const uri = 'https://*.preview.example.com/cb'
    const { client } = await created({ kind: 'preview', redirect_uris: [uri] })
    const ahead = (days: number) => new Date(server.clock.now() + days * DAY).toISOString()
    const extend = (days: number) =>
      editor<Client>('PATCH', path(client.id), { body: { expires_at: ahead(days) } })
    expect((await extend(89)).data.expires_at).toMatch(/^\d{4}-/)
    expect(await extend(91)).toMatchObject({ status: 422, details: [{ path: 'expires_at' }] })
  })
})

describe('what is refused', () => {
  const addresses = ['home_uri', 'initiate_login_uri', 'back_channel_logout_uri', 'policy_uri']
  const all = [...addresses, 'terms_uri', 'logo_uri']
  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['vbscript:x'],
    ['file:///x'],
    ['*'],
    ['https://*.x.com/cb'],
  ])('O05: the address %s, in every field, at save and when it is checked', async (uri) => {
    const before = await count()
    const body = {
      ...web,
      redirect_uris: [uri],
      post_logout_redirect_uris: [uri],
      ...Object.fromEntries(all.map((field) => [field, uri])),
    }
    const fields = ['redirect_uris.0', 'post_logout_redirect_uris.0', ...all].sort()
    const refused = await editor('POST', path(), { body })
    expect([refused.status, refused.code]).toEqual([422, 'invalid_fields'])
    expect(refused.details?.map((each) => each.path).sort()).toEqual(fields)
    const checked = await editor<Problems>('POST', path('check'), { body })
    expect([checked.status, pathsOf(checked.data).sort()]).toEqual([200, fields])
    expect(await count()).toBe(before)
    const { client } = await created()
    for (const field of fields) {
      const [name = '', isList] = field.split('.')
      const change = { [name]: isList ? [uri] : uri }
      expect((await editor('PATCH', path(client.id), { body: change })).status).toBe(422)
    }
  })

  it.each([
    'https://169.254.169.254/',
    'https://10.0.0.1/',
    'https://0.0.0.0/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
  ])('A01: %s, wherever a server is called or a page linked', async (uri) => {
    const fields = ['back_channel_logout_uri', 'logo_uri', 'policy_uri', 'terms_uri']
    const body = { ...web, ...Object.fromEntries(fields.map((field) => [field, uri])) }
    const { data } = await editor<Problems>('POST', path('check'), { body })
    expect(pathsOf(data).sort()).toEqual(fields)
  })

  it.each([
    ['_id', 'cli_mine'],
    ['id', 'console'],
    ['organisation', 'org_other'],
    ['version', 99],
    ['secrets', []],
    ['firstParty', true],
    ['disabled_at', null],
    ['managed', false],
    ['constructor', {}],
  ])('P02: the field %s, which is nobody’s to send', async (field, value) => {
    const before = await count()
    const { client } = await created()
    const unknown = { status: 422, details: [{ path: field, message: 'unknown field' }] }
    expect(await editor('POST', path(), { body: { ...web, [field]: value } })).toMatchObject(
      unknown,
    )
    const patch = { body: { [field]: value } }
    expect(await editor('PATCH', path(client.id), patch)).toMatchObject(unknown)
    expect(await count()).toBe(before + 1)
    expect((await editor<Client>('GET', path(client.id))).data.version).toBe(1)
  })

  it('P02: a prototype in place of an object', async () => {
    const body = JSON.parse(JSON.stringify(web).replace('{', '{"__proto__":{"first_party":true},'))
    const answer = await editor<Created>('POST', path(), { body })
    expect(answer.data?.client?.first_party ?? false).toBe(false)
  })

  it('P01: to make a client first-party, but by a platform owner', async () => {
    const before = await count()
    const refused = { status: 403, code: 'insufficient_role' }
    const body = { ...web, first_party: true }
    const owner = await programOf(server, { role: 'owner', organisation: acme.organisation })
    for (const call of [editor, owner])
      expect(await call('POST', path(), { body })).toMatchObject(refused)
    expect(await count()).toBe(before)
    const { client } = await created({ first_party: true }, platform)
    const unmake = { body: { first_party: false } }
    expect(await owner('PATCH', path(client.id), unmake)).toMatchObject(refused)
    expect((await platform('PATCH', path(client.id), unmake)).status).toBe(200)
    const make = { body: { first_party: true } }
    expect(await owner('PATCH', path(client.id), make)).toMatchObject(refused)
  })

  it('to change the console, by anybody', async () => {
    const { slug } = server.organisation
    const console = `/organisations/${slug}/clients/console`
    expect((await platform<Client>('GET', console)).data.managed).toBe(true)
    const patch = { body: { redirect_uris: [CALLBACK] } }
    for (const answer of [
      await platform('PATCH', console, patch),
      await platform('DELETE', console),
    ])
      expect(answer.code).toBe('managed_client')
  })

  it('M09: another organisation’s client, whatever is asked of it', async () => {
    const other = await server.addOrganisation('rival')
    const { client_id: id } = await other.register()
    const asked = [
      editor('GET', path(id)),
      editor('PATCH', path(id), { body: { name: 'x' } }),
      editor('DELETE', path(id)),
      editor('POST', path(id, 'disable')),
      editor('POST', path(id, 'enable')),
      editor('POST', path(id, 'secrets'), { body: {} }),
      editor('DELETE', path(id, 'secrets', 'sec_x')),
      editor('PUT', path(id, 'keys'), { body: { jwks: {} } }),
    ]
    for (const { status } of await Promise.all(asked)) expect(status).toBe(404)
  })

  it('D12: to register twice what is sent twenty times at once', async () => {
    const before = await count()
    const headers = { 'idempotency-key': 'twenty-at-once' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => editor<Created>('POST', path(), { body: web, headers })),
    )
    expect(await count()).toBe(before + 1)
    const made = answers.filter(({ status }) => status === 201)
    expect(made.length).toBeGreaterThan(0)
    expect(new Set(made.map(({ data }) => data.client_secret)).size).toBe(1)
    for (const { status } of answers) expect([201, 409]).toContain(status)
  })
})

describe('the list', () => {
  let call: Call
  const list = (query: string) => call<List>('GET', `/organisations/listed/clients?${query}`)
  const names = ({ data }: { data: List }) => data.items.map(({ name }) => name)
  beforeAll(async () => {
    const { register, organisation } = await server.addOrganisation('listed')
    call = await programOf(server, { role: 'viewer', organisation })
    for (const name of ['Zebra', 'Café Ànna', 'cafe bruno', '(a+)+$', 'Machine room']) {
      await register({ name, kind: name === 'Machine room' ? 'machine' : 'web' })
      server.clock.forward(1000)
    }
  })

  it('comes in pages, the oldest first, each client once', async () => {
    const first = await list('limit=2')
    const second = await list(`limit=2&cursor=${first.data.next_cursor}`)
    const third = await list(`limit=2&cursor=${second.data.next_cursor}`)
    expect([first, second, third].flatMap(names)).toEqual([
      ...['Zebra', 'Café Ànna', 'cafe bruno', '(a+)+$', 'Machine room'],
    ])
    expect(third.data.next_cursor).toBeNull()
  })

  it('finds by how a name or an id begins, without minding capitals and accents', async () => {
    expect(names(await list('q=CAFE'))).toEqual(['Café Ànna', 'cafe bruno'])
    expect(names(await list('q=caf%C3%A9%20%C3%A0'))).toEqual(['Café Ànna'])
    const page = await list('q=cafe&limit=1')
    expect(names(await list(`q=cafe&limit=1&cursor=${page.data.next_cursor}`))).toEqual([
      'cafe bruno',
    ])
    const { items } = (await list('')).data
    expect(names(await list(`q=${items[3]?.id}`))).toEqual(['(a+)+$'])
    expect((await list('q=cli_')).data.items).toHaveLength(5)
    expect(names(await list('kind=machine'))).toEqual(['Machine room'])
    expect(names(await list('kind=web&q=mach'))).toEqual([])
  })

  it.each(['(a%2B)%2B%24', '.*', '%5E', '%24where', '%7B%22%24ne%22%3A1%7D'])(
    'D03: takes %s for a text and for nothing else',
    async (q) => {
      expect(names(await list(`q=${q}`))).toEqual(q.startsWith('(') ? ['(a+)+$'] : [])
    },
  )

  it('D03: refuses a text that is too long, and parameters that are none', async () => {
    expect((await list(`q=${'a'.repeat(101)}`)).status).toBe(400)
    expect((await list('q[$ne]=1')).status).toBe(400)
    expect((await list('q=a&q=b')).status).toBe(400)
    expect((await list('kind=tablet')).status).toBe(400)
  })

  it('is begun again when the client that a page ended with has gone', async () => {
    const { organisation, register: add } = await server.addOrganisation('leaving')
    const owner = await programOf(server, { role: 'owner', organisation })
    for (const name of ['First', 'Second']) await add({ name })
    const at = '/organisations/leaving/clients'
    const page = (await owner<List>('GET', `${at}?limit=1`)).data
    await owner('DELETE', `${at}/${page.items[0]?.id}`)
    const refused = await owner('GET', `${at}?limit=1&cursor=${page.next_cursor}`)
    expect(refused).toMatchObject({ status: 400, code: 'bad_request' })
  })

  it('D05: refuses a cursor that is forged, of another list or of another organisation', async () => {
    const own = (await list('limit=1')).data.next_cursor
    const other = await editor<List>('GET', `${path()}?limit=1`)
    for (const query of [
      'cursor=x',
      `cursor=${own}x`,
      `kind=web&cursor=${own}`,
      `q=c&cursor=${own}`,
      `cursor=${other.data.next_cursor}`,
    ])
      expect((await list(query)).status).toBe(400)
  })
})
