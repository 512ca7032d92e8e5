// Brands: how an organisation looks, drafted, made sure to be readable, published as versions, and rolled back.

import { hash } from 'node:crypto'
import { type Brand, type ImagePlace, plainBrand } from '../../shared/brand.ts'
import { adjusted, type ContrastCheck, contrastChecks } from '../../shared/brand-colours.ts'
import { type Clock, DAY } from '../../shared/clock.ts'
import type { Cursors } from '../../shared/cursors.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
import { type Page, type PageRequest, pageBy } from '../../shared/pages.ts'
import type { MakeReady, PictureRefusal } from '../../shared/pictures.ts'
import {
  type BrandDraft,
  type BrandStore,
  type BrandVersion,
  brandVersionId,
} from '../../stores/brands.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Audit, AuditAction, By } from '../audit/audit.ts'
import { type BrandEdit, editedBrand, frames } from './brand-fields.ts'
import type { Organisations } from './organisations.ts'

/** Whose brand, who does it, and the version of the draft that they have seen, should it matter. */
export type BrandAct = { organisation: string; by: By; version?: number | undefined }

/** The draft as it is, or as it would begin: version 0. */
export type DraftState = { brand: Brand; version: number; updatedAt?: number }

export type BrandState = {
  /** What customers see; missing, the house's own look. */
  published?: BrandVersion
  draft: DraftState
  /** Of the draft. */
  verdict: Verdict
}

export type Verdict = { passes: boolean; checks: ContrastCheck[] }

/**
 * Those that write throw `precondition_failed` when the draft is not of the version that was named, and
 * `conflict` when somebody else writes all the time. Every process shows what is published within seconds.
 */
export type Brands = {
  state(organisation: string): Promise<BrandState>
  /** Throws `invalid_fields` with everything that is wrong. */
  saveDraft(act: BrandAct, edit: BrandEdit): Promise<DraftState>
  /**
   * Draws the picture anew and puts it into the draft. Throws `invalid_fields` for what is no picture that
   * can be shown, and `unavailable` while too many are being drawn.
   */
  setPicture(act: BrandAct, place: ImagePlace, bytes: Uint8Array): Promise<DraftState>
  removePicture(act: BrandAct, place: ImagePlace): Promise<DraftState>
  /**
   * Makes the draft the next version. Throws `invalid_fields` when something in it could not be read; with
   * `adjust` the nearest colours that can be are taken instead, into the draft as well.
   */
  publish(act: BrandAct, options?: { adjust?: boolean | undefined }): Promise<BrandVersion>
  /** An older version is published again, as the newest. The draft stays. Throws `not_found`. */
  rollBack(act: Omit<BrandAct, 'version'>, number: number): Promise<BrandVersion>
  /** The newest first. Throws `bad_request` for a cursor that is none of this list. */
  versions(organisation: string, request: PageRequest): Promise<Page<BrandVersion>>
  /** The PNG of this digest, drafted or published. */
  findPicture(organisation: string, digest: string): Promise<Buffer | undefined>
  /** The draft with an edit that nobody saves. Throws `invalid_fields`. */
  imagined(organisation: string, edit: BrandEdit): Promise<{ brand: Brand; verdict: Verdict }>
}

/** How often something that changed under our hands is read again before it is the caller's to decide. */
const TRIES = 10
/** How long a picture that no version shows is kept. */
const DRAFT_LIFE = 30 * DAY
const MOST_UNPUBLISHED = 100

export function createBrands(parts: {
  store: BrandStore
  organisations: Pick<Organisations, 'read' | 'renew'>
  makeReady: MakeReady
  cursors: Cursors
  audit: Audit['record']
  clock: Clock
}): Brands {
  const { store, organisations, cursors, audit, clock } = parts

  async function read(id: string): Promise<{ owner: Organisation; draft: BrandDraft | undefined }> {
    const [owner, draft] = await Promise.all([organisations.read(id), store.findDraft(id)])
    if (!owner) throw new AppError('not_found')
    return { owner, draft }
  }

  async function changeDraft(
    { organisation, by, version }: BrandAct,
    { action, edit }: { action: AuditAction; edit(brand: Brand): Brand },
  ): Promise<DraftState> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const { owner, draft } = await read(organisation)
      const former = stateOf(owner, draft)
      if (version !== undefined && version !== former.version) break
      const brand = edit(former.brand)
      const at = { version: former.version, at: clock.now() }
      const saved = await store.saveDraft(organisation, brand, at)
      if (!saved) continue
      await audit({ organisation, action, ...by, before: former.brand, after: brand })
      return saved
    }
    throw new AppError(version === undefined ? 'conflict' : 'precondition_failed')
  }

  async function publish(
    { organisation, by }: Omit<BrandAct, 'version'>,
    next: { owner: Organisation; brand: Brand; draft?: BrandDraft | undefined; repeats?: number },
  ): Promise<BrandVersion> {
    const { owner, brand, draft, repeats } = next
    const former = owner.brand?.number ?? 0
    const number = former + 1
    const version: BrandVersion = {
      _id: brandVersionId(organisation, number),
      organisation,
      number,
      brand,
      ...(repeats !== undefined && { repeats }),
      publishedAt: clock.now(),
      publishedBy: by.actor,
    }
    const outcome = await store.publish(version, { former, draft })
    if (outcome === 'changed') throw new AppError('conflict')
    if (outcome === 'picture-gone')
      throw invalidField('pictures', 'one was uploaded too long ago: upload it again')
    await organisations.renew(organisation)
    await audit({
      organisation,
      action: 'brand.published',
      target: String(number),
      ...by,
      ...(owner.brand && { before: owner.brand }),
      after: { ...brand, number, ...(repeats !== undefined && { repeats }) },
    })
    return version
  }

  return {
    async state(organisation) {
      const { owner, draft: written } = await read(organisation)
      const number = owner.brand?.number
      const published =
        number === undefined ? undefined : await store.findVersion(organisation, number)
      const draft = stateOf(owner, written)
      return { ...(published && { published }), draft, verdict: verdictOf(draft.brand) }
    },

    saveDraft: (act, edit) =>
      changeDraft(act, { action: 'brand.draft-changed', edit: (brand) => edited(brand, edit) }),

    async setPicture(act, place, bytes) {
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
      return changeDraft(act, {
        action: 'brand.picture-changed',
        edit: (brand) => ({ ...brand, [place]: image }),
      })
    },

    removePicture: (act, place) =>
      changeDraft(act, {
        action: 'brand.picture-changed',
        edit({ [place]: _gone, ...brand }) {
          return brand
        },
      }),

    async publish(act, { adjust = false } = {}) {
      const { owner, draft } = await read(act.organisation)
      const { brand, version } = stateOf(owner, draft)
      if (act.version !== undefined && act.version !== version)
        throw new AppError('precondition_failed')
      const readable = adjust ? adjustedBrand(brand) : brand
      refuseUnreadable(readable)
      return publish(act, { owner, brand: readable, draft })
    },

    async rollBack(act, number) {
      const [{ owner }, older] = await Promise.all([
        read(act.organisation),
        store.findVersion(act.organisation, number),
      ])
      if (!older) throw new AppError('not_found', { detail: `there is no version ${number}` })
      return publish(act, { owner, brand: older.brand, repeats: number })
    },

    versions(organisation, request) {
      const list = { list: 'brand', organisation, owner: '' }
      return pageBy(
        { cursors, list, ...request },
        ({ number }) => ({ at: number, id: 'brand' }),
        ({ limit, after }) =>
          store.listVersions(organisation, { limit, ...(after && { before: after.at }) }),
      )
    },

    async findPicture(organisation, digest) {
      const found = await store.findPicture(organisation, digest, clock.now())
      return found && Buffer.from(found.png, 'base64')
    },

    async imagined(organisation, edit) {
      const { owner, draft } = await read(organisation)
      const brand = edited(stateOf(owner, draft).brand, edit)
      return { brand, verdict: verdictOf(brand) }
    },
  }
}

function stateOf({ brand }: Organisation, draft: BrandDraft | undefined): DraftState {
  if (draft) return draft
  if (!brand) return { brand: plainBrand, version: 0 }
  const { number: _number, ...published } = brand
  return { brand: published, version: 0 }
}

function edited(brand: Brand, edit: BrandEdit): Brand {
  const made = editedBrand(brand, edit)
  if ('problems' in made) throw new AppError('invalid_fields', { fields: made.problems })
  return made
}

function verdictOf({ colours }: Brand): Verdict {
  const checks = (['light', 'dark'] as const).flatMap((scheme) =>
    contrastChecks(scheme, colours[scheme]),
  )
  return { passes: checks.every(({ passes }) => passes), checks }
}

function adjustedBrand(brand: Brand): Brand {
  const { light, dark } = brand.colours
  return {
    ...brand,
    colours: { light: adjusted('light', light), dark: adjusted('dark', dark) },
  }
}

function refuseUnreadable(brand: Brand): void {
  const fields = verdictOf(brand)
    .checks.filter(({ passes }) => !passes)
    .map(({ scheme, colour, on, ratio, suggestion }) => ({
      path: `colours.${scheme}.${colour}`,
      message: `has a contrast of ${ratio}:1 on the ${on}, and needs 4.5:1: ${suggestion} has it`,
    }))
  if (brand.logoDark && !brand.logo)
    fields.push({ path: 'logoDark', message: 'needs a logo for light pages beside it' })
  if (fields.length > 0) throw new AppError('invalid_fields', { fields })
}

const refusals: { readonly [reason in PictureRefusal]: string } = {
  type: 'must be a PNG, JPEG, WebP or SVG',
  'unsafe-svg': 'must be an SVG in UTF-8 without entities, style sheets and pictures inside',
  pixels: 'must have at most 16 million pixels',
  unreadable: 'cannot be read: it is broken, or takes too long to draw',
  empty: 'shows nothing',
}
