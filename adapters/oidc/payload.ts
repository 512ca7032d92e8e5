// What every engine model has in common on its way to and from a store: hashed ids and a payload without them.

import type { AdapterPayload } from 'oidc-provider'
import { sha256 } from '../../src/shared/secrets.ts'

/**
 * What a bearer could present is stored as its SHA-256: the values have 256 random bits, so that a
 * plain hash cannot be searched, and a copy of the database signs nobody in.
 */
export function storedId(model: string, id: string): string {
  return sha256(`${model}:${id}`)
}

/** The engine's payload as JSON, without the bearer values it holds. */
export function writePayload(payload: AdapterPayload): string {
  const { jti: _jti, session, ...rest } = payload
  if (!session) return JSON.stringify(rest)
  // An interaction repeats the session's cookie; nothing reads it from there.
  const { cookie: _cookie, ...withoutCookie } = session
  return JSON.stringify({ ...rest, session: withoutCookie })
}

/** The payload as the engine wrote it, with the id the caller asked for in its place. */
export function readPayload(id: string, stored: string): AdapterPayload {
  return { ...(JSON.parse(stored) as AdapterPayload), jti: id } // we wrote it, see writePayload
}
