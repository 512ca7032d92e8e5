// An ES256 key that signs at once: the engine's own way through the thread pool costs more than the signature.

import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { ExternalSigningKey } from 'oidc-provider'

/** A private JWK (RFC 7517) of kind EC. */
type EllipticJwk = { kid: string; alg: string; [parameter: string]: string }

/** The engine asks it for its public half and for signatures (RFC 7518, 3.4). */
export class EllipticKey extends ExternalSigningKey {
  readonly #jwk: EllipticJwk
  readonly #private: KeyObject
  readonly #public: KeyObject

  constructor(jwk: EllipticJwk) {
    super()
    this.#jwk = jwk
    // The key object itself says how signatures are written: an object around it would have Node try it
    // as a key twice, by errors, at every signature.
    this.#private = Object.assign(createPrivateKey({ key: { ...jwk }, format: 'jwk' }), {
      dsaEncoding: 'ieee-p1363',
    })
    this.#public = createPublicKey(this.#private)
  }

  override get kid(): string {
    return this.#jwk.kid
  }

  override get alg(): string {
    return this.#jwk.alg
  }

  override keyObject(): KeyObject {
    return this.#public
  }

  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, this.#private)
  }
}
