// The engine's endpoints by hand, for what a library does for a relying party or keeps it from doing.

import type { TestServer } from './server.ts'

export type Credentials = { client_id: string; client_secret?: string }

export type Answer = {
  status: number
  headers: Headers
  body: { [member: string]: unknown }
}

/** The `Authorization` header of `client_secret_basic`. */
export function basic({ client_id, client_secret = '' }: Credentials): { authorization: string } {
  const pair = [client_id, client_secret].map(encodeURIComponent).join(':')
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Posts a form to `/oauth/{endpoint}` as this client: by Basic when it has a secret, else by name. */
export async function postForm(
  server: Pick<TestServer, 'baseUrl'>,
  endpoint: 'token' | 'introspect' | 'revoke' | 'par' | 'userinfo',
  {
    client,
    fields = {},
    headers = {},
  }: {
    client?: Credentials | undefined
    fields?: { [name: string]: string }
    headers?: { [name: string]: string }
  },
): Promise<Answer> {
  const response = await fetch(`${server.baseUrl}/oauth/${endpoint}`, {
    method: 'POST',
    headers: { ...(client?.client_secret && basic(client)), ...headers },
    body: new URLSearchParams({
      ...(client && !client.client_secret && { client_id: client.client_id }),
      ...fields,
    }),
  })
  return answerOf(response)
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as Answer['body']) : {},
  }
}

export function refresh(
  server: Pick<TestServer, 'baseUrl'>,
  client: Credentials,
  fields: { refresh_token: unknown; scope?: string },
): Promise<Answer> {
  return postForm(server, 'token', {
    client,
    fields: {
      grant_type: 'refresh_token',
      ...fields,
      refresh_token: String(fields.refresh_token),
    },
  })
}

export async function userinfo(
  server: Pick<TestServer, 'baseUrl'>,
  accessToken: unknown,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${accessToken}` }
  return answerOf(await fetch(`${server.baseUrl}/oauth/userinfo`, { headers }))
}
