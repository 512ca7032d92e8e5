// What a sign-in gave this browser, in the shape that is stored and handed to other tabs.

import type { User } from './types.ts'

/** What one answer of the token endpoint gave. */
export type Grant = {
  readonly access: string
  readonly refresh: string
  readonly id: string
  readonly scope: string
  /** When it came, in milliseconds of this device's clock. */
  readonly at: number
  /** How long the access token is good, in milliseconds: no clock can be wrong about it. */
  readonly life: number
  /** How often it was refreshed. */
  readonly count: number
  /** The claims of the ID token. */
  readonly user: User
  /** Where the Client API is: the access token's audience. */
  readonly api: string
  /** The keys that it is bound to, where no storage has them for all tabs. */
  readonly pair: CryptoKeyPair | undefined
}
