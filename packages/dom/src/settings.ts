// What a page asked for, checked at once: a mistake shows where it was made.

import { isText, own } from './own.ts'
import type { ClientOptions } from './types.ts'

export type Settings = ClientOptions & {
  readonly storage: 'memory' | 'session' | 'local'
  /** What storage, locks and messages of this client are called. */
  readonly name: string
  readonly fetch: typeof fetch
  // Taken here: what a script puts in their place later is never called.
  readonly parse: typeof JSON.parse
  readonly stringify: typeof JSON.stringify
}

/** Throws a TypeError for what cannot be meant. */
export function readOptions(options: ClientOptions): Settings {
  const given = own<ClientOptions>(options)
  const { clientId, storage = 'memory' } = given
  const issuer = isText(given.issuer) ? given.issuer.replace(/\/$/, '') : ''
  if (!isSafeAddress(issuer))
    throw new TypeError('issuer: an absolute https address without query and fragment')
  if (!isText(clientId)) throw new TypeError('clientId: the id of a client')
  if (storage !== 'memory' && storage !== 'session' && storage !== 'local')
    throw new TypeError("storage: 'memory', 'session' or 'local'")
  if (!globalThis.crypto?.subtle) throw new TypeError('This page needs https.')
  const { fetch } = globalThis
  const { parse, stringify } = JSON
  return own({
    // Called as the page's: `fetch` refuses any other `this`.
    fetch: (...args: Parameters<typeof fetch>) => fetch(...args),
    ...given,
    issuer,
    storage,
    name: `foyer:${issuer}:${clientId}`,
    parse,
    stringify,
  })
}

/** https, or plain http on this very device, for development. */
export function isSafeAddress(address: string): boolean {
  try {
    const { protocol, hostname, search, hash, username } = new URL(address)
    const isHere = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/.test(hostname)
    return (
      (protocol === 'https:' || (protocol === 'http:' && isHere)) && !search && !hash && !username
    )
  } catch {
    return false
  }
}
