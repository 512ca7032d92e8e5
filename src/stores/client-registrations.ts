// Clients that registered themselves, by the tokens with which they manage their registration (RFC 7592).

import type { Collection, Filter, IndexSpec } from './documents.ts'

export const clientRegistrationIndex: IndexSpec = {
  name: 'registration',
  keys: [
    ['organisation', 1],
    ['registrationToken', 1],
  ],
  unique: true,
  sparse: true,
}

/** `live` leaves out what was removed. */
export function createClientRegistrations<Client extends { _id: string }>(
  collection: Collection<Client>,
  live: Filter,
) {
  return {
    /** The one that manages its registration with a token of this digest. */
    findByRegistrationToken: (organisation: string, digest: string): Promise<Client | undefined> =>
      collection.findOne({ organisation, registrationToken: digest, ...live }),

    /** The digest of the token in place of the one there was, where the client registered itself. Atomic. */
    async keepRegistrationToken(organisation: string, id: string, digest: string): Promise<void> {
      const registered = { registeredBy: { $exists: true } } as const
      await collection.updateOne(
        { _id: id, organisation, ...registered, ...live },
        { $set: { registrationToken: digest } },
      )
    },

    /** `false` when it was gone. Atomic: of many at once one is told `true`. */
    async dropRegistrationToken(organisation: string, digest: string): Promise<boolean> {
      const dropped = await collection.updateOne(
        { organisation, registrationToken: digest },
        { $unset: { registrationToken: true } },
      )
      return dropped !== undefined
    },
  }
}
