// What the engine's lasting models have in common: a document with the payload, judged by its expiry.

import type { AdapterPayload } from 'oidc-provider'
import { type Clock, SECOND } from '../../src/shared/clock.ts'
import type { Document } from '../../src/stores/documents.ts'
import { writePayload } from './payload.ts'

export type Stored = Document & {
  organisation: string
  payload: string
  /** Milliseconds since 1970. */
  expiresAt: number
  account?: string
}

/** The fields of a document for the payload. */
export function stored(payload: AdapterPayload, expiresIn: number | undefined, clock: Clock) {
  if (expiresIn === undefined) throw new TypeError('an engine model needs a life time')
  return {
    payload: writePayload(payload),
    expiresAt: clock.now() + expiresIn * SECOND,
    ...(payload.accountId && { account: payload.accountId }),
  }
}

/** Stores remove expired documents late: whether one is live is decided here, on every read. */
export function isLive(document: Stored, clock: Clock): boolean {
  return document.expiresAt > clock.now()
}

/** For the methods of an adapter that the engine has for other models. */
export function unused(model: string, how: string): Promise<never> {
  return Promise.reject(new TypeError(`${model} is never ${how}`))
}
