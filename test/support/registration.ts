// An application that registers itself (RFC 7591) and manages its registration (RFC 7592).

import type { RegistrationEdit } from '../../src/services/identity/clients/registration-policy.ts'
import type { OtherOrganisation, TestServer } from './server.ts'

export type Issuer = TestServer | OtherOrganisation
export type Fields = { [field: string]: unknown }
export type RegistrationAnswer = { status: number; headers: Headers; body: Fields }

const BY = { actor: 'test', role: 'platform-owner' } as const

/** Lets applications register at the issuer, within what is named. */
export function allowRegistration(
  server: TestServer,
  issuer: Issuer,
  edit: RegistrationEdit = {},
): Promise<unknown> {
  return server.registration.change(issuer.organisation._id, { isOn: true, ...edit }, BY)
}

/** An initial access token, good for so many registrations. */
export async function initialToken(server: TestServer, issuer: Issuer, uses = 1): Promise<string> {
  const { _id } = issuer.organisation
  const { token } = await server.registration.createToken(_id, { name: 'Test', uses }, BY)
  return token
}

type Sent = { token?: string | undefined; body?: unknown; method?: string }

/** A request with JSON and a bearer token, if there are any. */
export async function send(address: string, { token, body, method = 'POST' }: Sent) {
  const response = await fetch(address, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, body: (text && JSON.parse(text)) || {} } as RegistrationAnswer // JSON, or nothing
}

/** The address at which an issuer registers. */
export const endpointOf = ({ baseUrl }: Issuer): string => `${baseUrl}/oauth/register`

/** A web application as RFC 7591 has it, with the changes. */
export function metadata(change: Fields = {}): Fields {
  return {
    client_name: 'Tables of Anna',
    redirect_uris: ['https://app.example.com/callback'],
    ...change,
  }
}

/** Registers, and expects that it may. */
export async function registered(server: TestServer, issuer: Issuer, change: Fields = {}) {
  const token = await initialToken(server, issuer)
  const { status, body } = await send(endpointOf(issuer), { token, body: metadata(change) })
  if (status !== 201) throw new Error(`not registered: ${JSON.stringify(body)}`)
  return {
    id: String(body.client_id),
    secret: body.client_secret === undefined ? undefined : String(body.client_secret),
    uri: String(body.registration_client_uri),
    token: String(body.registration_access_token),
    body,
  }
}
