// Brands: how an organisation looks, drafted, made sure to be readable, published as versions, and rolled back.

import type { Brand, ImagePlace } from '../../shared/brand.ts'
import { adjusted, type ContrastCheck, contrastChecks } from '../../shared/brand-colours.ts'
import type { Cursors } from '../../shared/cursors.ts'
import { AppError, invalidField, refuseFields } from '../../shared/errors.ts'
import { type Page, type PageRequest, pageBy } from '../../shared/pages.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import { type BrandDraft, type BrandVersion, brandVersionId } from '../../stores/brands.ts'
import type { Organisation } from '../../stores/organisations.ts'
import {
  type BrandAct,
  type BrandDraftsParts,
  createBrandDrafts,
  type DraftState,
  stateOf,
} from './brand-drafts.ts'
import { type BrandEdit, editedBrand } from './brand-fields.ts'
import type { Organisations } from './organisations.ts'

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

export function createBrands(
  parts: BrandDraftsParts & {
    organisations: Pick<Organisations, 'read' | 'renew'>
    cursors: Cursors
  },
): Brands {
  const { store, organisations, cursors, audit, clock } = parts
  const drafts = createBrandDrafts(parts)
  const { read } = drafts

  /** `undefined` when the draft was changed, or another version published, since it was read. */
  async function publish(
    { organisation, by }: Omit<BrandAct, 'version'>,
    next: { owner: Organisation; brand: Brand; draft?: BrandDraft | undefined; repeats?: number },
  ): Promise<BrandVersion | undefined> {
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
    if (outcome === 'changed') return undefined
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
      drafts.change(act, { action: 'brand.draft-changed', edit: (brand) => edited(brand, edit) }),

    setPicture: drafts.setPicture,
    removePicture: drafts.removePicture,

    publish: (act, { adjust = false } = {}) =>
      changeAsRead(undefined, async () => {
        const { owner, draft } = await read(act.organisation)
        const { brand, version } = stateOf(owner, draft)
        // Read again, a draft that changed has another version; one that another was published beside has not.
        requireVersion(act.version, version)
        const readable = adjust ? adjustedBrand(brand) : brand
        refuseUnreadable(readable)
        return publish(act, { owner, brand: readable, draft })
      }),

    async rollBack(act, number) {
      const older = await store.findVersion(act.organisation, number)
      if (!older) throw new AppError('not_found', { detail: `there is no version ${number}` })
      return changeAsRead(undefined, async () => {
        const { owner } = await read(act.organisation)
        return publish(act, { owner, brand: older.brand, repeats: number })
      })
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
  refuseFields(fields)
}
