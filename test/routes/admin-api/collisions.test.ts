// Many who change the same thing at the same instant: who named a version, and who named none, in every room.

import { adminApi } from '@foyer/contract'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import sharp from 'sharp'
import { type Account, accountsCollection } from '../../../src/stores/accounts.ts'
import { type Answer, type Call, programOf, type Request } from '../../support/admin-api.ts'
import type { TestServer } from '../../support/server.ts'
import { describeOnAllStores } from '../../support/stores.ts'

/** As many as all come through when none of them names a version. */
const MANY = 10
/** Pictures are drawn one after the other. */
const FEW = 3

/** One organisation of its own, and a program of its owner. */
type Place = { server: TestServer; organisation: string; slug: string; call: Call }
type Room = {
  /** What is changed, as the parameters of the path; made first. */
  prepare?(place: Place): Promise<{ [parameter: string]: string }>
  /** Where its version is read, when that is not the organisation itself. */
  read?: string
  write?(each: number, place: Place): Request
  many?: number
  /** What all but the first hear without a version, when that left them nothing to do. */
  later?: { status: number; isWrite: false }
}

const markdown = (each: number): Request => ({
  bytes: { type: 'text/markdown', content: new TextEncoder().encode(`# Terms ${each}`) },
})
const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#0b5fff' } })
  .png()
  .toBuffer()
const scheme = { accent: '#0b5fff', background: '#ffffff', text: '#111111' }
const colours = { ...scheme, accent_text: null, link: null }
const corners = ['square', 'small', 'medium', 'large', 'round']
const draft = '/policies/{kind}/draft'
const text = async () => ({ kind: 'terms', language: 'en' })
const logo = async () => ({ place: 'logo' })

async function client({ call, slug }: Place) {
  const body = { kind: 'browser', name: 'Shop', redirect_uris: ['https://shop.example.com/cb'] }
  const made = await call<{ client: { id: string } }>('POST', `/organisations/${slug}/clients`, {
    body,
  })
  return { id: made.data.client.id }
}
async function customer({ call, slug }: Place) {
  const body = { email: 'ana@example.com' }
  const made = await call<{ id: string }>('POST', `/organisations/${slug}/customers`, { body })
  return { id: made.data.id }
}
const accountId = ({ slug }: Place): string => `acc_${slug}`
async function customerAndAccount(place: Place) {
  const account: Account = {
    _id: accountId(place),
    organisation: place.organisation,
    email: 'bea@example.com',
    displayEmail: 'bea@example.com',
    createdAt: 1,
    lastSignInAt: 1,
  }
  await place.server.documents.collection<Account>(accountsCollection).insert(account)
  return customer(place)
}
const link = (_each: number, place: Place): Request => ({ body: { account_id: accountId(place) } })
const ownHost = ({ slug }: Place): Request => ({ body: { host: `${slug}.localhost` } })

/** Every operation that takes `If-Match`. */
const rooms: { readonly [operation: string]: Room } = {
  updateOrganisation: { write: (each) => ({ body: { name: `Shop ${each}` } }) },
  changeSettings: { write: (each) => ({ body: { settings: { sends_per_hour: 5 + each } } }) },
  setDomain: { write: (_each, place) => ownHost(place) },
  releaseDomain: {
    async prepare(place) {
      await place.call('PUT', `/organisations/${place.slug}/domain`, ownHost(place))
      return {}
    },
    later: { status: 200, isWrite: false },
  },
  saveBrandDraft: {
    read: '/brand',
    write: (each) => ({
      body: {
        colours: { light: colours, dark: colours },
        corners: corners[each % 5],
        font: 'serif',
      },
    }),
  },
  setBrandPicture: {
    read: '/brand',
    prepare: logo,
    many: FEW,
    write: () => ({ bytes: { type: 'image/png', content: picture } }),
  },
  removeBrandPicture: { read: '/brand', prepare: logo },
  savePolicyDraft: { read: draft, prepare: text, write: markdown },
  removePolicyDraftText: { read: draft, prepare: text },
  removePolicyDraft: { read: draft, prepare: text },
  updateRegistration: {
    read: '/registration',
    write: (each) => ({ body: { redirect_hosts: [`app-${each}.example.com`] } }),
  },
  updateClient: {
    read: '/clients/{id}',
    prepare: client,
    write: (each) => ({ body: { name: `Shop ${each}` } }),
  },
  updateCustomer: {
    read: '/customers/{id}',
    prepare: customer,
    write: (each) => ({ body: { given_name: `Ana ${each}` } }),
  },
  linkCustomer: {
    read: '/customers/{id}',
    prepare: customerAndAccount,
    write: link,
    later: { status: 200, isWrite: false },
  },
  unlinkCustomer: {
    read: '/customers/{id}',
    async prepare(place) {
      const made = await customerAndAccount(place)
      const path = `/organisations/${place.slug}/customers/${made.id}/account`
      await place.call('PUT', path, link(0, place))
      return made
    },
    later: { status: 409, isWrite: false },
  },
}

it('is told of every operation that takes If-Match', () => {
  const versioned = adminApi.operations.filter((each) => each.versioned && each.method !== 'GET')
  expect(Object.keys(rooms).sort()).toEqual(versioned.map(({ id }) => id).sort())
})

describeOnAllStores('many who write at once', (start) => {
  let server: TestServer
  let count = 0
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  /** Ten writes of one room at the same instant, on the version that was read or on none. */
  async function collide(id: string, room: Room, isNamed: boolean) {
    count += 1
    const slug = `crowd-${count}`
    const { organisation } = await server.addOrganisation(slug)
    const call = await programOf(server, { role: 'owner', organisation })
    const place = { server, slug, call, organisation: organisation._id }
    const operation = adminApi.operations.find((each) => each.id === id)
    const parameters = { slug, ...(await room.prepare?.(place)) }
    const at = (path: string): string =>
      Object.entries(parameters).reduce((all, [name, is]) => all.replace(`{${name}}`, is), path)
    const read = async (): Promise<number> => {
      const { headers } = await call('GET', at(`/organisations/{slug}${room.read ?? ''}`))
      return Number(/^"v(\d+)"$/.exec(headers.get('etag') ?? '')?.[1])
    }
    const before = await read()
    const answers = await Promise.all(
      Array.from({ length: room.many ?? MANY }, (_, each) =>
        call(operation?.method ?? '', at(operation?.path ?? ''), {
          ...room.write?.(each, place),
          ...(isNamed && { headers: { 'if-match': `"v${before}"` } }),
        }),
      ),
    )
    return { answers, counted: (await read()) - before }
  }
  const heard = (answers: Answer[]): string[] =>
    answers.map(({ status, code }) => [status, code].filter(Boolean).join(' ')).sort()

  it.each(Object.entries(rooms))(
    '%s: is done for one of those who name the version, and the others hear 412',
    async (id, room) => {
      const { answers, counted } = await collide(id, room, true)
      expect(heard(answers)).toEqual([
        '200',
        ...Array((room.many ?? MANY) - 1).fill('412 precondition_failed'),
      ])
      expect(counted).toBe(1)
    },
  )

  it.each(Object.entries(rooms))(
    '%s: is done for each of those who name none, one upon the other',
    async (id, room) => {
      const { answers, counted } = await collide(id, room, false)
      const { status = 200, isWrite = true } = room.later ?? {}
      const later = status === 409 ? '409 conflict' : '200'
      expect(heard(answers)).toEqual(['200', ...Array((room.many ?? MANY) - 1).fill(later)])
      expect(counted).toBe(isWrite ? (room.many ?? MANY) : 1)
    },
  )
})
