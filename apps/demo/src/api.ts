// The Client API, called with the session's access token; each call is told to whoever listens.

import type { Booking, Enquiry, Order, Profile, ProfilePatch } from '@foyer/contract'
import { type Session, SessionEnded } from './session.ts'

export type Page<Item> = { items: Item[]; next_cursor: string | null }

/** One request that was made, for the curious. */
export type Call = { method: string; path: string; status: number; milliseconds: number }

/** The API said no, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
}

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

type Envelope = { success: true; data: unknown } | { success: false; error: string }

const PAGE_SIZE = 4

export function createApi(parts: {
  base: string
  session: Session
  onCall(call: Call): void
}): Api {
  const { base, session, onCall } = parts

  async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const token = await session.accessToken()
    const began = performance.now()
    const method = init.method ?? 'GET'
    const response = await fetch(`${base}${path}`, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${token}` },
    }).catch((error: unknown) => {
      throw new ApiError('The business cannot be reached just now.', { cause: error })
    })
    onCall({
      method,
      path,
      status: response.status,
      milliseconds: Math.round(performance.now() - began),
    })
    const envelope = (await response.json()) as Envelope // the contract's envelope
    if (!envelope.success) throw new ApiError(envelope.error)
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
