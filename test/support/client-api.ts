// The Client API as an application calls it: every answer is held against the contract and the OpenAPI document.

import { clientApi, clientApiDocument } from '@foyer/contract'
import { expect } from '@jest/globals'
import { createRelyingParty, signIn } from './relying-party.ts'
import type { TestServer } from './server.ts'

export type Answer = {
  status: number
  headers: Headers
  /** As it came. */
  text: string
  /** `data` of a success. */
  data: { [member: string]: unknown }
  /** Of a failure. */
  failure: { error?: string; code?: string; details?: { path: string; message: string }[] }
}

type Init = { headers?: { [name: string]: string }; body?: string | ReadableStream; json?: unknown }

export type Call = (method: string, path: string, init?: Init) => Promise<Answer>

/** Of what is read; whatever is removed says how many. */
const dataOf: { [path: string]: { safeParse(value: unknown): { data?: unknown } } } = {
  '/sessions': clientApi.sessionPage,
  '/profile': clientApi.profile,
  '/orders': clientApi.orderPage,
  '/bookings': clientApi.bookingPage,
  '/enquiries': clientApi.enquiryPage,
  '/refresh': clientApi.tokenPair,
}

const { paths = {} } = clientApiDocument('http://localhost')

/** Calls with this access token, or with none. */
export function callerOf(server: TestServer, token?: string): Call {
  return async (method, path, { headers = {}, body, json } = {}) => {
    const jsonType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const response = await fetch(`${server.baseUrl}/api/client/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        origin: 'https://app.example',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': jsonType }),
        ...headers,
      },
      ...((body !== undefined || json !== undefined) && { body: body ?? JSON.stringify(json) }),
      ...(typeof body === 'object' && { duplex: 'half' }),
    })
    const text = await response.text()
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      text,
      data: {},
      failure: {},
    }
    checkCors(response.headers)
    if (text === '' || !response.headers.get('content-type')?.startsWith('application/json'))
      return answer
    const value = JSON.parse(text)
    const [exactPath = ''] = path.split('?')
    const operationPath = exactPath.replace(/^\/sessions\/.+/, '/sessions/{id}')
    checkDocumented(operationPath, method, answer)
    const schema = method === 'DELETE' ? clientApi.endedSessions : dataOf[operationPath]
    return response.ok
      ? { ...answer, data: checkedData(schema, value) }
      : { ...answer, failure: checkedFailure(value) }
  }
}

/** Every origin may read every answer, none with the browser's own credentials. */
function checkCors(headers: Headers): void {
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect(headers.has('access-control-allow-credentials')).toBe(false)
}

/** What an operation answers stands in the OpenAPI document. */
function checkDocumented(path: string, method: string, { status }: Answer): void {
  const operation: unknown = Reflect.get(paths[path] ?? {}, method.toLowerCase())
  if (operation !== undefined)
    expect(operation).toHaveProperty(['responses', String(status), 'content', 'application/json'])
}

function checkedData(
  schema: (typeof dataOf)[string] | undefined,
  value: { data: Answer['data'] },
): Answer['data'] {
  if (!schema) return value.data ?? {} // no operation of the contract
  expect(Object.keys(value)).toEqual(['success', 'data'])
  expect(value).toMatchObject({ success: true })
  expect(schema.safeParse(value.data).data).toEqual(value.data) // nothing more, nothing less
  return value.data
}

function checkedFailure(value: Answer['failure']): Answer['failure'] {
  expect(clientApi.failure.safeParse(value).data).toEqual(value)
  return value
}

export type Tokens = { access_token: string; refresh_token: string; sub: string }

type Registered = { client_id: string; client_secret?: string }

/** Signs somebody in at a client: one for browsers, unless another is given. */
export async function tokensOf(
  server: TestServer,
  { email, client, scope }: { email: string; client?: Registered; scope?: string },
): Promise<Tokens> {
  const party = await createRelyingParty(
    server,
    client ?? (await server.register({ kind: 'browser' })),
  )
  const pending = await party.authorize(scope === undefined ? {} : { scope })
  const tokens = await party.exchange(await signIn(server, { url: pending.url, email }), pending)
  return {
    access_token: tokens.access_token,
    refresh_token: String(tokens.refresh_token),
    sub: String(tokens.claims()?.sub),
  }
}

/** Signs somebody in and calls with their token. */
export async function signedIn(server: TestServer, email: string, scope?: string): Promise<Call> {
  const { access_token } = await tokensOf(server, { email, ...(scope !== undefined && { scope }) })
  return callerOf(server, access_token)
}
