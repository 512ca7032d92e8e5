// Removing an organisation: dead at once everywhere, restored without its sessions, purged without a trace.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { keptCollections } from '../../src/compose/organisation-removal.ts'
import { collections } from '../../src/compose/stores.ts'
import { DAY, MINUTE } from '../../src/shared/clock.ts'
import { accountsCollection } from '../../src/stores/accounts.ts'
import type { CollectionSpec, Document } from '../../src/stores/documents.ts'
import { eventually } from '../support/eventually.ts'
import { administrationOf, BY, houseWithoutServer, removalOf } from '../support/organisations.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { root } from '../support/repository.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

const discovery = '/.well-known/openid-configuration'
const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status

describeOnAllStores('M12: a removed organisation', (start) => {
  let server: TestServer
  let other: OtherOrganisation
  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    other = await server.addOrganisation('other')
  })
  afterAll(() => server.stop())

  /** An organisation with somebody signed in, who holds whatever there is to hold. */
  async function inhabited(slug: string) {
    const organisation = await server.addOrganisation(slug)
    const client = await organisation.register({ firstParty: true })
    const party = await createRelyingParty(organisation, client)
    const agent = createUserAgent(organisation.baseUrl)
    const pending = await party.authorize()
    const callback = await signIn(organisation, { url: pending.url, email: freshAddress(), agent })
    const tokens = await party.exchange(callback, pending)
    const { _id: id } = organisation.organisation
    return { ...organisation, id, slug, client, party, agent, tokens }
  }
  type Inhabited = Awaited<ReturnType<typeof inhabited>>

  const remove = ({ id, slug }: Pick<Inhabited, 'id' | 'slug'>) =>
    removalOf(server).remove({ id, by: BY }, slug)
  const profile = ({ tokens }: Inhabited) =>
    statusOf(`${server.baseUrl}/api/client/v1/profile`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
  const refresh = async ({ party, tokens }: Inhabited): Promise<boolean> => {
    const { config } = party
    const { refreshTokenGrant } = await import('openid-client')
    return refreshTokenGrant(config, String(tokens.refresh_token)).then(
      () => true,
      () => false,
    )
  }
  /** What the job does by and by, at once. */
  async function tendAll(): Promise<void> {
    while (await removalOf(server).tend());
  }

  it('is 404 with all its surfaces, tokens, sessions and codes at once', async () => {
    const acme = await inhabited('acme')
    expect(await profile(acme)).toBe(200)
    const waiting = await askCode({ ...server, baseUrl: acme.baseUrl }, acme.party, {
      email: freshAddress(),
    })
    await remove(acme)
    for (const path of ['', discovery, '/oauth/jwks', '/oauth/authorize?client_id=x', '/sign-in/x'])
      expect({ path, status: await statusOf(`${acme.baseUrl}${path}`) }).toEqual({
        path,
        status: 404,
      })
    expect(await statusOf(`${server.baseUrl}${discovery}/o/acme`)).toBe(404)
    expect(await profile(acme)).toBe(401)
    expect(await refresh(acme)).toBe(false)
    expect(await statusOf(waiting.page.url)).toBe(404)
    expect(await statusOf(`${other.baseUrl}${discovery}`)).toBe(200)
  })

  it('is restored without what anybody held before', async () => {
    const bakery = await inhabited('bakery')
    await remove(bakery)
    const early = removalOf(server).restore('bakery', BY)
    await expect(early).rejects.toMatchObject({ code: 'conflict' })
    server.clock.forward(MINUTE)
    await tendAll()
    await removalOf(server).restore('bakery', BY)
    expect(await statusOf(`${bakery.baseUrl}${discovery}`)).toBe(200)
    expect(await profile(bakery)).toBe(401)
    expect(await refresh(bakery)).toBe(false)
    const again = await bakery.party.authorize({ prompt: 'none' })
    await expect(bakery.agent.open(again.url)).rejects.toThrow(/login_required/)
    // The same client, and the same customers.
    const pending = await bakery.party.authorize()
    const callback = await signIn(bakery, { url: pending.url, email: freshAddress() })
    expect((await bakery.party.exchange(callback, pending)).access_token).toBeDefined()
  })

  it('M08: leaves no orphan after 30 days, in no collection, and its slug to nobody', async () => {
    const cafe = await inhabited('cafe')
    // Counted in memory first: thirty days of this test are shorter than the seconds until it is written.
    const days = collection('sign-in-days')
    await eventually(async () => expect(await countOf(days, cafe.id)).toBe(1))
    await plantEverywhere(cafe.id)
    await plantEverywhere(other.organisation._id)
    const row = { organisation: cafe.id, action: 'client.changed', actor: 'x' } as const
    await administrationOf(server).record(row)
    await remove(cafe)
    server.clock.forward(MINUTE)
    await tendAll()
    server.clock.forward(30 * DAY - 2 * MINUTE)
    await tendAll()
    expect(await countOf(collection('accounts'), cafe.id)).toBeGreaterThan(0)
    server.clock.forward(2 * MINUTE)
    await tendAll()
    for (const spec of purged) {
      const { name } = spec
      expect({ name, left: await countOf(spec, cafe.id) }).toEqual({ name, left: 0 })
      const isThere = (await countOf(spec, other.organisation._id)) > 0
      expect({ name, isThere }).toEqual({ name, isThere: true })
    }
    const named = (await namedIn(cafe.id)).filter((name) => name !== 'audit-heads') // chained by and by
    expect(named).toEqual(['audit', 'organisations'])
    const late = removalOf(server).restore('cafe', BY)
    await expect(late).rejects.toMatchObject({ code: 'not_found' })
    const anew = server.organisations.create({ slug: 'cafe', name: 'Another' })
    await expect(anew).rejects.toMatchObject({ fields: [{ path: 'slug', message: 'is taken' }] })
  })

  const purged = collections.filter((spec) => !keptCollections.has(spec))
  const collection = (name: string) =>
    collections.find((each) => each.name === name) as CollectionSpec
  const countOf = (spec: CollectionSpec, organisation: string) =>
    server.documents.collection(spec).count({ organisation })

  /** A document in every collection, with all that its indexes ask for; more than one part of them in one. */
  async function plantEverywhere(organisation: string): Promise<void> {
    for (const spec of purged) {
      const count = spec.name === 'orders' ? 1100 : 1
      for (let at = 0; at < count; at += 1) {
        const id = `${spec.name}/${organisation}/${at}`
        const keys = spec.indexes.flatMap((index) => index.keys.map(([path]) => path))
        const fields = keys.filter((path) => path !== '_id').map((path) => [path, id])
        const document = { ...Object.fromEntries(fields), _id: id, organisation }
        const expiry = spec.expiresAt ? { [spec.expiresAt]: 1e15 } : {}
        await server.documents.collection<Document>(spec).insert({ ...document, ...expiry })
      }
    }
  }

  /** The collections that hold a document which names the id anywhere. */
  async function namedIn(id: string): Promise<string[]> {
    const found: string[] = []
    for (const spec of collections) {
      let after: string | undefined
      for (;;) {
        const options = {
          sort: [['_id', 1]] as const,
          limit: 1000,
          ...(after && { after: [after] }),
        }
        const page: Document[] = await server.documents.collection<Document>(spec).find({}, options)
        if (page.some((each) => JSON.stringify(each).includes(id))) found.push(spec.name)
        after = page.at(-1)?._id
        if (page.length < 1000) break
      }
    }
    return [...new Set(found)].sort()
  }
})

describe('removing an organisation', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  const make = async (slug: string) => (await server.addOrganisation(slug)).organisation

  it('is refused for the default one, without its slug as confirmation, and on another version', async () => {
    const removal = removalOf(server)
    const { _id: id } = await make('acme')
    const standard = { id: server.organisation._id, by: BY }
    const fields = (path: string) => ({ fields: [expect.objectContaining({ path })] })
    await expect(removal.remove(standard, server.organisation.slug)).rejects.toMatchObject(
      fields('slug'),
    )
    await expect(removal.remove({ id, by: BY }, 'acm')).rejects.toMatchObject(fields('confirm'))
    const old = removal.remove({ id, by: BY, version: 7 }, 'acme')
    await expect(old).rejects.toMatchObject({ code: 'precondition_failed' })
    expect(await server.organisations.findBySlug('acme')).toBeDefined()
  })

  it('happens once, however many do it at the same instant, and is told in both logs', async () => {
    const { _id: id } = await make('once')
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, () => removalOf(server).remove({ id, by: BY }, 'once')),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const log of [id, server.organisation._id]) {
      const rows = await administrationOf(server).rowsOf(log)
      const removed = rows.filter(({ action }) => action === 'organisation.removed')
      expect(removed.filter(({ target }) => target === id)).toMatchObject([BY])
    }
  })

  it('is followed by every process within seconds', async () => {
    const { _id: id } = await make('everywhere')
    const second = await startServer({ dataDir: server.dataDir })
    try {
      const url = `${second.baseUrl}/o/everywhere${discovery}`
      expect(await statusOf(url)).toBe(200)
      await removalOf(server).remove({ id, by: BY }, 'everywhere')
      await eventually(async () => expect(await statusOf(url)).toBe(404))
    } finally {
      await second.stop()
    }
  })
})

it('a purge that was killed goes on where it was interrupted', async () => {
  const house = await houseWithoutServer()
  const { documents, organisations, clock } = house
  await organisations.ensureDefault('Casa Aurora')
  const { _id: id } = await organisations.create({ slug: 'halfway', name: 'Halfway' })
  const accounts = documents.collection<Document & { organisation: string; email: string }>(
    accountsCollection,
  )
  for (let at = 0; at < 1200; at += 1)
    await accounts.insert({ _id: `acc_${at}`, organisation: id, email: String(at) })
  await removalOf(house).remove({ id, by: BY }, 'halfway')
  clock.forward(MINUTE)
  while (await removalOf(house).tend());
  clock.forward(31 * DAY)
  await expect(removalOf(house, { partsBeforeDeath: 1 }).tend()).rejects.toThrow('killed')
  expect(await accounts.count({ organisation: id })).toBeGreaterThan(0)
  const late = removalOf(house).restore('halfway', BY)
  await expect(late).rejects.toMatchObject({ code: 'not_found' })
  while (await removalOf(house).tend());
  expect(await accounts.count({ organisation: id })).toBe(0)
  const [last] = await administrationOf(house).rowsOf(id)
  expect(last?.action).toBe('organisation.purged')
  await documents.close()
})

describe('the list of collections', () => {
  it('holds every collection that a store declares', async () => {
    const folder = join(root, 'src/stores')
    const declared: string[] = []
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts')))
      for (const value of Object.values(await import(join(folder, file))))
        if (isCollection(value)) declared.push(value.name)
    const known = new Set(collections.map(({ name }) => name))
    expect(declared.length).toBeGreaterThan(20)
    expect(declared.filter((name) => !known.has(name))).toEqual([])
  })

  /** One document for each organisation, so that few are looked at to find it. */
  const small = ['operator-owners', 'reviewers', 'policy-drafts', 'brand-drafts']

  it.each(
    collections.filter((spec) => !keptCollections.has(spec)).map((spec) => [spec.name, spec]),
  )('finds the documents of an organisation in %s by an index, or there are few', (name, spec) => {
    const { indexes } = spec as CollectionSpec
    // A sparse one holds all of them only if it asks for nothing but the organisation.
    const isIndexed = indexes.some(
      ({ keys, sparse }) => keys[0]?.[0] === 'organisation' && (!sparse || keys.length === 1),
    )
    expect(isIndexed || small.includes(String(name))).toBe(true)
  })

  function isCollection(value: unknown): value is CollectionSpec {
    return typeof value === 'object' && value !== null && 'indexes' in value && 'name' in value
  }
})
