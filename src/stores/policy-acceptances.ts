// Acceptances: which account accepted which version of a policy, and when. Rows are added and never changed, and go with their account.

import type { Locale } from '../shared/locale.ts'
import type { AcceptableKind } from '../shared/policy-kinds.ts'
import type { CollectionSpec, Documents } from './documents.ts'
import { AlreadyExists } from './errors.ts'

export type PolicyAcceptance = {
  /** `{account}/{kind}/{number}` */
  _id: string
  organisation: string
  account: string
  kind: AcceptableKind
  number: number
  /** SHA-256 of the text in the language that it was offered in, in hexadecimal digits. */
  hash: string
  locale: Locale
  at: number
  /** Address of the request. */
  source: string
  /** The client that was signed in to. */
  client: string
}

export const policyAcceptancesCollection: CollectionSpec = {
  name: 'policy-acceptances',
  indexes: [
    {
      name: 'account',
      keys: [
        ['organisation', 1],
        ['account', 1],
        ['at', -1],
        ['_id', -1],
      ],
    },
  ],
}

export type PolicyAcceptanceStore = ReturnType<typeof createPolicyAcceptanceStore>

export function createPolicyAcceptanceStore(documents: Documents) {
  const collection = documents.collection<PolicyAcceptance>(policyAcceptancesCollection)
  return {
    /** Adds a row. Of one account and version the first stays, however often it is added. */
    async add(acceptance: Omit<PolicyAcceptance, '_id'>): Promise<void> {
      const { account, kind, number } = acceptance
      try {
        await collection.insert({ _id: `${account}/${kind}/${number}`, ...acceptance })
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
    },

    /** Removes those of an account whose owner is erased. */
    async removeOf(organisation: string, account: string): Promise<void> {
      await collection.deleteMany({ organisation, account })
    },

    /** Of one account, the newest first, at most `limit`. */
    list: (organisation: string, account: string, limit: number): Promise<PolicyAcceptance[]> =>
      collection.find(
        { organisation, account },
        {
          sort: [
            ['at', -1],
            ['_id', -1],
          ],
          limit,
        },
      ),
  }
}
