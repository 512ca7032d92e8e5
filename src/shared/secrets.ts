// Random secrets, keyed digests, and sealing at rest, all under keys derived from `SECRET`.

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from 'node:crypto'

/** Randomness, as a part that is handed in. */
export type Random = {
  /** `bytes` random bytes as base64url. */
  token(bytes: number): string
  /** A uniform whole number from 0 up to, but not including, `limit` (at most 2^48 - 1). */
  below(limit: number): number
}

/** The operating system's cryptographic generator. */
export const systemRandom: Random = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  below: (limit) => randomInt(limit),
}

/** SHA-256 as base64url: for values that are random enough that nobody can search them. */
export function sha256(value: string): string {
  return hash('sha256', value, 'base64url')
}

/** Compares two digests without telling by its time how much of them is equal. */
export function isSameDigest(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What a key is for. A value made for one purpose is worthless for another. */
export type Purpose =
  | 'api-key'
  | 'one-time-code'
  | 'client-secret'
  | 'client-secret-placeholder'
  | 'client-of-the-house'
  | 'cookies'
  | 'address'
  | 'known-browser'
  | 'reviewer-code'
  | 'cursor'
  | 'audit-head'
  | 'secret-name'
  | 'host-proof'
  | 'restart'
  | 'seal:signing-key'
  | 'seal:refresh'
  | 'seal:interaction'
  | 'seal:cookie'
  | 'seal:restart'
  | 'seal:agreement'
  | 'seal:relying-party'
  | 'seal:answer'
  | 'seal:test-sign-in'
  | 'test-sign-in'
  | 'seal:cursor'

/** Keys from `SECRET`: the first value makes and seals, every value is tried to check and open. */
export type Keyring = {
  /** HMAC-SHA-256 of the parts, each length-prefixed so that no two lists collide, as base64url. */
  digest(purpose: Purpose, ...parts: readonly string[]): string
  /** Digests under every value of `SECRET`, the current one first: for lookups while `SECRET` is rotated. */
  digests(purpose: Purpose, ...parts: readonly string[]): string[]
  /** AES-256-GCM. The context is authenticated: what was sealed for one context opens for no other. */
  seal(purpose: Purpose, context: SealContext, clear: string): string
  /** The clear text, or `undefined` when it was sealed under other keys, for another context, or altered. */
  open(purpose: Purpose, context: SealContext, sealed: string): string | undefined
}

/** With `bearer` the key is made of it too: `SECRET` and a copy of the database do not open what was sealed. */
export type SealContext = string | { readonly context: string; readonly bearer: string }

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A key object: made once, where raw bytes would be turned into one at every use. */
function deriveKey(secret: string, purpose: Purpose): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'foyer', purpose, 32)))
}

function lengthPrefixed(parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
}

/** Makes the keyring. `secrets` are the values of `SECRET`, the current one first; at least one. */
export function createKeyring(secrets: readonly string[]): Keyring {
  const derived = new Map<Purpose, KeyObject[]>()
  const keysFor = (purpose: Purpose): KeyObject[] => {
    const known = derived.get(purpose)
    if (known) return known
    const keys = secrets.map((secret) => deriveKey(secret, purpose))
    derived.set(purpose, keys)
    return keys
  }
  const current = (purpose: Purpose): KeyObject => {
    const key = keysFor(purpose)[0]
    if (!key) throw new TypeError('a keyring needs at least one secret')
    return key
  }
  const hmac = (key: KeyObject, parts: readonly string[]): string =>
    createHmac('sha256', key).update(lengthPrefixed(parts)).digest('base64url')

  return {
    digest: (purpose, ...parts) => hmac(current(purpose), parts),
    digests: (purpose, ...parts) => keysFor(purpose).map((key) => hmac(key, parts)),

    seal(purpose, context, clear) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyFor(current(purpose), context), nonce).setAAD(
        additionalData(context),
      )
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },

    open(purpose, context, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      if (tag.length !== TAG_BYTES) return undefined
      for (const key of keysFor(purpose)) {
        const decipher = createDecipheriv('aes-256-gcm', keyFor(key, context), nonce)
          .setAAD(additionalData(context))
          .setAuthTag(tag)
        try {
          return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
        } catch {
          // Sealed under another key of the list, or not by us: the next key decides.
        }
      }
      return undefined
    },
  }
}

function additionalData(context: SealContext): Buffer {
  return Buffer.from(typeof context === 'string' ? context : context.context)
}

function keyFor(key: KeyObject, context: SealContext): KeyObject {
  if (typeof context === 'string') return key
  return createSecretKey(createHmac('sha256', key).update(context.bearer).digest())
}
