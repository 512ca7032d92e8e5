// Who is signed in: one session for all tabs, refreshed by one of them, ended in all.

import type { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { type Own, own } from './own.ts'
import { type Fields, failureOf, read, type Server } from './server.ts'
import { createStorage } from './storage.ts'
import { createTabs, type Tabs } from './tabs.ts'
import { createTokens } from './tokens.ts'
import type { AuthEvent, AuthListener, Session } from './types.ts'

export type Sessions = Tabs & {
  session(): Session | null
  /** What was stored, what `finish` brings or what other tabs have; then tells `INITIAL_SESSION`. */
  restore(finish: () => Promise<unknown>): Promise<void>
  /** Signs in with the code of a sign-in with that nonce. */
  redeem(fields: Fields, nonce: string): Promise<Session>
  /** Tokens that are good for as many milliseconds more, new ones for any number that is high enough, as far as the issuer can be reached. */
  fresh(milliseconds?: number): Promise<Grant | null>
  refresh(): Promise<Session | null>
  end(): void
  listen(listener: AuthListener): () => void
}

/** Milliseconds. */
const EARLY = 120_000
const PAUSE = 1000
/** As long as a request may take. */
const SOON = 30_000
/** How long other tabs are waited for: they answer in a few. */
const ANSWER = 200

/** `onChange` is called when another session begins, or none is left. */
export function createSessions(server: Server, onChange: () => void): Sessions {
  const { name, issuer, keys } = server
  const tokens = createTokens(server)
  const storage = createStorage(server)
  const isShared = server.storage === 'local'
  const listeners = new Set<AuthListener>()
  let grant: Grant | null = null
  /** What a hand-over replaced: the better one, if that turns out to be worth nothing. */
  let before: Grant | null = null
  let session: Session | null = null
  /** When the access token ends: by a clock that nobody sets, and by the one that also runs in sleep. */
  let endTick = 0
  let endDate = 0
  /** How long before that it is refreshed; not the same in every tab. */
  let early = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let isQuiet = false
  let heard: (work: Promise<void>) => void = () => {}

  const tabs = createTabs(name, hear)

  function emit(event: AuthEvent): void {
    if (isQuiet) return
    for (const listener of listeners) {
      // What a listener throws is the page's to see, and stops nobody else.
      void (async () => {
        listener(event, session)
      })()
    }
  }

  function hold(event: AuthEvent, next: Grant | null): void {
    grant = next
    before = null
    session = null
    clearTimeout(timer)
    if (next) {
      const { access, id, scope, user, at, life } = next
      const now = Date.now()
      // A clock that was set back says nothing about how old it is; tabs may differ a little.
      const left = at - now > SOON ? 0 : Math.min(at - now, 0) + life
      endTick = performance.now() + left
      endDate = now + left
      session = own({ accessToken: access, idToken: id, expiresAt: endDate, scope, user })
      early = Math.min(EARLY, life / 2) * (0.9 + Math.random() / 5)
      // Timers count whole milliseconds: a moment too early would be no time at all.
      if (globalThis.document) timer = setTimeout(wake, left - early + 1)
    } else keys?.forget()
    // What tabs share was written by the one that changed it: a late one writes over nothing newer.
    if (!isShared) storage.save(next)
    if (event !== 'TOKEN_REFRESHED') onChange()
    emit(event)
  }

  /** Tokens, or none, by this tab's own doing: for the others too. */
  function share(event: AuthEvent, next: Grant | null): void {
    storage.save(next)
    hold(event, next)
    if (next) offer()
  }

  function left(): number {
    return Math.min(endTick - performance.now(), endDate - Date.now())
  }

  /** Also after sleep, and when the network is back. */
  function wake(): void {
    if (left() <= early) void quietly(refresh())
  }

  function offer(): void {
    tabs.tell({ type: 'session', ...(!isShared && { grant }) })
  }

  function hear({ type, grant: offered, token }: Own): void {
    // Where tabs share a storage, nobody is believed but that.
    if (type === 'session') heard(quietly(adopt(isShared ? storage.load() : offered)))
    if (!grant) return
    if (type === 'ask') offer()
    // Whoever shows the token could end the session anyway; of anybody else's word the issuer is asked.
    if (type === 'signed-out' && token === grant.access) hold('SIGNED_OUT', null)
    else if (type === 'signed-out') void quietly(verify(grant))
  }

  async function adopt(value: unknown): Promise<void> {
    const next = tokens.check(value)
    const mine = grant
    if (!next || (mine && !isNewer(next, mine))) return
    if (mine?.user.sub === next.user.sub && mine.api === next.api) {
      hold(next.count ? 'TOKEN_REFRESHED' : 'SIGNED_IN', next)
      before = mine
      return
    }
    // Only the issuer can say whose they are.
    const isTheirs = await isGood(next)
    if (grant !== mine) return
    if (isTheirs) hold('SIGNED_IN', next)
    else storage.save(mine)
  }

  /** Throws what says neither yes nor no. */
  async function isGood(candidate: Grant): Promise<boolean> {
    const response = await server.send(`${issuer}/oauth/userinfo`, undefined, candidate)
    const answer = await read(response)
    if (!response.ok && response.status !== 401) throw failureOf(response, answer)
    return answer.sub === candidate.user.sub
  }

  /** A token that is no longer good has ended by itself, or with its session: the refresh shows which. */
  async function verify(mine: Grant): Promise<void> {
    if (!(await isGood(mine))) await refresh()
  }

  /** Resolves when another tab has answered, or none has for a while. */
  async function ask(): Promise<void> {
    await new Promise<unknown>((resolve) => {
      heard = resolve
      setTimeout(resolve, ANSWER)
      tabs.tell({ type: 'ask' })
    })
  }

  async function renew(known: Grant): Promise<Session | null> {
    const isCurrent = () => grant?.access === known.access
    // What is older than it looks, as in a tab that was closed and opened again, would end the grant.
    await (isShared ? adopt(storage.load()) : ask())
    let next = isCurrent() ? await exchange(known) : undefined
    if (!next && before && isCurrent()) next = await exchange(before)
    // Unless another tab was first, or somebody signed out meanwhile.
    if (isCurrent() && next) share('TOKEN_REFRESHED', next)
    else if (isCurrent()) end()
    return session
  }

  /** `undefined` when the grant has ended. A second try when nothing was heard: it gets the same answer. */
  async function exchange(previous: Grant, isLast = false): Promise<Grant | undefined> {
    try {
      const fields = { grant_type: 'refresh_token', refresh_token: previous.refresh }
      return await tokens.request(fields, undefined, previous)
    } catch (error) {
      // Nothing else is thrown there.
      const { code, status } = error as FoyerError
      if (code === 'invalid_grant') return undefined
      if (isLast || (status && status < 500)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    return exchange(previous, true)
  }

  async function refresh(): Promise<Session | null> {
    const known = grant
    // Whoever comes second, here or in another tab, finds the tokens of the first.
    return known && tabs.lock('', () => renew(known))
  }

  function end(): void {
    if (!grant) return
    tabs.tell({ type: 'signed-out', token: grant.access })
    share('SIGNED_OUT', null)
  }

  return {
    ...tabs,
    refresh,
    end,
    session: () => session,
    async redeem(fields, nonce) {
      const next = await tokens.request({ grant_type: 'authorization_code', ...fields }, nonce)
      share('SIGNED_IN', next)
      return session as Session // of that grant
    },
    async fresh(milliseconds = SOON) {
      try {
        if (left() < milliseconds) await refresh()
      } catch (error) {
        if (left() <= 0) throw error
      }
      return grant
    },
    async restore(finish) {
      isQuiet = true
      const stored = tokens.check(storage.load())
      if (stored) hold('SIGNED_IN', stored)
      else storage.save(null)
      for (const event of ['visibilitychange', 'online']) globalThis.addEventListener?.(event, wake)
      try {
        await finish()
      } finally {
        if (!isShared && !grant) await ask()
        if (left() <= 0) await quietly(refresh())
        isQuiet = false
        emit('INITIAL_SESSION')
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function isNewer(one: Grant, other: Grant): boolean {
  return (Number(one.user.iat) - Number(other.user.iat) || one.count - other.count) > 0
}

/** What fails is tried again when it is needed. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch {
    // The session stays as it was.
  }
}
