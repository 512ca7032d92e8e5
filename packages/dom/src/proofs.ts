// What proofs of possession are to the rest of the library, which works without them.

import type { Grant } from './grant.ts'

export type SentInit = RequestInit & { headers: Headers }

export type Keys = {
  /** As `fetch`, with a proof by the key of that grant, or else of the sign-in under way (RFC 9449, 4.2). */
  send(
    address: string,
    init: SentInit,
    by: { readonly owner: Grant | undefined; readonly fetch: typeof fetch },
  ): Promise<Response>
  /** The pair that new tokens are bound to, to go with them; `undefined` where a storage has it for all tabs. */
  pair(): Promise<CryptoKeyPair | undefined>
  /** Whatever it is, as a pair of keys. */
  read(pair: unknown): CryptoKeyPair | undefined
  forget(): void
}

/** Makes the keys of a client of that name; stored, if its tokens are. */
export type MakeKeys = (name: string, isStored: boolean) => Keys
