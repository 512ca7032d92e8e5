// Callers of the Admin API: each role of an organisation, another organisation's owner, keys with scopes.

import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import { apiKeyScopes } from '../../src/services/operators/api-key-scopes.ts'
import type { Noun } from '../../src/services/operators/roles.ts'
import { nouns } from '../../src/services/operators/roles.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { type OtherOrganisation, startServer, type TestServer } from './server.ts'

export type Answer<Data = unknown> = {
  status: number
  headers: Headers
  success: boolean
  data: Data
  error?: string
  code?: string
  details?: { path: string; message: string }[]
}

export type Request = {
  body?: unknown
  /** Bytes in place of JSON. */
  bytes?: { type: string; content: Uint8Array }
  headers?: { [name: string]: string }
}

/** Calls an operation: `call('GET', '/me')`. `Data` is what the test expects of the contract. */
export type Call = <Data = unknown>(
  method: string,
  path: string,
  request?: Request,
) => Promise<Answer<Data>>

/** Whoever holds this token or key. */
export function callerWith({ baseUrl }: Pick<TestServer, 'baseUrl'>, token: string): Call {
  return async <Data>(method: string, path: string, { body, bytes, headers }: Request = {}) => {
    const type = bytes?.type ?? 'application/json'
    const content = bytes?.content ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(`${baseUrl}/api/admin/v1${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(content !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(content !== undefined && { body: content as BodyInit }), // undici takes both
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    const envelope = isJson && text ? JSON.parse(text) : { data: text }
    return { status: response.status, headers: response.headers, ...envelope } as Answer<Data>
  }
}

export type KeyRole = 'viewer' | 'editor' | 'owner' | 'platform-owner'

/** An API key of a role, with every scope unless told otherwise. */
export async function keyOf(
  server: TestServer,
  { role, organisation, scopes = apiKeyScopes }: KeyOptions,
): Promise<string> {
  const isPlatform = role === 'platform-owner'
  const place = isPlatform ? PLATFORM : (organisation ?? server.organisation)._id
  const { key } = await server.apiKeys.create(
    place,
    { name: `Test ${role}`, role: isPlatform ? 'owner' : role, scopes },
    { actor: 'test', role: 'platform-owner' },
  )
  return key
}

type KeyOptions = { role: KeyRole; organisation?: Organisation; scopes?: readonly string[] }

/** A program with such a key. */
export async function programOf(server: TestServer, options: KeyOptions): Promise<Call> {
  return callerWith(server, await keyOf(server, options))
}

/** Every scope of all nouns but one. */
export function scopesWithout(noun: Noun): string[] {
  return apiKeyScopes.filter((scope) => nouns.includes(noun) && !scope.startsWith(`${noun}:`))
}

/** What a test has for itself alone. */
type OwnOrganisation = {
  server: TestServer
  issuer: OtherOrganisation
  call: Call
  /** Where it is in the Admin API. */
  at: string
  /** For names that no other test uses. */
  count: number
}

/** One server for the file; before each test a new organisation, and a program that has the role in it. */
export function organisationForTest(options: {
  role: KeyRole
  below?: string
  env?: { [name: string]: string }
}): OwnOrganisation {
  const { role, below = '', env = {} } = options
  const own = { count: 0 } as OwnOrganisation // whole before the first test begins
  beforeAll(async () => {
    own.server = await startServer({ env })
  })
  beforeEach(async () => {
    own.count += 1
    own.issuer = await own.server.addOrganisation(`shop-${own.count}`)
    own.call = await programOf(own.server, { role, organisation: own.issuer.organisation })
    own.at = `/organisations/shop-${own.count}${below}`
  })
  afterAll(() => own.server.stop())
  return own
}
