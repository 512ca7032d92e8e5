// Brands: published versions, which never change, the one draft of each organisation, and their pictures.

import type { Brand } from '../shared/brand.ts'
import type { CollectionSpec, Documents, Write } from './documents.ts'
import { AlreadyExists } from './errors.ts'
import { organisationsCollection } from './organisations.ts'

export type BrandVersion = {
  /** `{organisation}/{number}` */
  _id: string
  organisation: string
  /** 1, 2, 3 … */
  number: number
  brand: Brand
  /** The older version that this one repeats, when it was rolled back to. */
  repeats?: number
  publishedAt: number
  /** As in the audit log. */
  publishedBy: string
}

export type BrandDraft = {
  /** The organisation's id. */
  _id: string
  organisation: string
  brand: Brand
  /** Counted up by every change. */
  version: number
  updatedAt: number
}

export type StoredPicture = {
  /** `{organisation}/{digest}` */
  _id: string
  organisation: string
  /** SHA-256 of the PNG. */
  digest: string
  /** The PNG, as base64. */
  png: string
  createdAt: number
  /** Until a version shows it: then it stays. */
  expiresAt?: number
}

const brandVersionsCollection: CollectionSpec = {
  name: 'brand-versions',
  indexes: [
    {
      name: 'number',
      keys: [
        ['organisation', 1],
        ['number', -1],
      ],
      unique: true,
    },
  ],
}

const brandDraftsCollection: CollectionSpec = { name: 'brand-drafts', indexes: [] }

const brandPicturesCollection: CollectionSpec = {
  name: 'brand-pictures',
  indexes: [
    {
      name: 'unpublished',
      keys: [
        ['organisation', 1],
        ['expiresAt', 1],
      ],
      sparse: true,
    },
    { name: 'organisation', keys: [['organisation', 1]] },
  ],
  expiresAt: 'expiresAt',
}

export const brandCollections = [
  brandVersionsCollection,
  brandDraftsCollection,
  brandPicturesCollection,
]

/** `changed`: another version was published meanwhile, or the draft has changed. */
export type PublishOutcome = 'done' | 'changed' | 'picture-gone'

export type BrandStore = ReturnType<typeof createBrandStore>

export function createBrandStore(documents: Documents) {
  const versions = documents.collection<BrandVersion>(brandVersionsCollection)
  const drafts = documents.collection<BrandDraft>(brandDraftsCollection)
  const pictures = documents.collection<StoredPicture>(brandPicturesCollection)

  return {
    findVersion: (organisation: string, number: number): Promise<BrandVersion | undefined> =>
      versions.findOne({ _id: brandVersionId(organisation, number), organisation }),

    /** The newest first, at most `limit`, those older than `before`. */
    listVersions: (
      organisation: string,
      { limit, before }: { limit: number; before?: number },
    ): Promise<BrandVersion[]> =>
      versions.find(
        { organisation, ...(before !== undefined && { number: { $lt: before } }) },
        { sort: [['number', -1]], limit },
      ),

    findDraft: (organisation: string): Promise<BrandDraft | undefined> =>
      drafts.findOne({ _id: organisation, organisation }),

    /**
     * Replaces the draft, or makes it. `version` is the one that was read, 0 for none: `undefined`, and nothing
     * is written, when it is another by now. Atomic.
     */
    async saveDraft(
      organisation: string,
      brand: Brand,
      { version, at }: { version: number; at: number },
    ): Promise<BrandDraft | undefined> {
      const made = { _id: organisation, organisation, brand, version: version + 1, updatedAt: at }
      const write: Write =
        version === 0
          ? { in: brandDraftsCollection, insert: made }
          : {
              in: brandDraftsCollection,
              update: { _id: organisation, version },
              by: { $set: { brand, version: version + 1, updatedAt: at } },
            }
      return (await documents.unitOfWork([write])).done ? made : undefined
    },

    /**
     * Publishes a version that follows on the number `former`, 0 for none, keeps its pictures for ever, and
     * writes what was adjusted back to the draft that it was made of. All or nothing.
     */
    async publish(
      version: BrandVersion,
      { former, draft }: { former: number; draft?: BrandDraft | undefined },
    ): Promise<PublishOutcome> {
      const { organisation, number, brand, publishedAt: at } = version
      const writes: Write[] = [
        { in: brandVersionsCollection, insert: version },
        {
          in: organisationsCollection,
          update: { _id: organisation, 'brand.number': former > 0 ? former : { $exists: false } },
          by: {
            $set: { brand: { ...brand, number }, updatedAt: at },
            $inc: { version: 1 }, // so that every process sees that it changed
          },
        },
        ...(draft ? [draftAsPublished(draft, version)] : []),
      ]
      const kept = digestsOf(brand).map(
        (digest): Write => ({
          in: brandPicturesCollection,
          update: { _id: pictureId(organisation, digest) },
          by: { $unset: { expiresAt: true } },
        }),
      )
      const outcome = await documents.unitOfWork([...writes, ...kept])
      if (outcome.done) return 'done'
      return outcome.failed < writes.length ? 'changed' : 'picture-gone'
    },

    /** One that has expired is none, whenever it is removed. */
    async findPicture(
      organisation: string,
      digest: string,
      now: number,
    ): Promise<StoredPicture | undefined> {
      const found = await pictures.findOne({ _id: pictureId(organisation, digest), organisation })
      return found && (found.expiresAt ?? Number.POSITIVE_INFINITY) > now ? found : undefined
    },

    /** How many no version shows yet. */
    countUnpublished: (organisation: string): Promise<number> =>
      pictures.count({ organisation, expiresAt: { $gt: 0 } }),

    /** The same picture again keeps it longer, and one that is published stays as it is. */
    async putPicture(
      picture: Omit<StoredPicture, '_id' | 'expiresAt'>,
      expiresAt: number,
    ): Promise<void> {
      const _id = pictureId(picture.organisation, picture.digest)
      try {
        await pictures.insert({ _id, ...picture, expiresAt })
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
        await pictures.updateOne({ _id, expiresAt: { $gt: 0 } }, { $set: { expiresAt } })
      }
    },
  }
}

export function brandVersionId(organisation: string, number: number): string {
  return `${organisation}/${number}`
}

function pictureId(organisation: string, digest: string): string {
  return `${organisation}/${digest}`
}

/** Each once: a unit of work changes no document twice. */
function digestsOf({ logo, logoDark, favicon, mailHeader }: Brand): string[] {
  const shown = [logo, logoDark, favicon, mailHeader]
  return [...new Set(shown.flatMap((image) => (image ? [image.digest] : [])))]
}

function draftAsPublished(
  { _id, version }: BrandDraft,
  { brand, publishedAt }: BrandVersion,
): Write {
  return {
    in: brandDraftsCollection,
    update: { _id, version },
    by: { $set: { brand, version: version + 1, updatedAt: publishedAt } },
  }
}
