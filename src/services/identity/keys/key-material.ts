// What a signing key is made of: generated, sealed under `SECRET`, opened, and its public half.

import { generateKeyPair, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Keyring } from '../../../shared/secrets.ts'
import type { SigningAlgorithm, SigningKey } from '../../../stores/signing-keys.ts'
import { successorDueAt } from './key-schedule.ts'

/** A JWK (RFC 7517) as the engine takes it: with `kid`, `alg` and `use`. */
export type Jwk = {
  kid: string
  alg: SigningAlgorithm
  use: 'sig'
  kty: string
  [parameter: string]: string
}

export type KeyMaking = {
  keyring: Keyring
  clock: Clock
  /** How long the organisation's keys sign, in milliseconds. */
  rotationOf(organisation: string): Promise<number>
}

const RSA_BITS = 2048 // NIST SP 800-57: good until 2030; signing with more costs seven times as much

/** A new key, sealed; nothing is stored. */
export async function makeKey(
  { keyring, clock, rotationOf }: KeyMaking,
  key: Pick<SigningKey, 'organisation' | 'alg' | 'generation' | 'activeFrom'>,
): Promise<SigningKey> {
  const kid = randomUUID()
  const jwk = { ...(await generateJwk(key.alg)), kid, alg: key.alg, use: 'sig' as const }
  return {
    _id: kid,
    ...key,
    ...sealKey(keyring, key.organisation, jwk),
    createdAt: clock.now(),
    dueAt: successorDueAt(key.activeFrom, await rotationOf(key.organisation)),
  }
}

/** Names of the values of `SECRET`, the current one first. */
export function sealNames(keyring: Keyring): string[] {
  return keyring.digests('secret-name')
}

export function sealKey(keyring: Keyring, organisation: string, jwk: Jwk) {
  const context = sealContext(organisation, jwk.kid)
  return {
    sealed: keyring.seal('seal:signing-key', context, JSON.stringify(jwk)),
    sealedBy: sealNames(keyring)[0] ?? '', // a keyring has at least one
  }
}

/** The key in clear; `undefined` when it was sealed under no value of `SECRET`, or altered. Throws when it is weak. */
export function openKey(keyring: Keyring, key: SigningKey): Jwk | undefined {
  const context = sealContext(key.organisation, key._id)
  const clear = keyring.open('seal:signing-key', context, key.sealed)
  if (clear === undefined) return undefined
  const jwk = JSON.parse(clear) as Jwk // authenticated by the seal: we wrote it
  // RFC 7518, 3.3
  if (jwk.kty === 'RSA' && Buffer.from(jwk.n ?? '', 'base64url').length * 8 < RSA_BITS)
    throw new AppError('internal_error', { detail: `signing key ${key._id} is weak` })
  return jwk
}

/** Everything that a JWK of ours may show (RFC 7518, 6.2.1 and 6.3.1). */
export function publicHalf({ kid, alg, use, kty, crv, x, y, n, e }: Jwk): Jwk {
  const parameters = { crv, x, y, n, e }
  const present = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return { kty, use, kid, alg, ...Object.fromEntries(present) }
}

function sealContext(organisation: string, kid: string): string {
  return `${organisation}/${kid}`
}

async function generateJwk(
  alg: SigningAlgorithm,
): Promise<{ kty: string; [parameter: string]: string }> {
  const generate = promisify(generateKeyPair)
  const { privateKey } =
    alg === 'RS256'
      ? await generate('rsa', { modulusLength: RSA_BITS })
      : await generate('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }) } as { kty: string; [name: string]: string } // of RSA and EC keys all parameters are text
}
