// Signatures of the engine's cookies, in the shape that its cookie library asks for (Keygrip's).

import { isSameDigest } from '../shared/secrets.ts'

/** HMACs of a cookie's `name=value` under every value of `SECRET`, the current one first. */
export type CookieDigests = (cookie: string) => readonly string[]

/**
 * Keygrip itself signs with SHA-1, and compares by two more HMACs under a random key: half of what
 * reading an interaction costs.
 */
export function createCookieSignatures(digests: CookieDigests) {
  /** Under which of the values the signature was made; -1 for none. */
  const index = (cookie: string, signature: string): number =>
    digests(cookie).findIndex((digest) => isSameDigest(digest, signature))
  return {
    sign: (cookie: string) => digests(cookie)[0],
    verify: (cookie: string, signature: string) => index(cookie, signature) >= 0,
    index,
  }
}
