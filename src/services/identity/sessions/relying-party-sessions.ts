// Who is signed in at a relying party of the house: its tokens, kept from the browser and renewed for it.

import { type Clock, SECOND } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import { type Keyring, type Random, sha256 } from '../../../shared/secrets.ts'
import type {
  RelyingPartySession,
  RelyingPartySessionStore,
} from '../../../stores/relying-party-sessions.ts'

/** What the provider gave. */
export type PartyTokens = {
  accessToken: string
  refreshToken: string
  /** Life of the access token in milliseconds, from now. */
  life: number
}

/** Who a good access token belongs to. */
export type Person = { email: string; account: string; sid?: string }

/** A session that is good now, with an access token that is, too. */
export type OpenSession = Person & { accessToken: string; expiresAt: number }

/** Each throws `StoreUnavailable`, or `unavailable` while the provider cannot answer. */
export type RelyingPartySessions = {
  /** Begins one; `undefined` when its access token is not good. `cookie` is told once, and stored nowhere. */
  start(tokens: PartyTokens): Promise<{ cookie: string; expiresAt: number } | undefined>
  /** `undefined` when there is none of this cookie, or it is over: here, or at the provider. */
  open(cookie: string): Promise<OpenSession | undefined>
  /** Ends it, and with it the whole session at the provider. */
  end(cookie: string): Promise<void>
  /** Ends it here alone: the browser begins another. */
  leave(cookie: string): Promise<void>
}

export type RelyingPartySessionsParts = {
  /** Of the relying party. */
  name: string
  organisation: string
  /** How long somebody stays signed in here, in milliseconds. */
  life: number
  store: RelyingPartySessionStore
  /** Whether the access token is good now; asked with every request, so that an end elsewhere counts at once. */
  check(accessToken: string): Promise<Person | undefined>
  /** `undefined` when the refresh token is good no more. */
  refresh(refreshToken: string): Promise<PartyTokens | undefined>
  /** Ends the session at the provider, with all that it gave. */
  endAtProvider(person: { account: string; session: string }): Promise<void>
  keyring: Keyring
  random: Random
  clock: Clock
  wait(milliseconds: number): Promise<void>
}

const COOKIE_BYTES = 32
/** Tokens are replaced so long before they expire: whoever comes meanwhile still has a good one. */
const MARGIN = 60 * SECOND
/** Longer than a refresh takes; after it whoever had the right to it is taken for gone. */
const LEASE = 10 * SECOND
const LOOK_EVERY = SECOND / 10

type Kept = { accessToken: string; refreshToken: string }

export function createRelyingPartySessions(parts: RelyingPartySessionsParts): RelyingPartySessions {
  const { name, organisation, store, clock } = parts
  const seal = createSeal(parts)

  // Whatever a browser sends is looked for by its digest: what is no cookie of ours is nobody's.
  const find = (cookie: string): Promise<RelyingPartySession | undefined> =>
    store.find(name, sha256(cookie), clock.now())

  async function over(session: RelyingPartySession): Promise<undefined> {
    await store.remove(name, session._id)
  }

  const replaced = createReplace(parts, { seal, find, over })

  /** What the request goes on with, where its access token is good. */
  async function good(
    cookie: string,
    session: RelyingPartySession,
  ): Promise<OpenSession | undefined> {
    const kept = seal.open(cookie, session)
    const person = kept && (await parts.check(kept.accessToken))
    if (!person || person.account !== session.account) return undefined
    return { ...person, accessToken: kept.accessToken, expiresAt: session.expiresAt }
  }

  return {
    async start(tokens) {
      const person = await parts.check(tokens.accessToken)
      if (!person) return undefined
      const cookie = parts.random.token(COOKIE_BYTES)
      const now = clock.now()
      const expiresAt = now + parts.life
      await store.insert({
        _id: sha256(cookie),
        organisation,
        relyingParty: name,
        account: person.account,
        ...(person.sid && { session: person.sid }),
        ...seal.close(cookie, tokens),
        createdAt: now,
        expiresAt,
        version: 0,
      })
      return { cookie, expiresAt }
    },

    async open(cookie) {
      const session = await find(cookie)
      if (!session) return undefined
      const current = await good(cookie, session)
      if (current && clock.now() < session.refreshAt) return current
      const kept = seal.open(cookie, session)
      if (!kept) return over(session) // sealed under a value of `SECRET` that is gone
      if (current && (session.leasedUntil ?? 0) > clock.now()) return current // somebody is at it
      const next = await replaced(cookie, session, kept).catch((error) => {
        if (!current) throw error
        return session // for its last minute, while the provider is away
      })
      if (!next) return undefined
      // A new token that is not good says that the session, or the account, is over.
      return (await good(cookie, next)) ?? over(next)
    },

    async end(cookie) {
      const session = await find(cookie)
      if (!session) return
      const { account, session: atProvider } = session
      if (atProvider) await parts.endAtProvider({ account, session: atProvider })
      await over(session)
    },

    async leave(cookie) {
      await store.remove(name, sha256(cookie))
    },
  }
}

type Seal = ReturnType<typeof createSeal>

/** Under a key that is made of the cookie too: what is stored opens for nobody who only has the store. */
function createSeal({ name, keyring, clock }: RelyingPartySessionsParts) {
  const contextOf = (cookie: string) => ({ context: name, bearer: cookie })
  return {
    close(cookie: string, { accessToken, refreshToken, life }: PartyTokens) {
      const kept: Kept = { accessToken, refreshToken }
      return {
        sealed: keyring.seal('seal:relying-party', contextOf(cookie), JSON.stringify(kept)),
        refreshAt: clock.now() + life - MARGIN,
      }
    },

    open(cookie: string, session: RelyingPartySession): Kept | undefined {
      const clear = keyring.open('seal:relying-party', contextOf(cookie), session.sealed)
      return clear === undefined ? undefined : (JSON.parse(clear) as Kept) // closed above
    },
  }
}

/** The session with other tokens, whoever replaced them; `undefined` when it is over. */
function createReplace(
  { store, clock, refresh, wait }: RelyingPartySessionsParts,
  parts: {
    seal: Seal
    find(cookie: string): Promise<RelyingPartySession | undefined>
    over(session: RelyingPartySession): Promise<undefined>
  },
) {
  const { seal, find, over } = parts

  /** With the right to do so. */
  async function renew(
    cookie: string,
    session: RelyingPartySession,
    { refreshToken }: Kept,
  ): Promise<RelyingPartySession | undefined> {
    try {
      const tokens = await refresh(refreshToken)
      if (!tokens) return over(session)
      const replaced = await store.replaceTokens(session, seal.close(cookie, tokens))
      return replaced ?? (await find(cookie))
    } catch (error) {
      await store.release(session).catch(() => {}) // else whoever comes next waits for its end
      throw error
    }
  }

  return async (
    cookie: string,
    read: RelyingPartySession,
    kept: Kept,
  ): Promise<RelyingPartySession | undefined> => {
    const giveUpAt = clock.now() + LEASE
    for (;;) {
      const now = clock.now()
      if (await store.lease(read, { now, until: now + LEASE })) return renew(cookie, read, kept)
      const session = await find(cookie)
      if (session?.version !== read.version) return session
      if (now >= giveUpAt) throw new AppError('unavailable', { retryAfter: 5 })
      await wait(LOOK_EVERY)
    }
  }
}
