// The Admin API as a command calls it: of this installation, within the process, or of another one by its address.

import { type DispatchFunc, inject } from 'light-my-request'
import { readConfig } from '../../config.ts'
import { ADMIN_API_PATH } from '../../routes/admin-api/routes.ts'
import { apiKeyScopes } from '../../services/operators/api-key-scopes.ts'
import { HOUR, SECOND } from '../../shared/clock.ts'
import { createLog } from '../../shared/log.ts'
import { PLATFORM } from '../../stores/operator-roles.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Sent = { body?: unknown; markdown?: string; version?: string | undefined }
type Answered = { status: number; headers: { get(name: string): string | null }; text: string }
type Request = { method: Method; path: string; headers: { [name: string]: string }; body?: string }

export type Read<Data> = { data: Data; version?: string }

export type AdminApi = {
  read<Data>(path: string): Promise<Read<Data>>
  /** Every item, page by page. */
  all<Item>(path: string): Promise<Item[]>
  send<Data>(method: Exclude<Method, 'GET'>, path: string, sent?: Sent): Promise<Data>
}

/** Refused by the API, in its own words; `status` tells a thing that is not there from one that is wrong. */
export class Refused extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** Of the installation that the environment names, as whoever runs the command: a platform owner. */
export async function withOwnAdminApi<T>(
  environment: NodeJS.ProcessEnv,
  run: (api: AdminApi) => Promise<T>,
): Promise<T> {
  const config = readConfig(environment)
  // The whole server: other commands begin without waiting for it to be read.
  const { compose } = await import('../../compose.ts')
  const server = await compose(config, { log: createLog({ level: 'silent', format: 'json' }) })
  const by = { actor: 'command-line', role: 'platform-owner' } as const
  try {
    const { key, shown } = await server.apiKeys.create(
      PLATFORM,
      { name: 'foyer apply', role: 'owner', scopes: apiKeyScopes, life: HOUR },
      by,
    )
    const handle = server.app.callback()
    const { host } = new URL(config.baseUrl)
    try {
      return await run(
        adminApi(key, async ({ method, path, headers, body }) => {
          const dispatch: DispatchFunc = (req, res) => {
            // What a request of Node's own has besides, and this one lacks.
            Object.defineProperty(req, 'headersDistinct', { value: { host: [host] } })
            void handle(req, res)
          }
          const answer = await inject(dispatch, {
            method,
            url: `${ADMIN_API_PATH}${path}`,
            headers: { ...headers, host },
            ...(body !== undefined && { payload: body }),
          })
          const get = (name: string) => {
            const value = answer.headers[name]
            return value === undefined ? null : String(value)
          }
          return { status: answer.statusCode, headers: { get }, text: answer.payload }
        }),
      )
    } finally {
      await server.apiKeys.revoke(PLATFORM, shown.id, by)
    }
  } finally {
    await server.close()
  }
}

/** Of another installation, with an API key of its own. */
export function remoteAdminApi(address: string, key: string): AdminApi {
  return adminApi(key, async ({ path, ...init }) => {
    const response = await fetch(new URL(`${ADMIN_API_PATH}${path}`, address), init)
    return { status: response.status, headers: response.headers, text: await response.text() }
  })
}

function adminApi(key: string, ask: (request: Request) => Promise<Answered>): AdminApi {
  async function call<Data>(method: Method, path: string, sent: Sent = {}): Promise<Read<Data>> {
    const { body, markdown, version } = sent
    const type = markdown === undefined ? 'application/json' : 'text/markdown'
    const text = markdown ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await ask({
      method,
      path,
      headers: {
        authorization: `Bearer ${key}`,
        ...(text !== undefined && { 'content-type': type }),
        ...(version !== undefined && { 'if-match': version }),
      },
      ...(text !== undefined && { body: text }),
    })
    if (answer.status === 429) {
      await pause(Number(answer.headers.get('retry-after') ?? 1))
      return call(method, path, sent)
    }
    const envelope = envelopeOf(answer)
    if (!envelope.success) throw new Refused(sentenceOf(envelope), answer.status)
    const tag = answer.headers.get('etag')
    return { data: envelope.data as Data, ...(tag !== null && { version: tag }) } // the contract's type for the path
  }

  return {
    read: (path) => call('GET', path),
    async all<Item>(path: string) {
      const items: Item[] = []
      let cursor: string | null = null
      do {
        const query: string = cursor === null ? 'limit=100' : `limit=100&cursor=${cursor}`
        const { data }: Read<{ items: Item[]; next_cursor: string | null }> = await call(
          'GET',
          `${path}?${query}`,
        )
        items.push(...data.items)
        cursor = data.next_cursor
      } while (cursor !== null)
      return items
    },
    send: async <Data>(method: Method, path: string, sent?: Sent) =>
      (await call<Data>(method, path, sent)).data,
  }
}

type Envelope =
  | { success: true; data: unknown }
  | { success: false; error: string; details?: { path: string; message: string }[] }

function envelopeOf({ text, status }: Answered): Envelope {
  try {
    return JSON.parse(text) as Envelope // the contract's
  } catch {
    throw new Error(`The Admin API answered with ${status} and no JSON.`)
  }
}

function sentenceOf({ error, details = [] }: Extract<Envelope, { success: false }>): string {
  return details.length === 0
    ? error
    : details.map(({ path, message }) => `${path}: ${message}`).join('\n')
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * SECOND))
}
