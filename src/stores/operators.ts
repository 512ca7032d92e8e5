// Operators: who looks after an organisation, or after all of them; one for each (place, normalised address).

import { firstFirst, type TimePage } from './by-time.ts'
import type { CollectionSpec, Documents, Write } from './documents.ts'
import { invitationsCollection } from './invitations.ts'
import type { OperatorRole } from './operator-roles.ts'

export type Operator = {
  /** `opr_…` */
  _id: string
  /** The organisation's id, or `PLATFORM`. */
  organisation: string
  /** Normalised address: the key. */
  email: string
  /** In `PLATFORM` always `owner`. */
  role: OperatorRole
  createdAt: number
  updatedAt: number
}

/** How many owners a place has: the one document over which two owners who remove each other meet. */
type Owners = { _id: string; organisation: string; owners: number }

export const operatorsCollection: CollectionSpec = {
  name: 'operators',
  indexes: [
    {
      name: 'email',
      keys: [
        ['organisation', 1],
        ['email', 1],
      ],
      unique: true,
    },
    {
      name: 'created',
      keys: [
        ['organisation', 1],
        ['createdAt', 1],
        ['_id', 1],
      ],
    },
    {
      name: 'places',
      keys: [
        ['email', 1],
        ['organisation', 1],
      ],
    },
  ],
}

export const ownersCollection: CollectionSpec = { name: 'operator-owners', indexes: [] }

export type OperatorStore = ReturnType<typeof createOperatorStore>

/** `changed`: it is no longer as it was read, so read it again. */
export type OperatorWrite = 'done' | 'changed' | 'last-owner'

export function createOperatorStore(documents: Documents) {
  const collection = documents.collection<Operator>(operatorsCollection)
  const owners = documents.collection<Owners>(ownersCollection)

  /** There is one from the first owner on; made here, so that a unit of work finds it. */
  async function ensureCount(organisation: string): Promise<void> {
    await owners.updateOne(
      { _id: organisation, organisation },
      { $setOnInsert: { owners: 0 } },
      { upsert: true },
    )
  }

  const oneMore = (organisation: string): Write => ({
    in: ownersCollection,
    update: { _id: organisation, organisation },
    by: { $inc: { owners: 1 } },
  })
  /** Its condition is what keeps the last one. */
  const oneLess = (organisation: string): Write => ({
    in: ownersCollection,
    update: { _id: organisation, organisation, owners: { $gt: 1 } },
    by: { $inc: { owners: -1 } },
  })

  /** The operator's own write stands first, the count of owners second. */
  async function write(writes: readonly Write[]): Promise<OperatorWrite> {
    const outcome = await documents.unitOfWork(writes)
    if (outcome.done) return 'done'
    return outcome.failed === 0 ? 'changed' : 'last-owner'
  }

  return {
    find: (organisation: string, email: string): Promise<Operator | undefined> =>
      collection.findOne({ organisation, email }),

    findById: (organisation: string, id: string): Promise<Operator | undefined> =>
      collection.findOne({ _id: id, organisation }),

    /** Of several places at once, in no order: at most one of each. */
    findIn: (places: readonly string[], email: string): Promise<Operator[]> =>
      collection.find({ email, organisation: { $in: places } }, { limit: places.length }),

    /** The places of an address, in the order of their ids; at most `limit`, after the one given. */
    placesOf: (email: string, limit: number, after?: Operator): Promise<Operator[]> =>
      collection.find(
        { email },
        {
          sort: [['organisation', 1]],
          limit,
          ...(after && { after: [after.organisation, after._id] }),
        },
      ),

    /** In the order in which they came. */
    list: (organisation: string, page: TimePage): Promise<Operator[]> =>
      collection.find({ organisation }, firstFirst('createdAt', page)),

    /**
     * Adds one, counts an owner, and takes away what invited them: exactly the invitation of this id, or
     * whichever there is for the address. `false`, and nothing happens, when the address is an operator
     * there already, or when the invitation has gone. All or nothing; many at once: one adds it.
     */
    async insert(operator: Operator, invitation?: string): Promise<boolean> {
      const { organisation, email } = operator
      if (operator.role === 'owner') await ensureCount(organisation)
      const { done } = await documents.unitOfWork([
        invitation === undefined
          ? { in: invitationsCollection, remove: { organisation, email }, optional: true }
          : { in: invitationsCollection, remove: { _id: invitation, organisation, email } },
        { in: operatorsCollection, insert: operator },
        ...(operator.role === 'owner' ? [oneMore(organisation)] : []),
      ])
      return done
    },

    /** Gives the operator, as it was read, another role. All or nothing: a place that has an owner keeps one. */
    async changeRole(operator: Operator, role: OperatorRole, at: number): Promise<OperatorWrite> {
      const { _id, organisation, role: former } = operator
      if (role === 'owner') await ensureCount(organisation)
      return write([
        {
          in: operatorsCollection,
          update: { _id, organisation, role: former },
          by: { $set: { role, updatedAt: at } },
        },
        ...(role === 'owner' && former !== 'owner' ? [oneMore(organisation)] : []),
        ...(role !== 'owner' && former === 'owner' ? [oneLess(organisation)] : []),
      ])
    },

    /** Removes the operator, as it was read, with what invites them. All or nothing: a place that has an owner keeps one. */
    remove: ({ _id, organisation, email, role }: Operator): Promise<OperatorWrite> =>
      write([
        { in: operatorsCollection, remove: { _id, organisation, role } },
        ...(role === 'owner' ? [oneLess(organisation)] : []),
        { in: invitationsCollection, remove: { organisation, email }, optional: true },
      ]),
  }
}
