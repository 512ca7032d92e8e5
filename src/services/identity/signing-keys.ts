// Signing keys of an organisation: made at first use by one maker, sealed at rest.

import { generateKeyPair, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Keyring } from '../../shared/secrets.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { SigningAlgorithm, SigningKey, SigningKeyStore } from '../../stores/signing-keys.ts'

/** A private JWK (RFC 7517) as the engine takes it: with `kid`, `alg` and `use`. */
export type PrivateJwk = {
  kid: string
  alg: SigningAlgorithm
  use: 'sig'
  kty: string
  [parameter: string]: string
}

export type SigningKeys = {
  /**
   * The organisation's private keys, RS256 first, the newest of each algorithm first. Makes what is
   * missing; of several processes that do so at once one makes the key and all use it. Throws an
   * `internal_error` when a key does not open under `SECRET`.
   */
  forOrganisation(organisation: string): Promise<PrivateJwk[]>
}

const ALGORITHMS: readonly SigningAlgorithm[] = ['RS256', 'ES256']
const RSA_BITS = 2048 // NIST SP 800-57: good until 2030; signing with more costs seven times as much

export function createSigningKeys(parts: {
  store: SigningKeyStore
  keyring: Keyring
  clock: Clock
}): SigningKeys {
  const { store, keyring, clock } = parts

  async function makeFirst(organisation: string, alg: SigningAlgorithm): Promise<void> {
    const kid = randomUUID()
    const jwk = { ...(await generateJwk(alg)), kid, alg, use: 'sig' }
    const sealed = keyring.seal(
      'seal:signing-key',
      sealContext(organisation, kid),
      JSON.stringify(jwk),
    )
    try {
      await store.insert({
        _id: kid,
        organisation,
        alg,
        generation: 1,
        sealed,
        createdAt: clock.now(),
      })
    } catch (error) {
      // Another process was first: its key is the organisation's key.
      if (!(error instanceof AlreadyExists)) throw error
    }
  }

  function open(key: SigningKey): PrivateJwk {
    const clear = keyring.open(
      'seal:signing-key',
      sealContext(key.organisation, key._id),
      key.sealed,
    )
    if (clear === undefined)
      throw new AppError('internal_error', {
        detail: `signing key ${key._id} does not open: SECRET must still list the value it was sealed under`,
      })
    return JSON.parse(clear) as PrivateJwk // authenticated by the seal: we wrote it
  }

  return {
    async forOrganisation(organisation) {
      const has = (keys: readonly SigningKey[], alg: SigningAlgorithm) =>
        keys.some((key) => key.alg === alg)
      let keys = await store.list(organisation)
      const missing = ALGORITHMS.filter((alg) => !has(keys, alg))
      if (missing.length > 0) {
        await Promise.all(missing.map((alg) => makeFirst(organisation, alg)))
        keys = await store.list(organisation)
      }
      return ALGORITHMS.flatMap((alg) => keys.filter((key) => key.alg === alg)).map(open)
    },
  }
}

function sealContext(organisation: string, kid: string): string {
  return `${organisation}/${kid}`
}

async function generateJwk(alg: SigningAlgorithm): Promise<{ [parameter: string]: unknown }> {
  const generate = promisify(generateKeyPair)
  const { privateKey } =
    alg === 'RS256'
      ? await generate('rsa', { modulusLength: RSA_BITS })
      : await generate('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }) }
}
