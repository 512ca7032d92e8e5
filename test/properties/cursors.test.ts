// Cursors: walked page by page every list has each item once, and no cursor leads where it was not made for.

import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE } from '../../src/shared/clock.ts'
import { createCursors } from '../../src/shared/cursors.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { createTextCursors } from '../../src/shared/text-cursors.ts'
import { type Call, programOf } from '../support/admin-api.ts'
import { among, propertiesOf } from '../support/properties.ts'
import { startServer, type TestServer } from '../support/server.ts'

const holds = propertiesOf('cursors')

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).map((each) => each.toWellFormed()),
)
const owner = fc.record({ list: text, organisation: text, owner: text })
const anyCursor = fc.oneof(
  text,
  fc.string().map((each) => Buffer.from(each).toString('base64url')),
  fc
    .tuple(fc.integer(), among('id a-b .. \n'), fc.string())
    .map((all) => Buffer.from(all.join('.')).toString('base64url')),
)
const other = createKeyring(['another-secret-0123456789-another'])
const keyring = createKeyring(['a-secret-of-ours-0123456789abcdef'])
const bits = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('latin1')

/** Another text that is nearly the same. */
function altered(cursor: string, { at, letter, way }: Change): string {
  const place = at % Math.max(1, cursor.length)
  const rest = way === 'insert' ? place : place + 1
  return way === 'cut'
    ? cursor.slice(0, place)
    : `${cursor.slice(0, place)}${way === 'remove' ? '' : letter}${cursor.slice(rest)}`
}
type Change = { at: number; letter: string; way: string }
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  letter: fc.constantFrom(...'AZaz09-_'),
  way: among('replace insert remove cut'),
})

describe('a cursor of times and ids', () => {
  const cursors = createCursors(keyring)
  const place = fc.record({ at: fc.integer(), id: fc.stringMatching(/^[\w-]{1,30}$/) })

  holds(
    'leads back to its place in its own list, and in no other',
    fc.property(owner, owner, place, (list, another, where) => {
      const cursor = cursors.make(list, where)
      expect(cursors.open(list, cursor)).toEqual(where)
      if (JSON.stringify(list) !== JSON.stringify(another))
        expect(cursors.open(another, cursor)).toBeUndefined()
      expect(createCursors(other).open(list, cursor)).toBeUndefined()
    }),
    { runs: 100 },
  )

  holds(
    'leads nowhere once it was altered, or when it was made up',
    fc.property(owner, place, change, anyCursor, (list, where, how, made) => {
      const cursor = cursors.make(list, where)
      const changed = altered(cursor, how)
      // The last letter of base64url has bits that mean nothing.
      if (bits(changed) !== bits(cursor)) expect(cursors.open(list, changed)).toBeUndefined()
      expect(cursors.open(list, made)).toBeUndefined()
    }),
    { runs: 100 },
  )
})

describe('a cursor of texts', () => {
  const cursors = createTextCursors(keyring)
  const place = fc.array(text, { maxLength: 4 })

  holds(
    'leads back to its place in its own list, in no other, and nowhere once it was altered',
    fc.property(owner, owner, place, change, anyCursor, (list, another, where, how, made) => {
      const cursor = cursors.make(list, where)
      expect(cursors.open(list, cursor)).toEqual(where)
      if (JSON.stringify(list) !== JSON.stringify(another))
        expect(cursors.open(another, cursor)).toBeUndefined()
      const changed = altered(cursor, how)
      if (bits(changed) !== bits(cursor)) expect(cursors.open(list, changed)).toBeUndefined()
      expect(cursors.open(list, made)).toBeUndefined()
      expect(createTextCursors(other).open(list, cursor)).toBeUndefined()
    }),
    { runs: 100 },
  )
})

describe('a list of the Admin API', () => {
  const ITEMS = 12
  let server: TestServer
  let call: Call

  beforeAll(async () => {
    server = await startServer()
    call = await programOf(server, { role: 'platform-owner' })
    for (const slug of ['one', 'two']) {
      const { organisation } = await server.addOrganisation(slug)
      await fill(`/organisations/${slug}`, organisation._id)
    }
  })
  afterAll(() => server.stop())

  /** Much of it alike, and made in the same millisecond. */
  async function fill(at: string, organisation: string): Promise<void> {
    const numbers = Array.from({ length: ITEMS }, (_, index) => index)
    const post = async (path: string, body: object) => {
      const { status } = await call('POST', `${at}${path}`, { body })
      expect(status).toBe(201)
    }
    await Promise.all(
      numbers.map(async (index) => {
        await server.clients.create({
          organisation,
          kind: index % 2 === 0 ? 'web' : 'browser',
          name: index % 3 === 0 ? 'Shop' : `Shop ${index}`,
          redirectUris: ['https://a.example/cb'],
        })
        await post('/customers', {
          email: `ann${index}@example.com`,
          given_name: index % 3 === 0 ? 'Ann' : 'Änn',
          family_name: index % 2 === 0 ? 'Ann' : 'Lee',
          phone: `+49151123456${index % 3}0`,
        })
        await post('/registration/tokens', { name: 'Same' })
        await post('/invitations', { email: `op${index}@example.com`, role: 'viewer' })
      }),
    )
  }

  const lists = [
    {
      path: 'clients',
      filters: ['', 'kind=web', 'q=shop', 'q=Shop%201', 'q=nobody', 'kind=browser&q=sh'],
    },
    {
      path: 'customers',
      filters: ['', 'q=ann', 'q=%C3%A4nn', 'q=ann%20', 'q=ann1', 'q=%2B49151', 'q=lee', 'q=@'],
    },
    { path: 'registration/tokens', filters: [''] },
    { path: 'invitations', filters: [''] },
    { path: 'operators', filters: [''] },
    { path: 'audit', filters: ['', 'action=client.created', 'from=2020-01-01T00:00:00Z'] },
  ]
  const views = lists.flatMap(({ path, filters }) => filters.map((filter) => ({ path, filter })))
  const view = fc.constantFrom(...views)
  const slug = among('one two')

  type Listed = { items: { id: string }[]; next_cursor: string | null }

  async function page(
    at: { slug: string; path: string; filter: string },
    limit: number,
    cursor?: string | null,
  ) {
    const query = [
      at.filter,
      `limit=${limit}`,
      cursor ? `cursor=${encodeURIComponent(cursor)}` : '',
    ]
    const address = `/organisations/${at.slug}/${at.path}?${query.filter(Boolean).join('&')}`
    const answer = await call<Listed>('GET', address)
    if (answer.status !== 429) return answer
    server.clock.forward(MINUTE)
    return call<Listed>('GET', address)
  }

  async function idsOf(
    at: { slug: string; path: string; filter: string },
    limit: number,
  ): Promise<string[]> {
    const ids: string[] = []
    let cursor: string | null | undefined
    do {
      const { status, data } = await page(at, limit, cursor)
      expect(status).toBe(200)
      expect(data.items.length).toBeLessThanOrEqual(limit)
      ids.push(...data.items.map(({ id }) => id))
      cursor = data.next_cursor
    } while (cursor !== null)
    return ids
  }

  holds(
    'has each of its items once, in the same order, whatever the size of its pages',
    fc.asyncProperty(
      slug,
      view,
      fc.integer({ min: 1, max: 20 }),
      async (organisation, asked, limit) => {
        server.log.lines.length = 0
        const at = { slug: organisation, ...asked }
        const whole = await idsOf(at, 100)
        expect(new Set(whole).size).toBe(whole.length)
        expect(await idsOf(at, limit)).toEqual(whole)
      },
    ),
    { runs: 15 },
  )

  const questionOf = ({ path, filter }: (typeof views)[number]) =>
    `${path} ${filter.replace(/%20$/, '')}`

  holds(
    'D05: takes no cursor of another list, another question or another organisation, none altered, none made up',
    fc.asyncProperty(
      slug,
      view,
      slug,
      view,
      change,
      anyCursor,
      async (one, asked, two, foreign, how, made) => {
        server.log.lines.length = 0
        const at = { slug: one, ...asked }
        const { data } = await page(at, 1)
        const { data: from } = await page({ slug: two, ...foreign }, 1)
        // A space after what is looked for asks for nothing else.
        const isOther = one !== two || questionOf(asked) !== questionOf(foreign)
        const own = data.next_cursor
        const wrong = [
          isOther ? from.next_cursor : null,
          own === null || bits(altered(own, how)) === bits(own) ? null : altered(own, how),
          made,
        ]
        for (const cursor of wrong.filter((each) => each !== null && each !== ''))
          expect({ cursor, status: (await page(at, 1, cursor)).status }).toEqual({
            cursor,
            status: 400,
          })
      },
    ),
    { runs: 15 },
  )
})
