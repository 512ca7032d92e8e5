// Policies: published versions, which never change, and the one draft of each kind.

import type { Locale } from '../shared/locale.ts'
import type { PolicyKind } from '../shared/policy-kinds.ts'
import type { CollectionSpec, Documents, Write } from './documents.ts'
import { organisationsCollection, type PublishedPolicy } from './organisations.ts'

/** Markdown, in one language or several. */
export type PolicyTexts = { [locale in Locale]?: string }

export type PolicyVersion = {
  /** `{organisation}/{kind}/{number}` */
  _id: string
  organisation: string
  kind: PolicyKind
  /** 1, 2, 3 … of this kind. */
  number: number
  texts: PolicyTexts
  /** SHA-256 of each text's UTF-8 bytes, in hexadecimal digits. */
  hashes: { [locale in Locale]?: string }
  /** Whether those who accepted an earlier one are asked again. */
  needsAcceptance: boolean
  /** The older version whose texts these are, when it was rolled back to. */
  repeats?: number
  publishedAt: number
  /** As in the audit log. */
  publishedBy: string
}

export type PolicyDraft = {
  /** `{organisation}/{kind}` */
  _id: string
  organisation: string
  kind: PolicyKind
  /** None where all was published. */
  texts: PolicyTexts
  /** Counted up by every change, publishing included. */
  version: number
  updatedAt: number
}

export const policiesCollection: CollectionSpec = {
  name: 'policies',
  indexes: [
    {
      name: 'number',
      keys: [
        ['organisation', 1],
        ['kind', 1],
        ['number', -1],
      ],
      unique: true,
    },
  ],
}

export const policyDraftsCollection: CollectionSpec = { name: 'policy-drafts', indexes: [] }

export type PolicyStore = ReturnType<typeof createPolicyStore>

export function createPolicyStore(documents: Documents) {
  const versions = documents.collection<PolicyVersion>(policiesCollection)
  const drafts = documents.collection<PolicyDraft>(policyDraftsCollection)
  const draftId = (organisation: string, kind: PolicyKind): string => `${organisation}/${kind}`

  return {
    find: (
      organisation: string,
      kind: PolicyKind,
      number: number,
    ): Promise<PolicyVersion | undefined> =>
      versions.findOne({ _id: policyVersionId({ organisation, kind, number }), organisation }),

    /** The newest first, at most `limit`, those older than `before`. */
    list: (
      organisation: string,
      kind: PolicyKind,
      { limit, before }: { limit: number; before?: number },
    ): Promise<PolicyVersion[]> =>
      versions.find(
        { organisation, kind, ...(before !== undefined && { number: { $lt: before } }) },
        { sort: [['number', -1]], limit },
      ),

    findDraft: (organisation: string, kind: PolicyKind): Promise<PolicyDraft | undefined> =>
      drafts.findOne({ _id: draftId(organisation, kind), organisation }),

    findDrafts: (organisation: string, kinds: readonly PolicyKind[]): Promise<PolicyDraft[]> =>
      drafts.find(
        { _id: { $in: kinds.map((kind) => draftId(organisation, kind)) } },
        { limit: kinds.length },
      ),

    /**
     * Replaces the draft's texts, or makes it. `version` is the one that was read, 0 for none: `undefined`,
     * and nothing is written, when it is another by now. Atomic.
     */
    async saveDraft(
      draft: Pick<PolicyDraft, 'organisation' | 'kind' | 'texts'> & { version: number; at: number },
    ): Promise<PolicyDraft | undefined> {
      const { organisation, kind, texts, version, at } = draft
      const _id = draftId(organisation, kind)
      const made: PolicyDraft = {
        _id,
        organisation,
        kind,
        texts,
        version: version + 1,
        updatedAt: at,
      }
      const write: Write =
        version === 0
          ? { in: policyDraftsCollection, insert: made }
          : {
              in: policyDraftsCollection,
              update: { _id, version },
              by: { $set: { texts, version: version + 1, updatedAt: at } },
            }
      return (await documents.unitOfWork([write])).done ? made : undefined
    },

    /**
     * Publishes a version that follows on `former`, and empties the draft that it was made of. All or
     * nothing: `false` when another was published meanwhile, or when the draft has changed.
     */
    async publish(
      version: PolicyVersion,
      { former, draft }: { former: PublishedPolicy | undefined; draft?: PolicyDraft | undefined },
    ): Promise<boolean> {
      const { organisation, kind, number, needsAcceptance, publishedAt } = version
      const binding = needsAcceptance ? number : (former?.binding ?? number)
      const { done } = await documents.unitOfWork([
        { in: policiesCollection, insert: version },
        {
          in: organisationsCollection,
          update: {
            _id: organisation,
            [`policies.${kind}.number`]: former ? former.number : { $exists: false },
          },
          by: {
            $set: { [`policies.${kind}`]: { number, binding }, updatedAt: publishedAt },
            $inc: { version: 1 }, // so that every process sees that it changed
          },
        },
        ...(draft ? [emptied(draft, publishedAt)] : []),
      ])
      return done
    },
  }
}

function emptied({ _id, version }: PolicyDraft, at: number): Write {
  return {
    in: policyDraftsCollection,
    update: { _id, version },
    by: { $set: { texts: {}, version: version + 1, updatedAt: at } },
  }
}

export function policyVersionId(
  version: Pick<PolicyVersion, 'organisation' | 'kind' | 'number'>,
): string {
  return `${version.organisation}/${version.kind}/${version.number}`
}
