// Grants of the engine on the document port, and how they end.

import type { Adapter } from 'oidc-provider'
import type { Documents, Filter } from '../../src/stores/documents.ts'
import { readPayload } from './payload.ts'
import { documentModels } from './placement.ts'
import type { Recent } from './recent.ts'
import { isLive, type Stored, stored, unused } from './stored.ts'

type Parts = {
  organisation: string
  documents: Documents
  clock: { now(): number }
  recent: Recent
  /** The grant has ended, for good: whoever checks its access tokens should hear of it. */
  onGrantEnded(grantId: string): Promise<void>
}

type EndingParts = Omit<Parts, 'clock' | 'recent'> & { recent: Pick<Recent, 'forget'> }

/** Ends a grant: itself and its refresh tokens. Codes and opaque tokens die with it, see `ephemeral-model.ts`. */
export async function revokeGrant(parts: EndingParts, grantId: string): Promise<void> {
  const { organisation, documents, recent, onGrantEnded } = parts
  const tokens = documents.collection(documentModels.RefreshToken)
  const grants = documents.collection<Stored>(documentModels.Grant)
  await onGrantEnded(grantId) // should the rest fail, whoever tries again finds the grant
  await Promise.all([
    tokens.deleteMany({ grant: grantId, organisation }),
    grants.deleteMany({ _id: grantId, organisation }),
  ])
  await recent.forget()
}

const PAGE = 100

/** Ends every grant of an account, whichever session it came from; those of sessions that are long over too. */
export function revokeGrantsOf(parts: EndingParts, account: string): Promise<void> {
  return revokeEach(parts, { account })
}

/** Ends every grant of a client, whoever gave it; not those that earlier programs wrote without its name. */
export function revokeGrantsOfClient(parts: EndingParts, client: string): Promise<void> {
  return revokeEach(parts, { client })
}

async function revokeEach(parts: EndingParts, of: Filter): Promise<void> {
  const { organisation, documents } = parts
  const grants = documents.collection<Stored>(documentModels.Grant)
  for (;;) {
    const page = await grants.find({ organisation, ...of }, { limit: PAGE })
    for (const { _id } of page) await revokeGrant(parts, _id)
    if (page.length < PAGE) return
  }
}

/** How many grants of a client have not expired; of those that `revokeGrantsOfClient` ends. */
export function countGrantsOfClient(
  { organisation, documents, clock }: Pick<Parts, 'organisation' | 'documents' | 'clock'>,
  client: string,
): Promise<number> {
  const grants = documents.collection<Stored>(documentModels.Grant)
  return grants.count({ organisation, client, expiresAt: { $gt: clock.now() } })
}

/** Grants stand under their own id, which is no bearer value. */
export function createGrantModel(parts: Parts): Adapter {
  const { organisation, documents, clock, recent } = parts
  const grants = documents.collection<Stored>(documentModels.Grant)
  const keyOf = (id: string): string => `Grant/${organisation}/${id}`
  return {
    async find(id) {
      const filter = { _id: id, organisation }
      const found = await recent.find(keyOf(id), () => grants.findOne(filter))
      return found && isLive(found, clock) ? readPayload(id, found.payload) : undefined
    },

    async upsert(id, payload, expiresIn) {
      const filter = { _id: id, organisation }
      const change = {
        ...stored(payload, expiresIn, clock),
        ...(payload.clientId && { client: payload.clientId }),
      }
      await recent.keep(keyOf(id), () =>
        grants.updateOne(filter, { $set: change }, { upsert: true }),
      )
    },

    async destroy(id) {
      await parts.onGrantEnded(id) // first, see above
      await grants.deleteMany({ _id: id, organisation })
      await recent.forget()
    },

    revokeByGrantId: (id) => revokeGrant(parts, id),
    consume: () => unused('Grant', 'consumed'),
    findByUid: () => unused('Grant', 'found by uid'),
    findByUserCode: () => unused('Grant', 'found by user code'),
  }
}
