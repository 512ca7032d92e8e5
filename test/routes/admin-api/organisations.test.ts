// Organisations over the Admin API: lists, changes by version, hosts, overview, settings, removal and restoring.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../../src/shared/clock.ts'
import { type Call, programOf } from '../../support/admin-api.ts'
import { eventually } from '../../support/eventually.ts'
import { createRelyingParty, signIn } from '../../support/relying-party.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../../support/server.ts'
import { freshAddress, roomyLimits } from '../../support/sign-in-pages.ts'

type Shown = { slug: string; name: string; version: number; [field: string]: unknown }
type Page = { items: Shown[]; next_cursor: string | null }

let server: TestServer
let acme: OtherOrganisation
let platform: Call
let owner: Call
beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  acme = await server.addOrganisation('acme')
  platform = await programOf(server, { role: 'platform-owner' })
  owner = await programOf(server, { role: 'owner', organisation: acme.organisation })
})
afterAll(() => server.stop())

const show = async () => (await owner<Shown>('GET', '/organisations/acme')).data

describe('GET /organisations', () => {
  it('lists what the caller may see, in pages, by slug', async () => {
    for (const slug of ['one', 'two', 'three']) await server.addOrganisation(slug)
    const seen: string[] = []
    let cursor: string | null = ''
    do {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
      const page: Page = (await platform<Page>('GET', `/organisations?limit=2${query}`)).data
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map(({ slug }) => slug))
      cursor = page.next_cursor
    } while (cursor)
    expect(seen).toEqual(['acme', server.organisation.slug, 'one', 'three', 'two'].sort())
    const own = await owner<Page>('GET', '/organisations')
    expect(own.data.items.map(({ slug }) => slug)).toEqual(['acme'])
  })

  it('finds by the beginning of slug or name, whatever its capitals and accents', async () => {
    await server.organisations.create({ slug: 'bak-1', name: 'Éclair & Co' })
    const found = async (q: string) => {
      const { data } = await platform<Page>('GET', `/organisations?q=${encodeURIComponent(q)}`)
      return data.items.map(({ slug }) => slug)
    }
    expect(await found('ECL')).toEqual(['bak-1'])
    expect(await found('bak-')).toEqual(['bak-1'])
    expect(await found('nobody')).toEqual([])
    expect((await owner<Page>('GET', '/organisations?q=bak')).data.items).toEqual([])
  })

  it('refuses a forged cursor, and one of another list', async () => {
    const { data } = await platform<Page>('GET', '/organisations?limit=1')
    for (const [path, cursor] of [
      ['/organisations', Buffer.from('0.zzz.forged').toString('base64url')],
      ['/removed-organisations', String(data.next_cursor)],
    ]) {
      const { status, code } = await platform('GET', `${path}?cursor=${cursor}`)
      expect({ status, code }).toEqual({ status: 400, code: 'bad_request' })
    }
  })

  it('needs the scope of a key', async () => {
    const call = await programOf(server, { role: 'platform-owner', scopes: ['clients:read'] })
    expect(await call('GET', '/organisations')).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
    })
  })
})

describe('POST /organisations', () => {
  const body = { slug: 'bistro', name: 'Bistro', time_zone: 'Europe/Rome', currency: 'EUR' }

  it('makes an organisation whose issuer works at once, and says so in its log', async () => {
    const { status, data } = await platform<Shown>('POST', '/organisations', { body })
    expect({ status, data }).toMatchObject({
      status: 201,
      data: { ...body, issuer: `${server.baseUrl}/o/bistro`, default: false, sign_up: 'open' },
    })
    const found = await fetch(`${server.baseUrl}/o/bistro/.well-known/openid-configuration`)
    expect(found.status).toBe(200)
  })

  it('D12: makes one of twenty at the same instant, and one for each idempotency key', async () => {
    const twins = await Promise.all(
      Array.from({ length: 20 }, () =>
        platform('POST', '/organisations', { body: { slug: 'twins', name: 'Twins' } }),
      ),
    )
    expect(twins.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(422)])
    const again = () =>
      platform('POST', '/organisations', {
        body: { slug: 'keyed', name: 'Keyed' },
        headers: { 'idempotency-key': 'the-same' },
      })
    const [first, second] = [await again(), await again()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.data).toEqual(first.data)
  })

  it.each([
    ['M08: dots', '..', 'slug'],
    ['M08: a reserved word', 'admin', 'slug'],
    ['M08: .well-known', '.well-known', 'slug'],
    ['M08: look-alikes', 'аcme', 'slug'],
    ['M08: 200 characters', 'a'.repeat(200), 'slug'],
    ['M08: capitals', 'Acme', 'slug'],
  ])('refuses a slug of %s', async (_name, slug, path) => {
    const { status, details } = await platform('POST', '/organisations', {
      body: { slug, name: 'Any' },
    })
    expect({ status, paths: details?.map((each) => each.path) }).toEqual({
      status: 422,
      paths: [path],
    })
  })
})

describe('PATCH /organisations/{slug}', () => {
  it('changes what is named, by version', async () => {
    const { version } = await show()
    const headers = { 'if-match': `"v${version}"` }
    const change = {
      name: 'Acme Bicycles',
      time_zone: 'Europe/Vienna',
      sign_up: 'closed',
      makes_customers: false,
      mail_sender: { name: 'Ann', reply_to: 'ann@acme.example' },
      support_email: 'help@acme.example',
      support_url: 'https://acme.example/help',
    }
    const {
      status,
      data,
      headers: answered,
    } = await owner<Shown>('PATCH', '/organisations/acme', {
      body: change,
      headers,
    })
    expect(status).toBe(200)
    expect(data).toMatchObject({
      ...change,
      mail_sender: { ...change.mail_sender, address: null },
      version: version + 1,
    })
    expect(answered.get('etag')).toBe(`"v${version + 1}"`)
    const late = await owner('PATCH', '/organisations/acme', { body: { name: 'Late' }, headers })
    expect(late).toMatchObject({ status: 412, code: 'precondition_failed' })
    await owner('PATCH', '/organisations/acme', {
      body: { mail_sender: null, support_email: null, sign_up: 'open' },
    })
    expect(await show()).toMatchObject({ mail_sender: null, support_email: null, sign_up: 'open' })
  })

  it.each([
    { slug: 'other' },
    { host: 'id.evil.test' },
    { default: true },
    { isDefault: true },
    { _id: 'org_other' },
    { version: 1 },
    { removedAt: 1 },
    { signIn: { codeLength: 1 } },
    { name: { $gt: '' } },
    { mail_sender: { name: 'A', bcc: 'x@evil.test' } },
  ])('refuses what is no field of it: %j', async (body) => {
    expect((await owner('PATCH', '/organisations/acme', { body })).status).toBe(422)
  })

  it('P03: tells everything that is wrong, by the names of the fields', async () => {
    const { status, details } = await owner('PATCH', '/organisations/acme', {
      body: {
        time_zone: 'Mars/One',
        support_url: 'javascript:alert(1)',
        mail_sender: { name: 'A\r\nBcc: b@c.test', address: 'a@gmail.com' },
      },
    })
    expect(status).toBe(422)
    expect(details?.map(({ path }) => path).sort()).toEqual([
      'mail_sender.address',
      'mail_sender.name',
      'support_url',
      'time_zone',
    ])
  })
})

describe('/organisations/{slug}/domain', () => {
  it('shows the record that proves a host, takes the host, and gives it back', async () => {
    const path = '/organisations/acme/domain'
    const asked = await owner<{ record: object }>('GET', `${path}?host=id.acme.invalid`)
    expect(asked.data.record).toMatchObject({
      type: 'TXT',
      name: '_foyer.id.acme.invalid',
      needed: true,
      found: false,
    })
    const unproven = await owner('PUT', path, { body: { host: 'id.acme.invalid' } })
    expect(unproven).toMatchObject({ status: 422, details: [{ path: 'host' }] })
    const taken = await owner<Shown>('PUT', path, { body: { host: 'acme.localhost' } })
    const host = `acme.localhost:${server.config.port}`
    expect(taken.data).toMatchObject({ host, issuer: `http://${host}` })
    const other = await programOf(server, {
      role: 'owner',
      organisation: (await server.addOrganisation('copycat')).organisation,
    })
    const stolen = await other('PUT', '/organisations/copycat/domain', {
      body: { host: 'acme.localhost' },
    })
    expect(stolen).toMatchObject({ status: 422, details: [{ path: 'host', message: 'is taken' }] })
    const released = await owner<Shown>('DELETE', path)
    expect(released.data).toMatchObject({ host: null, issuer: acme.baseUrl })
  })
})

describe('/organisations/{slug}/settings', () => {
  type Settings = { settings: { name: string; value: number; unit: string; default: number }[] }
  const path = '/organisations/acme/settings'
  const settingOf = async (name: string) => {
    const { data } = await owner<Settings>('GET', path)
    return data.settings.find((each) => each.name === name)?.value
  }

  it('changes what is named and leaves the others, in seconds, until null takes it back', async () => {
    await owner('PATCH', path, { body: { settings: { code_length: 8, session_idle: 7200 } } })
    await owner('PATCH', path, { body: { settings: { sends_per_hour: 11 } } })
    expect(await settingOf('code_length')).toBe(8)
    expect(await settingOf('session_idle')).toBe(7200)
    expect(await settingOf('sends_per_hour')).toBe(11)
    const back = { code_length: null, session_idle: null, sends_per_hour: null }
    const { data } = await owner<Settings>('PATCH', path, { body: { settings: back } })
    for (const each of data.settings) expect(each.value).toBe(each.default)
  })

  it.each([
    [{ code_length: 3 }, 'settings.code_length', 'must be a whole number between 6 and 8'],
    [{ code_life: 10 }, 'settings.code_life', 'must be a time between 3m and 30m'],
    [{ session_idle: 0.0001 }, 'settings.session_idle', 'must be a time between 1h and 60d'],
    [{ constructor: 1 }, 'settings.constructor', 'is no setting'],
    [{ guess_budget: 100, code_length: 6 }, 'settings', expect.stringContaining('1 in')],
  ])('refuses %j', async (settings, wrong, message) => {
    const { status, details } = await owner('PATCH', path, { body: { settings } })
    expect({ status, details }).toEqual({ status: 422, details: [{ path: wrong, message }] })
  })
})

it('GET /organisations/{slug}/overview counts a sign-in within seconds', async () => {
  type Overview = {
    days: { sign_ins: number; new_accounts: number }[]
    live_sessions: number
    clients: number
  }
  const cafe = await server.addOrganisation('cafe')
  const call = await programOf(server, { role: 'viewer', organisation: cafe.organisation })
  const party = await createRelyingParty(cafe, await cafe.register({ firstParty: true }))
  await signIn(cafe, { url: (await party.authorize()).url, email: freshAddress() })
  await eventually(async () => {
    const { data } = await call<Overview>('GET', '/organisations/cafe/overview')
    expect(data.days).toHaveLength(30)
    expect(data.days.at(-1)).toMatchObject({ sign_ins: 1, new_accounts: 1 })
    expect(data).toMatchObject({ live_sessions: 1, clients: 1 })
  })
})

describe('DELETE /organisations/{slug}', () => {
  it('M12: needs the slug once more, is 404 from then on, and can be taken back', async () => {
    await server.addOrganisation('leaving')
    const path = '/organisations/leaving'
    const wrong = await platform('DELETE', `${path}?confirm=leavin`)
    expect(wrong).toMatchObject({ status: 422, details: [{ path: 'confirm' }] })
    expect((await platform('DELETE', `${path}?confirm=leaving`)).status).toBe(200)
    expect((await platform('GET', path)).status).toBe(404)
    const { data } = await platform<Page>('GET', '/removed-organisations')
    expect(data.items).toMatchObject([{ slug: 'leaving' }])
    const restore = () => platform('POST', '/removed-organisations/leaving/restore')
    expect(await restore()).toMatchObject({ status: 409, code: 'conflict' })
    server.clock.forward(MINUTE)
    await server.jobs.runDue()
    expect((await restore()).status).toBe(200)
    expect((await platform('GET', path)).status).toBe(200)
    expect((await restore()).status).toBe(404)
  })

  it('is not for owners, and not for the default organisation', async () => {
    expect(await owner('DELETE', '/organisations/acme?confirm=acme')).toMatchObject({ status: 403 })
    const { slug } = server.organisation
    const standard = await platform('DELETE', `/organisations/${slug}?confirm=${slug}`)
    expect(standard).toMatchObject({ status: 422, details: [{ path: 'slug' }] })
  })
})
