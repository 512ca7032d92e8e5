// Both APIs as their OpenAPI documents have them: whatever is sent, each answer is one that is documented.

import { adminApiDocument, clientApiDocument } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE } from '../../src/shared/clock.ts'
import { callerWith, keyOf } from '../support/admin-api.ts'
import { tokensOf } from '../support/client-api.ts'
import {
  type Drawn,
  type OpenApi,
  type Operation,
  operationsOf,
} from '../support/openapi-requests.ts'
import { propertiesOf } from '../support/properties.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'

const holds = propertiesOf('OpenAPI')

/** Where it would not be clear what is there: the organisation gets a new one after so many requests. */
const LIFE_OF_HOUSE = 400

const uris = [
  'https://a.example/cb',
  'http://localhost:1/cb',
  'com.example.app:/cb',
  'https://*.p.example.com/',
]
const words = {
  slug: ['the-house', 'the-house', 'the-house', 'the-house', 'the-house', 'elsewhere'],
  kind: ['privacy', 'terms'],
  language: ['en', 'de', 'ar'],
  place: ['logo', 'logo_dark', 'favicon', 'mail_header'],
  page: ['email', 'code', 'mail', 'permission'],
  number: ['1', '2', '0', '-1', '1.5'],
  name: ['Anna', 'A', ''],
  email: ['ann@example.com', 'ANN@example.com', 'ben+1@example.com'],
  host: ['shop.example.com', 'localhost', 'shop.example.com:8443'],
  redirect_uris: uris,
  post_logout_redirect_uris: uris,
  origins: ['https://a.example', 'null', 'http://localhost:1'],
  api_scopes: ['profile:read', 'orders:read', 'sessions:write'],
  scopes: ['clients:read', 'clients:write', 'customers:read'],
  role: ['viewer', 'editor', 'owner'],
  home_uri: ['https://a.example/'],
  initiate_login_uri: ['https://a.example/'],
  back_channel_logout_uri: ['http://localhost:1/', 'https://a.example/out'],
  locale: ['en', 'de'],
  time_zone: ['Europe/Berlin', 'UTC', 'Mars/Phobos'],
  currency: ['EUR', 'eur'],
  country: ['DE', 'XX'],
  phone: ['+4915112345678', '0151'],
  birth_date: ['1990-02-29', '1990-02-28', '0000-00-00'],
  accent: ['#21493d', '#000', 'red'],
  background: ['#ffffff'],
  text: ['#000000', '#ffffff'],
  confirm: ['no'],
  status: ['paid', 'confirmed', 'open'],
  from: ['2026-11-21T00:00:00Z', '2026-02-29T00:00:00Z'],
}

/** What runs for long by design, or takes the ground from under the test. */
const leftOut = new Set([
  'GET /session/events',
  'POST /organisations/{slug}/keys/rotation',
  'POST /organisations/{slug}/keys/withdrawal',
])

/** Of the operation of this name. */
type Draw = { name: string; drawn: Drawn }

function apiOf(document: unknown): {
  draws: fc.Arbitrary<Draw>
  operations: Map<string, Operation>
} {
  // Made by the contract, which is more exact than what is needed here.
  const all = operationsOf(document as OpenApi, words).map(
    (each) => [`${each.method} ${each.path}`, each] as const,
  )
  const operations = new Map(all.filter(([name]) => !leftOut.has(name)))
  const draws = [...operations].map(([name, { requests }]) =>
    requests.map((drawn) => ({ name, drawn })),
  )
  return { draws: fc.oneof(...draws), operations }
}

const admin = apiOf(adminApiDocument('http://localhost'))
const client = apiOf(clientApiDocument('http://localhost'))
const operationOf = ({ name }: Draw): Operation => {
  const operation = admin.operations.get(name) ?? client.operations.get(name)
  if (!operation) throw new TypeError(`no operation ${name}`)
  return operation
}

describe('the APIs', () => {
  let server: TestServer
  let adminKey = ''
  let token = ''
  let requests = 0
  /** Of the key: without it nobody could ask. */
  let ownId = ''
  /** Ids that answers told. */
  let ids: string[] = []

  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    adminKey = await keyOf(server, { role: 'platform-owner' })
    const { data } = await callerWith(server, adminKey)<{ id: string }[]>('GET', '/api-keys')
    ownId = data[0]?.id ?? ''
    await renewHouse()
    await renewToken()
  })
  afterAll(() => server.stop())

  let houses = 0
  async function renewHouse(): Promise<void> {
    houses += 1
    await server.addOrganisation(houseName())
    ids = ['x']
  }
  const houseName = () => `house-${houses}`

  async function renewToken(): Promise<void> {
    token = (await tokensOf(server, { email: `ann-${requests}@example.com` })).access_token
  }

  async function send(base: string, key: string, draw: Draw) {
    const { drawn } = draw
    const operation = operationOf(draw)
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const piece = drawn.path[name] ?? ''
      const text = typeof piece === 'number' ? ids[piece % ids.length] : piece
      return encodeURIComponent(text === 'the-house' ? houseName() : String(text))
    })
    const response = await fetch(`${server.baseUrl}${base}${path}?${drawn.query}`, {
      method: operation.method,
      headers: {
        ...drawn.headers,
        authorization: `Bearer ${key}`,
        ...(drawn.body && { 'content-type': drawn.body.type }),
      },
      ...(drawn.body && { body: drawn.body.content }),
    })
    return { path, status: response.status, text: await response.text() }
  }

  /** Sends it as soon as the limits allow; says what is wrong with the answer. */
  async function answerTo(base: string, key: string, draw: Draw) {
    requests += 1
    server.log.lines.length = 0
    let answer = await send(base, key, draw)
    if (answer.status === 429) {
      server.clock.forward(2 * MINUTE)
      answer = await send(base, key, draw)
    }
    const { status, text } = answer
    for (const [, id = ''] of text.matchAll(/"(?:\w+_)?id":"([\w-]+)"/g))
      if (id !== ownId) ids.push(id)
    ids = [...new Set(ids)].slice(-60)
    const { drawn } = draw
    const operation = operationOf(draw)
    const isTaken = drawn.body?.hasUnknown && status < 300
    const problem =
      operation.problemOf(status, text) ?? (isTaken ? 'an unknown member was taken' : undefined)
    const asked = `${operation.method} ${answer.path}: ${status}`
    const logged = server.log.errors.at(-1) ?? ''
    return { status, problem: problem && `${asked} ${problem}\n${text.slice(0, 500)}\n${logged}` }
  }

  holds(
    'of operators never fail, answer as documented, and take no member that is not',
    fc.asyncProperty(admin.draws, async (draw) => {
      if (requests % LIFE_OF_HOUSE === 0) await renewHouse()
      const { problem } = await answerTo('/api/admin/v1', adminKey, draw)
      expect(problem).toBeUndefined()
    }),
    { runs: 80 },
  )

  holds(
    'of customers never fail, answer as documented, and take no member that is not',
    fc.asyncProperty(client.draws, async (draw) => {
      const { status, problem } = await answerTo('/api/client/v1', token, draw)
      expect(problem).toBeUndefined()
      // It has ended the session that it came from, or time has gone on.
      if (status === 401) await renewToken()
    }),
    { runs: 20 },
  )
})
