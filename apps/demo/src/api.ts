// The Client API, called with the session's access token.

import type { Booking, Enquiry, Order, Profile, ProfilePatch } from '@foyer/contract'
import type { RequestLog } from './requests.ts'
import { type Session, SessionEnded } from './session.ts'

export type Page<Item> = { items: Item[]; next_cursor: string | null }

/** The API said no, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** What is wrong with which field, where fields were sent. */
  readonly fields: readonly FieldProblem[]

  constructor(message: string, fields: readonly FieldProblem[] = []) {
    super(message)
    this.fields = fields
  }
}

type FieldProblem = { path: string; message: string }

/** What to tell the person in front of the screen. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof SessionEnded) return error.message
  return 'That did not work. Are you online?'
}

export type Api = {
  profile(): Promise<Profile>
  changeProfile(patch: ProfilePatch): Promise<Profile>
  orders(cursor?: string): Promise<Page<Order>>
  bookings(cursor?: string): Promise<Page<Booking>>
  enquiries(cursor?: string): Promise<Page<Enquiry>>
}

type Envelope =
  | { success: true; data: unknown }
  | { success: false; error: string; details?: FieldProblem[] }

const PAGE_SIZE = 4
const AWAY = 'The business cannot be reached just now.'

export function createApi(parts: { base: string; session: Session; requests: RequestLog }): Api {
  const { base, session, requests } = parts

  async function send(path: string, init: RequestInit): Promise<Response> {
    const token = await session.accessToken()
    const headers = { ...init.headers, Authorization: `Bearer ${token}` }
    return requests.fetch(`${base}${path}`, { ...init, headers }).catch(() => {
      throw new ApiError(AWAY)
    })
  }

  async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
    let response = await send(path, init)
    if (response.status === 401) {
      // A token may die before its time; the provider knows whether the session did, too.
      await session.refresh()
      response = await send(path, init)
    }
    const envelope = await envelopeOf(response)
    if (!envelope.success) throw new ApiError(envelope.error, envelope.details)
    return envelope.data as T // the contract's type for this path, named by the caller below
  }

  const list = (path: string, cursor?: string): string => {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) })
    return `${path}?${query}`
  }

  return {
    profile: () => call<Profile>('/profile'),
    changeProfile: (patch) =>
      call<Profile>('/profile', {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/merge-patch+json' },
        body: JSON.stringify(patch),
      }),
    orders: (cursor) => call<Page<Order>>(list('/orders', cursor)),
    bookings: (cursor) => call<Page<Booking>>(list('/bookings', cursor)),
    enquiries: (cursor) => call<Page<Enquiry>>(list('/enquiries', cursor)),
  }
}

async function envelopeOf(response: Response): Promise<Envelope> {
  try {
    return (await response.json()) as Envelope // the contract's envelope
  } catch {
    throw new ApiError(AWAY) // something in between answered for the API
  }
}
