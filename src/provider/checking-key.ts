// A key that the engine only checks with: the former ones, and those to come.

import { createPublicKey, type KeyObject } from 'node:crypto'
import { ExternalSigningKey } from 'oidc-provider'

/** The public half of a JWK (RFC 7517). Whoever asks it for a signature is refused by the engine's own class. */
export class CheckingKey extends ExternalSigningKey {
  readonly #jwk: { kid: string; alg: string }
  readonly #public: KeyObject

  constructor(jwk: { kid: string; alg: string; [parameter: string]: string }) {
    super()
    this.#jwk = jwk
    this.#public = createPublicKey({ key: { ...jwk }, format: 'jwk' })
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
}
