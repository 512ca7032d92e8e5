// The draft of a brand: changed step by step, each on the version that was read, and the pictures in it.

import { hash } from 'node:crypto'
import type { AuditAction } from '@foyer/contract'
import { type Brand, type ImagePlace, plainBrand } from '../../shared/brand.ts'
import { type Clock, DAY } from '../../shared/clock.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
import type { MakeReady, PictureRefusal } from '../../shared/pictures.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import type { BrandDraft, BrandStore } from '../../stores/brands.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Audit, By } from '../audit/audit.ts'
import { frames } from './brand-fields.ts'
import type { Organisations } from './organisations.ts'

/** Whose brand, who does it, and the version of the draft that they have seen, should it matter. */
export type BrandAct = { organisation: string; by: By; version?: number | undefined }

/** The draft as it is, or as it would begin: version 0. */
export type DraftState = { brand: Brand; version: number; updatedAt?: number }

/** How long a picture that no version shows is kept. */
const DRAFT_LIFE = 30 * DAY
const MOST_UNPUBLISHED = 100

export type BrandDraftsParts = {
  store: BrandStore
  organisations: Pick<Organisations, 'read'>
  makeReady: MakeReady
  audit: Audit['record']
  clock: Clock
}

/** What a draft is part of, as it is read; see `Brands` for what those that write throw. */
export function createBrandDrafts(parts: BrandDraftsParts) {
  const { store, organisations, audit, clock } = parts

  async function read(id: string): Promise<{ owner: Organisation; draft: BrandDraft | undefined }> {
    const [owner, draft] = await Promise.all([organisations.read(id), store.findDraft(id)])
    if (!owner) throw new AppError('not_found')
    return { owner, draft }
  }

  async function change(
    { organisation, by, version }: BrandAct,
    { action, edit }: { action: AuditAction; edit(brand: Brand): Brand },
  ): Promise<DraftState> {
    const { saved, ...change } = await changeAsRead(version, async () => {
      const { owner, draft } = await read(organisation)
      const { brand: before, version: found } = stateOf(owner, draft)
      requireVersion(version, found)
      const after = edit(before)
      const saved = await store.saveDraft(organisation, after, { version: found, at: clock.now() })
      return saved && { saved, before, after }
    })
    await audit({ organisation, action, ...by, ...change })
    return saved
  }

  return {
    /** Throws `not_found`. */
    read,
    change,

    async setPicture(act: BrandAct, place: ImagePlace, bytes: Uint8Array): Promise<DraftState> {
      if ((await store.countUnpublished(act.organisation)) >= MOST_UNPUBLISHED)
        throw invalidField(place, 'has to wait: too many pictures were uploaded and not published')
      const made = await parts.makeReady(bytes, frames[place])
      if (made.outcome === 'busy') throw new AppError('unavailable', { retryAfter: 5 })
      if (made.outcome === 'refused') throw invalidField(place, refusals[made.reason])
      const { png, width, height } = made
      const image = { digest: hash('sha256', png), width, height }
      const { organisation } = act
      const now = clock.now()
      const text = Buffer.from(png).toString('base64')
      const picture = { organisation, digest: image.digest, png: text, createdAt: now }
      await store.putPicture(picture, now + DRAFT_LIFE)
      return change(act, {
        action: 'brand.picture-changed',
        edit: (brand) => ({ ...brand, [place]: image }),
      })
    },

    removePicture: (act: BrandAct, place: ImagePlace): Promise<DraftState> =>
      change(act, {
        action: 'brand.picture-changed',
        edit({ [place]: _gone, ...brand }) {
          return brand
        },
      }),
  }
}

export function stateOf({ brand }: Organisation, draft: BrandDraft | undefined): DraftState {
  if (draft) return draft
  if (!brand) return { brand: plainBrand, version: 0 }
  const { number: _number, ...published } = brand
  return { brand: published, version: 0 }
}

const refusals: { readonly [reason in PictureRefusal]: string } = {
  type: 'must be a PNG, JPEG, WebP or SVG',
  'unsafe-svg': 'must be an SVG in UTF-8 without entities, style sheets and pictures inside',
  pixels: 'must have at most 16 million pixels',
  unreadable: 'cannot be read: it is broken, or takes too long to draw',
  empty: 'shows nothing',
}
