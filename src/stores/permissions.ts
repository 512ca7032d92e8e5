// Permissions: what an account allowed a client, remembered across browsers.

import type { CollectionSpec, Documents } from './documents.ts'

export type Permission = {
  /** `{account}/{client}` */
  _id: string
  organisation: string
  account: string
  client: string
  /** Every scope that was allowed, OpenID scopes and API scopes alike. */
  scopes: string[]
  createdAt: number
  updatedAt: number
}

export const permissionsCollection: CollectionSpec = {
  name: 'permissions',
  indexes: [
    {
      name: 'account',
      keys: [
        ['organisation', 1],
        ['account', 1],
      ],
    },
  ],
}

export type PermissionStore = ReturnType<typeof createPermissionStore>

export function createPermissionStore(documents: Documents) {
  const collection = documents.collection<Permission>(permissionsCollection)
  const idOf = (account: string, client: string): string => `${account}/${client}`
  return {
    find: (
      organisation: string,
      account: string,
      client: string,
    ): Promise<Permission | undefined> =>
      collection.findOne({ _id: idOf(account, client), organisation }),

    /** What an account has allowed, by client; at most 500. */
    list: (organisation: string, account: string): Promise<Permission[]> =>
      collection.find({ organisation, account }, { sort: [['_id', 1]], limit: 500 }),

    /** `false` when there is none. */
    remove: async (organisation: string, account: string, client: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: idOf(account, client), organisation })) > 0,

    /** Whatever an account has allowed. */
    async removeOf(organisation: string, account: string): Promise<void> {
      await collection.deleteMany({ organisation, account })
    },

    /** Replaces the scopes, or makes the permission. Atomic. */
    async replaceScopes(
      change: Omit<Permission, '_id' | 'createdAt' | 'updatedAt'> & { at: number },
    ): Promise<void> {
      const { organisation, account, client, scopes, at } = change
      await collection.updateOne(
        { _id: idOf(account, client), organisation },
        { $set: { scopes, updatedAt: at }, $setOnInsert: { account, client, createdAt: at } },
        { upsert: true },
      )
    },
  }
}
