// A brand in the words of the Admin API, which the command line prints as well.

import type { BrandState, Verdict } from '../../services/organisations/brands.ts'
import type { Brand, BrandColours, ImagePlace } from '../../shared/brand.ts'
import { instantOf } from '../../shared/instants.ts'
import { lookOf } from '../../shared/look.ts'
import type { BrandVersion } from '../../stores/brands.ts'

export function brandStateData({ published, draft, verdict }: BrandState, issuer: string) {
  return {
    published: published ? brandVersionData(published, issuer) : null,
    draft: brandData(draft.brand, issuer),
    updated_at: instantOf(draft.updatedAt),
    contrast: contrastData(verdict),
  }
}

function brandData(brand: Brand, issuer: string) {
  const { pictures } = lookOf(brand, issuer)
  const pictureOf = (place: ImagePlace) => {
    const [image, shown] = [brand[place], pictures[place]]
    return image && shown ? { address: shown.src, width: image.width, height: image.height } : null
  }
  const { light, dark } = brand.colours
  return {
    colours: { light: coloursData(light), dark: coloursData(dark) },
    corners: brand.corners,
    font: brand.font,
    pictures: {
      logo: pictureOf('logo'),
      logo_dark: pictureOf('logoDark'),
      favicon: pictureOf('favicon'),
      mail_header: pictureOf('mailHeader'),
    },
  }
}

function coloursData({ accent, background, text, accentText, link }: BrandColours) {
  return { accent, background, text, accent_text: accentText ?? null, link: link ?? null }
}

export function brandVersionData(version: BrandVersion, issuer: string) {
  return {
    ...brandData(version.brand, issuer),
    number: version.number,
    repeats: version.repeats ?? null,
    published_at: instantOf(version.publishedAt),
    published_by: version.publishedBy,
  }
}

export function contrastData({ passes, checks }: Verdict) {
  const shown = checks.map(({ colour, ...check }) => ({
    ...check,
    colour: colour === 'accentText' ? ('accent_text' as const) : colour,
  }))
  return { passes, checks: shown }
}
