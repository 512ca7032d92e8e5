// The other tabs of this origin: what they are told, and what only one of them does at a time.

import { type Own, own } from './own.ts'

export type Tabs = {
  tell(message: object): void
  /** Runs the work when no other tab runs its own of this kind; `signal` ends the waiting. */
  lock<Result>(kind: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>
}

/** What comes from others is a hint: any script of this origin could have said it. */
export function createTabs(name: string, hear: (message: Own) => void): Tabs {
  let channel: BroadcastChannel | undefined
  try {
    // None where there is no page, and none for a page without an origin.
    channel = globalThis.document && new BroadcastChannel(name)
    if (channel) channel.onmessage = ({ data }) => hear(own(data))
  } catch {}
  return {
    tell: (message) => channel?.postMessage(message),
    lock(kind, work, signal) {
      const locks = channel && navigator.locks
      // Without them the issuer stands in: it answers a token that was just replaced with the same successor.
      return locks ? locks.request(name + kind, own<LockOptions>({ signal }), work) : work()
    },
  }
}
