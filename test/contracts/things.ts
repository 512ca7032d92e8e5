// The collections that the contract suites work on.

import type { CollectionSpec, Json } from '../../src/stores/documents.ts'

export type Thing = { _id: string; [field: string]: Json | undefined }

export const things: CollectionSpec = {
  name: 'things',
  indexes: [
    {
      name: 'email',
      keys: [
        ['owner', 1],
        ['email', 1],
      ],
      unique: true,
      sparse: true,
    },
    {
      name: 'order',
      keys: [
        ['owner', 1],
        ['at', -1],
        ['_id', -1],
      ],
    },
  ],
  expiresAt: 'expiresAt',
}
export const others: CollectionSpec = { name: 'others', indexes: [] }
