// What proofs of possession are to the rest of the library, which works without them.

import type { Grant } from './grant.ts'

export type ProvenRequest = {
  readonly method: string
  readonly address: string
  /** Whose key it is; by default that of the sign-in under way. */
  readonly owner: Grant | undefined
  /** The access token that goes along. */
  readonly token: string | undefined
}

export type Keys = {
  /** The `DPoP` header of a request (RFC 9449, 4.2). */
  prove(request: ProvenRequest): Promise<string>
  /** Takes the issuer's nonce and time from an answer; whether another proof would be a better one. */
  learn(headers: Headers): boolean
  /** The pair that new tokens are bound to, to go with them; `undefined` where a storage has it for all tabs. */
  pair(): Promise<CryptoKeyPair | undefined>
  /** Whatever it is, as a pair of keys. */
  read(pair: unknown): CryptoKeyPair | undefined
  forget(): void
}

/** Makes the keys of a client of that name; stored, for as long as its tokens are. */
export type MakeKeys = (
  name: string,
  options: { readonly isStored: boolean; readonly stringify: typeof JSON.stringify },
) => Keys
