// Who is signed in: one session for all tabs, refreshed by one of them, ended in all.

import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import type { Own } from './own.ts'
import type { Keys } from './proofs.ts'
import type { Server } from './server.ts'
import type { Settings } from './settings.ts'
import { createStorage } from './storage.ts'
import { createTabs, type Tabs } from './tabs.ts'
import { sessionOf, type Tokens } from './tokens.ts'
import type { AuthEvent, AuthListener, Session } from './types.ts'

export type Sessions = {
  readonly tabs: Tabs
  session(): Session | null
  grant(): Grant | null
  /** What was stored or what other tabs have; then tells `INITIAL_SESSION`. */
  restore(finish: () => Promise<unknown>): Promise<Session | null>
  begin(grant: Grant): Session
  /** Tokens that are good for as many milliseconds more, as far as the issuer can be reached. */
  fresh(milliseconds: number): Promise<Grant | null>
  refresh(): Promise<Session | null>
  end(): void
  listen(listener: AuthListener): () => void
}

type Parts = {
  settings: Settings
  server: Server
  tokens: Tokens
  keys: Keys | undefined
  /** Somebody is signed in, or nobody is any more. */
  onChange(): void
}

/** Milliseconds. */
const EARLY = 120_000
const PAUSE = 1000
/** How long other tabs are waited for: they answer in a few. */
const ANSWER = 200

export function createSessions({ settings, server, tokens, keys, onChange }: Parts): Sessions {
  const storage = createStorage(settings)
  const isShared = settings.storage === 'local'
  const listeners = new Set<AuthListener>()
  let grant: Grant | null = null
  /** What a hand-over replaced: the better one, if that turns out to be worth nothing. */
  let before: Grant | null = null
  let session: Session | null = null
  /** When the access token ends: by a clock that nobody sets, and by the one that also runs in sleep. */
  let ends = { tick: 0, date: 0 }
  let timer: ReturnType<typeof setTimeout> | undefined
  let refreshing: Promise<Session | null> | undefined
  let isQuiet = false
  let hasPeers = false
  let answered: () => void = () => {}
  let handedOn: Promise<void> | undefined

  const tabs = createTabs(settings.name, hear)

  function emit(event: AuthEvent): void {
    if (isQuiet) return
    for (const listener of listeners) {
      // What a listener throws is the page's to see, and stops nobody else.
      void (async () => {
        listener(event, session)
      })()
    }
  }

  function hold(event: AuthEvent, next: Grant | null): Session | null {
    grant = next
    if (next) {
      const age = Date.now() - next.at
      // A clock that was set back says nothing about how old it is.
      const left = age < 0 ? 0 : next.life - age
      ends = { tick: performance.now() + left, date: Date.now() + left }
      session = sessionOf(next, tokens.claims(next), ends.date)
    } else {
      session = null
      before = null
      keys?.forget()
    }
    storage.write(next)
    schedule()
    onChange()
    emit(event)
    return session
  }

  function left(): number {
    return Math.min(ends.tick - performance.now(), ends.date - Date.now())
  }

  /** Early, and not all tabs at once. */
  function schedule(): void {
    clearTimeout(timer)
    if (!grant || !globalThis.document) return
    const early = Math.min(EARLY, grant.life / 2) * (0.9 + Math.random() / 5)
    timer = setTimeout(wake, left() - early)
  }

  /** Also after sleep, and when the network is back. */
  function wake(): void {
    if (grant && left() < Math.min(EARLY, grant.life / 2) * 1.1) void quietly(refresh())
  }

  function offer(): void {
    tabs.tell({ type: 'session', ...(!isShared && { grant }) })
  }

  function hear({ type, grant: offered, token }: Own): void {
    hasPeers = true
    if (type === 'ask' && grant) offer()
    if (type === 'session') {
      // Where tabs share a storage, nobody is believed but that.
      handedOn = quietly(adopt(isShared ? storage.read() : offered))
      answered()
    }
    if (type === 'signed-out' && grant) void quietly(endIfOver(grant, token))
  }

  async function adopt(value: unknown): Promise<void> {
    const next = tokens.read(value)
    const mine = grant
    if (!next || (mine && !isNewer(next, mine))) return
    if (mine && tokens.claims(mine).sub === tokens.claims(next).sub) {
      before = mine
      hold('TOKEN_REFRESHED', next)
      return
    }
    // Only the issuer can say whose they are.
    const isTheirs = await isReal(next)
    if (grant !== mine) return
    if (isTheirs) hold('SIGNED_IN', next)
    else storage.write(mine)
  }

  function isNewer(one: Grant, other: Grant): boolean {
    const later = Number(tokens.claims(one).iat) - Number(tokens.claims(other).iat)
    return (later || one.count - other.count) > 0
  }

  async function isReal(candidate: Grant): Promise<boolean> {
    const response = await server.send(`${settings.issuer}/oauth/userinfo`, undefined, candidate)
    const { sub } = await server.read(response)
    return response.ok && sub === tokens.claims(candidate).sub
  }

  /** Whoever shows the token could end the session anyway. Of anybody else's word the issuer is asked. */
  async function endIfOver(mine: Grant, token: unknown): Promise<void> {
    let isAlive = false
    try {
      if (token !== mine.access) isAlive = left() > 0 ? await isReal(mine) : !!(await refresh())
    } catch {
      // Nobody can tell. Who wanted to sign out is believed.
    }
    if (grant !== mine) return
    if (isAlive) storage.write(mine)
    else hold('SIGNED_OUT', null)
  }

  async function ask(): Promise<void> {
    handedOn = undefined
    await new Promise<void>((resolve) => {
      answered = resolve
      tabs.tell({ type: 'ask' })
      setTimeout(resolve, ANSWER)
    })
    await handedOn
  }

  async function renew(known: Grant): Promise<Session | null> {
    if (isShared) await adopt(storage.read())
    else if (hasPeers) await ask()
    // Another tab was first, or somebody signed out.
    if (!grant || grant.access !== known.access) return session
    for (const candidate of [grant, before]) {
      const next = candidate && (await exchange(candidate))
      if (!grant || grant.access !== known.access) return session
      if (!next) continue
      before = null
      hold('TOKEN_REFRESHED', next)
      offer()
      return session
    }
    end()
    return null
  }

  /** `undefined` when the grant has ended. A second try when nothing was heard: it gets the same answer. */
  async function exchange(previous: Grant, isLast = false): Promise<Grant | undefined> {
    try {
      return await tokens.request(
        { grant_type: 'refresh_token', refresh_token: previous.refresh },
        { previous },
      )
    } catch (error) {
      if (!(error instanceof FoyerError)) throw error
      if (error.code === 'invalid_grant') return undefined
      if (isLast || (error.status > 0 && error.status < 500)) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      return exchange(previous, true)
    }
  }

  function refresh(): Promise<Session | null> {
    const known = grant
    if (!known) return Promise.resolve(null)
    refreshing ??= (async () => {
      try {
        return await tabs.lock(settings.name, () => renew(known))
      } finally {
        refreshing = undefined
      }
    })()
    return refreshing
  }

  function end(): void {
    if (!grant) return
    tabs.tell({ type: 'signed-out', token: grant.access })
    hold('SIGNED_OUT', null)
  }

  return {
    tabs,
    refresh,
    end,
    session: () => session,
    grant: () => grant,
    begin(next) {
      before = null
      const begun = hold('SIGNED_IN', next)
      offer()
      return begun as Session // of a grant
    },
    async fresh(milliseconds) {
      if (grant && left() < milliseconds) {
        try {
          await refresh()
        } catch (error) {
          if (left() <= 0) throw error
        }
      }
      return grant
    },
    async restore(finish) {
      isQuiet = true
      try {
        const stored = tokens.read(storage.read())
        if (stored) hold('SIGNED_IN', stored)
        else storage.write(null)
        await finish()
        if (!isShared && !grant) await ask()
        if (grant && left() <= 0) await quietly(refresh())
      } finally {
        isQuiet = false
        emit('INITIAL_SESSION')
      }
      globalThis.document?.addEventListener('visibilitychange', wake)
      globalThis.addEventListener?.('online', wake)
      return session
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What fails is tried again when it is needed. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch {
    // The session stays as it was.
  }
}
