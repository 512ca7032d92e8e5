// The Admin API, called from the browser: same origin, session cookie, the envelope opened.

/** What is wrong with which field of a request. */
export type FieldProblem = { path: string; message: string }

/** A page of a list. */
export type Listed<Item> = { items: Item[]; next_cursor: string | null }

/** What an address holds, and which version of it. */
export type Read<Data> = { data: Data; version?: string }

export type Query = { readonly [name: string]: string | number | undefined }

export type Sent = {
  body?: unknown
  /** In place of JSON: a picture, or a text. */
  bytes?: Blob
  /** What was read before: refused with `precondition_failed` when somebody has changed it since. */
  version?: string | undefined
  /** The same for every attempt at the same thing, so that it is done once. */
  intent?: string
}

/** The API said no, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** From the catalogue of errors, or `unreachable`, or `signed_out`. */
  readonly code: string
  /** 0 when nothing answered. */
  readonly status: number
  readonly details: readonly FieldProblem[]
  /** What support asks for. */
  readonly requestId: string | undefined

  constructor(
    message: string,
    facts: {
      code: string
      status?: number
      details?: readonly FieldProblem[]
      requestId?: string | null
    },
  ) {
    super(message)
    this.code = facts.code
    this.status = facts.status ?? 0
    this.details = facts.details ?? []
    this.requestId = facts.requestId ?? undefined
  }
}

/** Worth another attempt: what is wrong may be over in a moment. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 0
    ? error.code === 'unreachable'
    : [429, 502, 503, 504].includes(error.status)
}

export type Api = {
  read<Data>(path: string, query?: Query, signal?: AbortSignal): Promise<Read<Data>>
  send<Data>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, sent?: Sent): Promise<Data>
}

const API = '/admin/api/v1'

/** Where the browser itself fetches what is no JSON: pictures, and documents in a frame. */
export function addressOf(path: string, query: Query = {}): string {
  return `${API}${path}${searchOf(query)}`
}

/** `onSession` is told by each answer whether there is a session. */
export function createApi(parts: {
  fetch: typeof globalThis.fetch
  onSession: (isOpen: boolean) => void
}): Api {
  async function call<Data>(path: string, init: RequestInit): Promise<Read<Data>> {
    const response = await parts.fetch(`${API}${path}`, init).catch((cause: unknown) => {
      if (init.signal?.aborted) throw cause
      throw new ApiError('Foyer cannot be reached just now. Nothing was lost.', {
        code: 'unreachable',
      })
    })
    const version = response.headers.get('ETag')
    const data = await open<Data>(response)
    return { data, ...(version !== null && { version }) }
  }

  async function open<Data>(response: Response): Promise<Data> {
    const requestId = response.headers.get('X-Request-Id')
    const { status } = response
    parts.onSession(status !== 401)
    if (status === 401) {
      throw new ApiError('Your session has ended. Sign in again.', { code: 'signed_out', status })
    }
    if (status === 204) return undefined as Data // a caller of such an address expects nothing
    const envelope = await response.json().catch(() => {
      // Something in between answered for the API.
      throw new ApiError('The answer could not be read.', { code: 'unreachable', requestId })
    })
    if (envelope.success) return envelope.data as Data // the contract's type for this path, named by the caller
    const { error, code = 'internal_error', details } = envelope
    throw new ApiError(error, { code, status, details, requestId })
  }

  return {
    read: (path, query = {}, signal) =>
      call(`${path}${searchOf(query)}`, {
        headers: { Accept: 'application/json' },
        ...(signal && { signal }),
      }),
    send: async (method, path, sent = {}) => {
      const headers: { [name: string]: string } = { Accept: 'application/json' }
      if (sent.body !== undefined) headers['Content-Type'] = 'application/json'
      if (sent.version !== undefined) headers['If-Match'] = sent.version
      if (sent.intent !== undefined) headers['Idempotency-Key'] = sent.intent
      if (sent.bytes) headers['Content-Type'] = sent.bytes.type
      const body = sent.bytes ?? (sent.body === undefined ? null : JSON.stringify(sent.body))
      return (await call<never>(path, { method, headers, body })).data
    },
  }
}

function searchOf(query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
