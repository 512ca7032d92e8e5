// Invitations: who may become an operator, once, with a link; at most one for each (place, normalised address).

import { firstFirst, type TimePage } from './by-time.ts'
import type { CollectionSpec, Documents } from './documents.ts'
import type { OperatorRole } from './operator-roles.ts'

export type Invitation = {
  /** `inv_…` */
  _id: string
  /** The organisation's id, or `PLATFORM`. */
  organisation: string
  /** Normalised: nobody else can accept it. */
  email: string
  role: OperatorRole
  /** SHA-256 of the token in the link. */
  digest: string
  /** Who invited: an operator, or `command-line`. */
  invitedBy: string
  createdAt: number
  expiresAt: number
}

export const invitationsCollection: CollectionSpec = {
  name: 'operator-invitations',
  indexes: [
    {
      name: 'email',
      keys: [
        ['organisation', 1],
        ['email', 1],
      ],
      unique: true,
    },
    { name: 'digest', keys: [['digest', 1]], unique: true },
    {
      name: 'open',
      keys: [
        ['email', 1],
        ['expiresAt', 1],
      ],
    },
    {
      name: 'created',
      keys: [
        ['organisation', 1],
        ['createdAt', 1],
        ['_id', 1],
      ],
    },
  ],
  expiresAt: 'expiresAt',
}

export type InvitationStore = ReturnType<typeof createInvitationStore>

export function createInvitationStore(documents: Documents) {
  const collection = documents.collection<Invitation>(invitationsCollection)
  return {
    /** Puts it in the place of the one there was; `false` when another was put there in the same instant. */
    async put(invitation: Invitation): Promise<boolean> {
      const { organisation, email } = invitation
      const { done } = await documents.unitOfWork([
        { in: invitationsCollection, remove: { organisation, email }, optional: true },
        { in: invitationsCollection, insert: invitation },
      ])
      return done
    },

    /** Expired ones too, until they are gone. */
    findByDigest: (digest: string): Promise<Invitation | undefined> =>
      collection.findOne({ digest }),

    /** Those that have not expired by `now`, in the order in which they were made. */
    list: (
      organisation: string,
      { now, ...page }: TimePage & { now: number },
    ): Promise<Invitation[]> =>
      collection.find({ organisation, expiresAt: { $gt: now } }, firstFirst('createdAt', page)),

    /** Whether one that has not expired by `now` waits for the address, anywhere. */
    hasOpen: async (email: string, now: number): Promise<boolean> =>
      (await collection.findOne({ email, expiresAt: { $gt: now } })) !== undefined,

    /** The one of an address, expired or not. */
    find: (organisation: string, email: string): Promise<Invitation | undefined> =>
      collection.findOne({ organisation, email }),

    /** Expired or not. */
    findById: (organisation: string, id: string): Promise<Invitation | undefined> =>
      collection.findOne({ _id: id, organisation }),

    /** `false` when it was gone. Atomic: of many at once one is told `true`. */
    remove: async (organisation: string, id: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: id, organisation })) > 0,
  }
}
