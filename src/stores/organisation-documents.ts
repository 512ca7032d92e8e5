// The documents of one organisation, whatever they are: for who removes all of them.

import type { CollectionSpec, Documents } from './documents.ts'

export type OrganisationDocuments = {
  /**
   * Removes at most `limit` of an organisation's documents from a collection; returns how many, fewer than
   * `limit` when none is left. Each collection has an index that begins with the organisation and holds all
   * of its documents, or few documents.
   */
  removeSome(spec: CollectionSpec, organisation: string, limit: number): Promise<number>
}

export function createOrganisationDocuments(documents: Documents): OrganisationDocuments {
  return {
    removeSome: (spec, organisation, limit) =>
      documents.collection(spec).deleteSome({ organisation }, limit),
  }
}
