// What proofs of possession are to the rest of the library, which works without them.

export type SentInit = RequestInit & { headers: Headers }

/** What a proof has to know of the tokens that it goes with. */
export type Owner = {
  /** When they came, in milliseconds of this device's clock. */
  readonly at: number
  /** The ID token's claims: `iat` says the same by the issuer's clock. */
  readonly user: { readonly [claim: string]: unknown }
  readonly pair: CryptoKeyPair | undefined
}

export type Keys = {
  /** As `fetch`, with a proof by the key of those tokens, or else of the sign-in under way (RFC 9449, 4.2). */
  send(
    address: string,
    init: SentInit,
    by: { readonly owner: Owner | undefined; readonly fetch: typeof fetch },
  ): Promise<Response>
  /** The pair that new tokens are bound to, to go with them; `undefined` where a storage has it for all tabs. */
  pair(): Promise<CryptoKeyPair | undefined>
  /** Whatever it is, as a pair of keys. */
  read(pair: unknown): CryptoKeyPair | undefined
  forget(): void
}

/** Makes the keys of a client of that name; stored, if its tokens are. */
export type MakeKeys = (name: string, isStored: boolean) => Keys
