// The deny-list: what was signed out, ended or disabled, known to every process within seconds and asked without a read.

import { type Clock, HOUR, MINUTE, SECOND } from '../../../shared/clock.ts'
import { following } from '../../../shared/following.ts'
import type { Log } from '../../../shared/log.ts'
import type { Denial, DenialKind, DenialStore } from '../../../stores/denials.ts'

/** What an access token says of where it came from. */
export type TokenOrigin = { account: string; sid?: string; grantId?: string }

export type Denials = {
  /** Returns when the denial is kept: whoever waited may say that it is done. Other processes know it within 2 s. */
  deny(organisation: string, kind: DenialKind, id: string): Promise<void>
  /** Takes a denial back, for an account that is enabled again. Other processes know of it within 2 s. */
  lift(organisation: string, kind: DenialKind, id: string): Promise<void>
  /** Whether a token with this origin is denied; asked with every request, so it reads nothing. */
  isDenied(origin: TokenOrigin): boolean
  /**
   * Calls back once when the origin is denied, by whichever process; before it returns when it is denied
   * already. Until then, or until the returned function is called, it is remembered.
   */
  onDenied(origin: TokenOrigin, hear: () => void): () => void
  /** Reads what stands in the store; to be waited for before the first request. */
  load(): Promise<void>
  /** Reads what others denied, again and again, until the returned function is called. */
  start(): () => void
}

/** As long as an access token lives, and some: the clock that dates the token may be ten minutes ahead of this one. */
const LIFE = HOUR + 10 * MINUTE
const LOOK_EVERY = 2 * SECOND

export function createDenials(parts: {
  store: DenialStore
  /** Tells the other processes to look now, rather than in two seconds; may fail. */
  announce(): Promise<void>
  /** Calls back whenever another process announces; may fail. */
  listen(onAnnounced: () => void): Promise<unknown>
  clock: Clock
  log: Log
}): Denials {
  const { store, clock, log } = parts
  /** Until when each is denied. */
  const denied = new Map<string, number>()
  const listeners = createListeners()
  let looking: Promise<void> | undefined

  function remember({ _id, expiresAt, lifted }: Denial): void {
    if (lifted) denied.delete(_id)
    else {
      denied.set(_id, expiresAt)
      listeners.tell(_id)
    }
  }

  function isDenied({ account, sid, grantId }: TokenOrigin): boolean {
    if (denied.size === 0) return false
    const now = clock.now()
    const isIn = (kind: DenialKind, id: string | undefined): boolean =>
      id !== undefined && (denied.get(`${kind}/${id}`) ?? 0) > now
    return isIn('session', sid) || isIn('grant', grantId) || isIn('account', account)
  }

  function forgetExpired(): void {
    const now = clock.now()
    for (const [id, expiresAt] of denied) if (expiresAt <= now) denied.delete(id)
  }

  const read = following({ clock, from: clock.now() - LIFE }, async (since) => {
    for (const denial of await store.since(since)) remember(denial)
    forgetExpired()
  })

  /** However many want to look, one read is under way; who asks meanwhile may be told of what it read. */
  function look(): Promise<void> {
    looking ??= read().finally(() => {
      looking = undefined
    })
    return looking
  }

  const lookQuietly = (): void => {
    look().catch((error) => log.warn({ err: error }, 'the deny-list could not be read'))
  }

  return {
    async deny(organisation, kind, id) {
      const at = clock.now()
      const denial = { _id: `${kind}/${id}`, organisation, at, expiresAt: at + LIFE }
      await store.put(denial)
      remember(denial)
      // The others look every two seconds anyway.
      await parts.announce().catch(() => {})
    },

    async lift(organisation, kind, id) {
      const at = clock.now()
      const lifted = {
        _id: `${kind}/${id}`,
        organisation,
        at,
        expiresAt: at + LIFE,
        lifted: true,
      } as const
      await store.lift(lifted)
      remember(lifted)
      await parts.announce().catch(() => {})
    },

    isDenied,

    onDenied(origin, hear) {
      // In one go with what follows: nothing can be denied between the two.
      if (!isDenied(origin)) return listeners.add(idsOf(origin), hear)
      hear()
      return () => {}
    },

    load: look,

    start() {
      parts.listen(lookQuietly).catch(() => {}) // then every two seconds has to do
      const timer = setInterval(lookQuietly, LOOK_EVERY)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

function idsOf({ account, sid, grantId }: TokenOrigin): string[] {
  return [
    `account/${account}`,
    ...(sid === undefined ? [] : [`session/${sid}`]),
    ...(grantId === undefined ? [] : [`grant/${grantId}`]),
  ]
}

/** Who wants to hear of a denial, by its id. */
function createListeners() {
  const byId = new Map<string, Set<() => void>>()
  return {
    /** One function for several ids, called once for all of them. */
    add(ids: readonly string[], hear: () => void): () => void {
      const end = (): void => {
        for (const id of ids) {
          const listening = byId.get(id)
          if (listening?.delete(hearOnce) && listening.size === 0) byId.delete(id)
        }
      }
      const hearOnce = (): void => {
        end()
        hear()
      }
      for (const id of ids) byId.set(id, (byId.get(id) ?? new Set()).add(hearOnce))
      return end
    },

    tell(id: string): void {
      for (const hear of byId.get(id) ?? []) hear()
    },
  }
}
