// Sessions of the engine: under their `uid`, found by a cookie that changes, with what our own list of them needs.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import { type Clock, SECOND } from '../../src/shared/clock.ts'
import { labelUserAgent } from '../../src/shared/user-agent.ts'
import type { Collection, Documents, Update } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import { type Session, type SessionClient, sessionsCollection } from '../../src/stores/sessions.ts'
import type { FormerCookies } from './former-cookies.ts'
import { readPayload, writePayload } from './payload.ts'
import type { Recent } from './recent.ts'
import {
  HASHED,
  handedOnOf,
  setCookie,
  successorOf,
  uidOf,
  whereCookie,
} from './session-cookies.ts'
import { isLive, lifeOf, unused } from './stored.ts'

export type SessionModelParts = {
  organisation: string
  documents: Documents
  clock: Clock
  recent: Recent
  formerCookies: FormerCookies
  /** How long a session may go unused, in milliseconds. */
  sessionIdle: number
  /** The request that the engine is serving, if it is serving one. */
  sessionRequest(): SessionRequest | undefined
}

export type SessionRequest = {
  userAgent: string
  /** The cookie that the session had before this request gave it a new one. */
  formerCookie?: string
  /** Somebody signs out of this application alone. */
  leftClient?: string
  /** Another request was first to give it a new one: the browser is to get that. */
  goOnAs(cookie: string): void
}

export function createSessionModel(parts: SessionModelParts): Adapter {
  const { organisation, documents, clock, recent, formerCookies } = parts
  const sessions = documents.collection<Session>(sessionsCollection)
  const saves = createSaves(parts, sessions)

  async function find(cookie: string): Promise<AdapterPayload | undefined> {
    if (cookie.startsWith(HASHED)) return undefined // a stored hash is no cookie
    const found = await sessions.findOne({ ...whereCookie(cookie), organisation })
    if (found) return isLive(found, clock) ? payloadOf(found, cookie) : undefined
    const heir = await formerCookies.heirOf(organisation, cookie)
    return heir === undefined ? undefined : find(heir)
  }

  return {
    /** By its cookie, or for a moment by the one that it had before. */
    find,

    async findByUid(uid) {
      const found = await readSession(parts, uid)
      return found && isLive(found, clock)
        ? payloadOf(found, `${HASHED}${found.cookie}`)
        : undefined
    },

    async upsert(id, payload, expiresIn) {
      const request = parts.sessionRequest()
      const former = request?.formerCookie
      const next = former ? successorOf(former, id) : id
      const cookie = former ? await saves.replaceCookie(former, next, payload) : id
      if (cookie !== id) request?.goOnAs(cookie)
      const isSaved = await saves.save(payload, expiresIn, { was: former ?? id, is: cookie })
      if (isSaved) return
      if (former) return saves.saveAs(cookie, payload, expiresIn)
      await saves.addClients(payload)
      const heir = await formerCookies.heirOf(organisation, id)
      if (heir !== undefined) request?.goOnAs(heir)
    },

    /** A new cookie takes the old one's place when the session is saved; anything else is the session's end. */
    async destroy(id) {
      if (parts.sessionRequest()?.formerCookie === id) return
      const now = clock.now()
      await sessions.updateOne(
        { ...whereCookie(id), organisation, ...live },
        { $set: { endedAt: now, expiresAt: now } },
      )
      await recent.forget()
    },

    ...unused('Session', 'consume', 'revokeByGrantId', 'findByUserCode'),
  }
}

/**
 * Notes that a session was used by a refresh: at most once an hour, so that most refreshes write nothing
 * for it. Nothing happens to one that is over.
 */
export function createNoteUse(parts: SessionModelParts) {
  const { organisation, documents, clock, recent } = parts
  const sessions = documents.collection<Session>(sessionsCollection)
  return async (uid: string): Promise<void> => {
    const session = await readSession(parts, uid) // the engine has just asked for it
    const now = clock.now()
    if (!session || !isLive(session, clock) || session.lastSeenAt > now - NOTED_EVERY) return
    const expiresAt = Math.min(session.endsAt, now + parts.sessionIdle)
    const filter = { _id: uid, organisation, ...live }
    await recent.keep(keyOf(filter), () =>
      sessions.updateOne(filter, { $set: { lastSeenAt: now, expiresAt } }),
    )
  }
}

const NOTED_EVERY = 3600 * SECOND

/** What has ended is never changed again. */
export const live = { endedAt: { $exists: false } } as const

/** The writes of a save. A session may have ended, or got a new cookie, since the request read it. */
function createSaves(parts: SessionModelParts, sessions: Collection<Session>) {
  const { organisation, clock, recent, formerCookies } = parts
  const filterOf = (payload: AdapterPayload) => ({ _id: uidOf(payload), organisation })

  function changeOf(payload: AdapterPayload, expiresIn: number | undefined) {
    const now = clock.now()
    const endsAt = now + lifeOf(expiresIn)
    const { authorizations, ...rest } = payload
    return {
      payload: writePayload(rest),
      ...clientsOf(authorizations),
      account: payload.accountId,
      ...labelUserAgent(parts.sessionRequest()?.userAgent ?? ''),
      lastSeenAt: now,
      endsAt,
      expiresAt: Math.min(endsAt, now + parts.sessionIdle),
    }
  }

  /** Its next sign-in there is another one to the application, with a `sid` of its own. */
  function leaving(): Update {
    const left = parts.sessionRequest()?.leftClient
    return left === undefined ? {} : { $unset: { [`clients.${left}`]: true } }
  }

  /** Nothing happens to one that is over, or that somebody else is signed in with by now. */
  async function change(
    payload: AdapterPayload,
    fields: NonNullable<Update['$set']>,
  ): Promise<void> {
    if (!payload.accountId) return
    const filter = { ...filterOf(payload), account: payload.accountId, ...live }
    await recent.keep(keyOf(filter), () =>
      sessions.updateOne(filter, { $set: fields, ...leaving(), $inc: { version: 1 } }),
    )
  }

  return {
    /**
     * The cookie in place of the former one. The former one goes on leading to the session for a moment,
     * unless somebody signed in: a cookie that was planted before a sign-in leads nowhere after it.
     */
    async replaceCookie(former: string, next: string, payload: AdapterPayload): Promise<string> {
      const before = await sessions.findOne(filterOf(payload))
      const isSame = before?.account !== undefined && before.account === payload.accountId
      return isSame ? formerCookies.replace(organisation, former, next) : next
    },

    /** Makes or changes the session while it has the cookie it was read by; `false` when it has not. */
    async save(
      payload: AdapterPayload,
      expiresIn: number | undefined,
      cookie: { was: string; is: string },
    ): Promise<boolean> {
      const filter = filterOf(payload)
      const isFirst = !handedOnOf(cookie.was) // it is made with its first cookie, and handed on later
      const write = () =>
        sessions.updateOne(
          { ...whereCookie(cookie.was), ...filter, ...live },
          {
            $set: { ...changeOf(payload, expiresIn), ...setCookie(cookie.is) },
            $setOnInsert: { firstSeenAt: clock.now() },
            ...leaving(),
            $inc: { version: 1 },
          },
          { upsert: isFirst },
        )
      let saved: Session | undefined
      const keepIt = async () => {
        saved = await write()
        return saved
      }
      try {
        await recent.keep(keyOf(filter), keepIt, ({ version }) => version === 1)
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
      return saved !== undefined
    },

    /** Changes the session, whatever cookie it has. */
    saveAs: (cookie: string, payload: AdapterPayload, expiresIn: number | undefined) =>
      change(payload, { ...changeOf(payload, expiresIn), ...setCookie(cookie) }),

    /** What this request's application got is kept; the rest of it is older than what stands there. */
    addClients: (payload: AdapterPayload) =>
      change(payload, { lastSeenAt: clock.now(), ...clientsOf(payload.authorizations) }),
  }
}

function readSession(
  { organisation, documents, recent }: SessionModelParts,
  uid: string,
): Promise<Session | undefined> {
  const sessions = documents.collection<Session>(sessionsCollection)
  const filter = { _id: uid, organisation }
  return recent.find(keyOf(filter), () => sessions.findOne(filter))
}

type Authorizations = AdapterPayload['authorizations']

/** Each client apart, so that two requests at once keep each other's. */
function clientsOf(authorizations: Authorizations = {}): { [path: string]: SessionClient } {
  return Object.fromEntries(
    Object.entries(authorizations).map(([client, { sid, grantId, persistsLogout }]) => [
      `clients.${client}`,
      {
        ...(sid && { sid }),
        ...(grantId && { grant: grantId }),
        ...(persistsLogout && { offline: true }),
      },
    ]),
  )
}

function payloadOf({ payload, clients = {} }: Session, id: string): AdapterPayload {
  const authorizations = Object.entries(clients).map(([client, { sid, grant, offline }]) => [
    client,
    {
      ...(sid && { sid }),
      ...(grant && { grantId: grant }),
      ...(offline && { persistsLogout: true }),
    },
  ])
  return {
    ...readPayload(id, payload),
    ...(authorizations.length > 0 && { authorizations: Object.fromEntries(authorizations) }),
  }
}

/** Under which `recent` knows a session. */
export function keyOf({ organisation, _id }: { organisation: string; _id: string }): string {
  return `Session/${organisation}/${_id}`
}
