// An ES256 key that signs at once: the engine's own way through the thread pool costs more than the signature.

import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { CheckingKey } from './checking-key.ts'

/** Of a private JWK (RFC 7517) of kind EC. The engine asks it for its public half and for signatures (RFC 7518, 3.4). */
export class EllipticKey extends CheckingKey {
  readonly #private: KeyObject

  constructor(jwk: ConstructorParameters<typeof CheckingKey>[0]) {
    super(jwk)
    // The key object itself says how signatures are written: an object around it would have Node try it
    // as a key twice, by errors, at every signature.
    this.#private = Object.assign(createPrivateKey({ key: { ...jwk }, format: 'jwk' }), {
      dsaEncoding: 'ieee-p1363',
    })
  }

  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, this.#private)
  }
}
