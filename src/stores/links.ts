// Links of accounts and customers: one of each, made and taken apart by operators in one step.

import { accountsCollection } from './accounts.ts'
import { customersCollection } from './customers.ts'
import type { Documents } from './documents.ts'

export type LinkChange = {
  organisation: string
  customer: string
  account: string
  /** Only if the customer still has it. */
  version?: number | undefined
}

export type LinkStore = ReturnType<typeof createLinkStore>

export function createLinkStore(documents: Documents) {
  const customerChanges = ({ organisation, customer, version }: LinkChange) => ({
    in: customersCollection,
    update: { _id: customer, organisation, ...(version !== undefined && { version }) },
    by: { $inc: { version: 1 } },
  })
  return {
    /**
     * Links the two and counts the customer's version up; `false`, and nothing happens, when either is not there
     * or linked already, or the customer has another version. Atomic: of many at once one is told `true`.
     */
    async link(change: LinkChange): Promise<boolean> {
      const { organisation, customer, account } = change
      const { done } = await documents.unitOfWork([
        customerChanges(change),
        {
          in: accountsCollection,
          update: { _id: account, organisation, customer: { $exists: false } },
          by: { $set: { customer }, $unset: { unlinkedAt: true } },
        },
      ])
      return done
    },

    /** Takes the two apart for good; `false`, and nothing happens, when they are not linked. Atomic. */
    async unlink(change: LinkChange & { at: number }): Promise<boolean> {
      const { organisation, customer, account, at } = change
      const { done } = await documents.unitOfWork([
        customerChanges(change),
        {
          in: accountsCollection,
          update: { _id: account, organisation, customer },
          by: { $unset: { customer: true }, $set: { unlinkedAt: at } },
        },
      ])
      return done
    },
  }
}
