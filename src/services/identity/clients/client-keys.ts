// The public keys of clients that prove who they are by a signature (OpenID Connect Core 9, private_key_jwt).

import { createPublicKey, type KeyObject } from 'node:crypto'
import type { ClientKey } from '../../../stores/client-keys.ts'

const MAX_KEYS = 10
const MAX_KID = 128
const MIN_RSA_BITS = 2048
/** Longer ones, or other exponents, cost us more with each signature than they give anybody. */
const MAX_RSA_BITS = 4096
const RSA_EXPONENT = 65537n

/** Parts of a private or a symmetric key (RFC 7518, 6.2.2, 6.3.2, 6.4): whoever sends one has given it away. */
const secretParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** What makes a public key of each type (RFC 7518, 6; RFC 8037, 2), and what it may sign with. */
const types = {
  RSA: { parameters: ['n', 'e'], algorithms: ['RS256', 'PS256'] },
  EC: { parameters: ['crv', 'x', 'y'], algorithms: ['ES256'] },
  OKP: { parameters: ['crv', 'x'], algorithms: ['EdDSA', 'Ed25519'] },
} as const satisfies { [type: string]: { parameters: string[]; algorithms: string[] } }

/** What every registered key may sign with. */
export const clientKeyAlgorithms = Object.values(types).flatMap(({ algorithms }) => algorithms)

type Problem = { path: string; message: string }
type Read = { keys: ClientKey[]; problems: Problem[] }

/** The keys of a JWK set (RFC 7517, 5), reduced to what a public key is made of, and all that is wrong with it. */
export function readClientKeys(jwks: unknown): Read {
  const listed = isObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(listed)) return refused('jwks', 'needs a JWK set: an object with `keys`')
  if (listed.length === 0 || listed.length > MAX_KEYS)
    return refused('jwks.keys', `needs 1 to ${MAX_KEYS} keys`)
  const read = listed.map(readKey)
  const keys = read.filter((key) => typeof key !== 'string')
  const ids = keys.flatMap(({ kid }) => kid ?? [])
  return {
    keys,
    problems: [
      ...read.flatMap((key, index) =>
        typeof key === 'string' ? [{ path: `jwks.keys.${index}`, message: key }] : [],
      ),
      ...(new Set(ids).size < ids.length
        ? [{ path: 'jwks.keys', message: 'two keys have the same `kid`' }]
        : []),
    ],
  }
}

function refused(path: string, message: string): Read {
  return { keys: [], problems: [{ path, message }] }
}

/** The key, or what is wrong with it. */
function readKey(value: unknown): ClientKey | string {
  if (!isObject(value)) return 'is no JWK'
  if (secretParts.some((part) => part in value))
    return 'holds parts of a secret key: make a new pair, and register its public half'
  const { kty, kid, alg, use } = value
  if (!isType(kty)) return `\`kty\` is none of ${Object.keys(types).join(', ')}`
  const type = types[kty]
  if (kid !== undefined && !(typeof kid === 'string' && kid !== '' && kid.length <= MAX_KID))
    return `\`kid\` needs 1 to ${MAX_KID} characters`
  if (use !== undefined && use !== 'sig') return '`use` is not `sig`'
  const algorithms: readonly unknown[] = type.algorithms
  if (alg !== undefined && !algorithms.includes(alg))
    return `\`alg\` is none of ${algorithms.join(', ')}`
  const parameters = type.parameters.map((name) => [name, value[name]] as const)
  if (!parameters.every(([, text]) => typeof text === 'string')) return 'is incomplete'
  const key = { kty, ...Object.fromEntries(parameters) } as ClientKey // all of them are texts
  return (
    problemOf(key) ?? {
      ...key,
      ...(typeof kid === 'string' && { kid }),
      ...(typeof alg === 'string' && { alg }),
    }
  )
}

function problemOf(jwk: ClientKey): string | undefined {
  const key = publicKeyOf(jwk)
  const details = key?.asymmetricKeyDetails
  if (!key || !details) return 'is no public key'
  switch (key.asymmetricKeyType) {
    case 'rsa': {
      const { modulusLength = 0, publicExponent } = details
      if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS)
        return `needs ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits, and has ${modulusLength}`
      return publicExponent === RSA_EXPONENT ? undefined : `needs the exponent ${RSA_EXPONENT}`
    }
    case 'ec':
      return details.namedCurve === 'prime256v1' ? undefined : '`crv` is not P-256'
    case 'ed25519':
      return undefined
    default:
      return '`crv` is not Ed25519'
  }
}

function publicKeyOf(jwk: ClientKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined // what it objects to is for nobody to read
  }
}

function isType(kty: unknown): kty is keyof typeof types {
  return typeof kty === 'string' && Object.hasOwn(types, kty)
}

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
