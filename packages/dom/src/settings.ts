// What a page asked for, checked at once: a mistake shows where it was made.

import { isText, own } from './own.ts'
import type { Keys } from './proofs.ts'
import type { ClientOptions } from './types.ts'

export type Settings = ClientOptions & {
  readonly storage: 'memory' | 'session' | 'local'
  /** What storage, locks and messages of this client are called. */
  readonly name: string
  /** The page's own of this moment: what a script puts in its place later is never called. */
  readonly fetch: typeof fetch
  readonly keys: Keys | undefined
}

/** Throws a TypeError for what cannot be meant. */
export function readOptions(options: ClientOptions): Settings {
  const given = own<ClientOptions>(options)
  const { clientId, storage = 'memory', fetch = globalThis.fetch, dpop } = given
  const issuer = String(given.issuer).replace(/\/$/, '')
  if (!isSafeAddress(issuer)) throw new TypeError('issuer: not an https address')
  if (!isText(clientId)) throw new TypeError('clientId: missing')
  if (!['memory', 'session', 'local'].includes(storage)) throw new TypeError('storage: unknown')
  if (!globalThis.crypto?.subtle) throw new TypeError('This page needs https.')
  const name = `foyer:${issuer}:${clientId}`
  return own({
    ...given,
    fetch,
    issuer,
    storage,
    name,
    keys: dpop?.(name, storage !== 'memory'),
  })
}

/** https, or plain http on this very device, for development; without query, fragment and password. */
export function isSafeAddress(address: unknown): address is string {
  const safe = /^(https:\/\/\w|http:\/\/(localhost|127\.0\.0\.1|\[::1])(?![^:/]))[^?#@\s]*$/
  return typeof address === 'string' && safe.test(address)
}
