// What the engine's lasting models have in common: a document with the payload, judged by its expiry.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import { type Clock, SECOND } from '../../src/shared/clock.ts'
import type { Document } from '../../src/stores/documents.ts'
import { writePayload } from './payload.ts'

export type Stored = Document & {
  organisation: string
  payload: string
  /** Milliseconds since 1970. */
  expiresAt: number
  account?: string | undefined
}

/** The fields of a document for the payload. */
export function stored(payload: AdapterPayload, expiresIn: number | undefined, clock: Clock) {
  return {
    payload: writePayload(payload),
    expiresAt: clock.now() + lifeOf(expiresIn),
    account: payload.accountId,
  }
}

/** In milliseconds. Nothing of the engine's is kept for ever. */
export function lifeOf(expiresIn: number | undefined): number {
  if (expiresIn === undefined) throw new TypeError('an engine model needs a life time')
  return expiresIn * SECOND
}

/** Stores remove expired documents late: whether one is live is decided here, on every read. */
export function isLive(document: Stored, clock: Clock): boolean {
  return document.expiresAt > clock.now()
}

/** Methods of an adapter that the engine has for other models. */
export function unused<Method extends keyof Adapter>(model: string, ...methods: readonly Method[]) {
  const refuse = (method: Method) => (): Promise<never> =>
    Promise.reject(new TypeError(`${model} has no ${method}`))
  return Object.fromEntries(methods.map((method) => [method, refuse(method)])) as {
    [method in Method]: () => Promise<never> // one for each
  }
}
