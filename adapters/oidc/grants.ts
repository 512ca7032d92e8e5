// Grants of the engine on the document port, and how they end.

import type { Adapter, AdapterPayload } from 'oidc-provider'
import { SECOND } from '../../src/shared/clock.ts'
import type { Documents, Filter } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
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

/** What one grant gives, to which client. */
export type GivenGrant = { id: string; client: string; scopes: string[]; since: number }

type ListingParts = Pick<Parts, 'organisation' | 'documents' | 'clock'>

/** The grants of an account that have not expired, whichever session they came from. */
export async function listGrantsOf(parts: ListingParts, account: string): Promise<GivenGrant[]> {
  const { organisation, documents, clock } = parts
  const grants = documents.collection<Stored>(documentModels.Grant)
  const found: Stored[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await grants.find(
      { organisation, account },
      { sort: [['_id', 1]], limit: PAGE, ...(last && { after: [last._id] }) },
    )
    found.push(...page)
    if (page.length < PAGE) break
  }
  return found.filter((each) => isLive(each, clock)).map(givenGrant)
}

/** Ends the grants that an account has given one client, in all sessions. */
export async function revokeGrantsTo(
  parts: EndingParts & Pick<Parts, 'clock'>,
  { account, client }: { account: string; client: string },
): Promise<void> {
  // By what the grants themselves say: earlier programs wrote them without the name of their client.
  for (const grant of await listGrantsOf(parts, account))
    if (grant.client === client) await revokeGrant(parts, grant.id)
}

function givenGrant({ _id, payload }: Stored): GivenGrant {
  // The shape of the engine's own Grant.
  const given = readPayload(_id, payload) as AdapterPayload & {
    openid?: { scope?: string }
    resources?: { [resource: string]: string }
  }
  const { clientId = '', iat = 0, openid, resources = {} } = given
  const texts = [openid?.scope ?? '', ...Object.values(resources)]
  const scopes = new Set(texts.flatMap((text) => text.split(' ')).filter(Boolean))
  return { id: _id, client: clientId, scopes: [...scopes], since: iat * SECOND }
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
      const fields = { ...stored(payload, expiresIn, clock), client: payload.clientId }
      const add = async () => {
        const grant = { ...filter, ...fields }
        await grants.insert(grant)
        return grant
      }
      try {
        // Most are new. Nobody can know one that was made just now.
        await recent.keep(keyOf(id), add, () => true)
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
        await recent.keep(keyOf(id), () =>
          grants.updateOne(filter, { $set: fields }, { upsert: true }),
        )
      }
    },

    async destroy(id) {
      await parts.onGrantEnded(id) // first, see above
      await grants.deleteMany({ _id: id, organisation })
      await recent.forget()
    },

    revokeByGrantId: (id) => revokeGrant(parts, id),
    ...unused('Grant', 'consume', 'findByUid', 'findByUserCode'),
  }
}
