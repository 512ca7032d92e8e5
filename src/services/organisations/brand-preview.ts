// What a brand would look like: the sign-in page and the mail with a code, drawn by what draws the real ones.

import { type Brand, type ImagePlace, imagePlaces } from '../../shared/brand.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Locale } from '../../shared/locale.ts'
import { type Look, lookOf, type Picture, pictureOf } from '../../shared/look.ts'
import type { Scheme } from '../../shared/palette.ts'
import type { Organisation } from '../../stores/organisations.ts'

export type PreviewRequest = {
  brand: Brand
  locale: Locale
  scheme: Scheme
}

export type Preview = {
  /** A whole document. */
  signInPage: string
  codeMail: { subject: string; html: string }
}

/** What the page and the mail are drawn from. */
export type PreviewData = {
  organisation: Organisation
  issuer: string
  look: Look
  locale: Locale
  /** For the mail: when the code would have been asked for. */
  at: number
}

export type PreviewBrand = (organisation: Organisation, request: PreviewRequest) => Promise<Preview>

/** Nothing is stored, sent or counted. The pictures stand in the documents themselves: nothing is fetched. */
export function createBrandPreview(parts: {
  issuerOf(organisation: Organisation): string
  findPicture(organisation: string, digest: string): Promise<Buffer | undefined>
  drawSignInPage(data: PreviewData): string
  drawCodeMail(data: PreviewData): { subject: string; html: string }
  clock: Clock
}): PreviewBrand {
  async function inlinePicture(
    { _id }: Organisation,
    brand: Brand,
    place: ImagePlace,
  ): Promise<[ImagePlace, Picture][]> {
    const image = brand[place]
    const png = image && (await parts.findPicture(_id, image.digest))
    if (!image || !png) return []
    const src = `data:image/png;base64,${png.toString('base64')}`
    return [[place, pictureOf(image, src)]]
  }

  return async (organisation, { brand, locale, scheme }) => {
    const issuer = parts.issuerOf(organisation)
    const found = imagePlaces.map((place) => inlinePicture(organisation, brand, place))
    const pictures = Object.fromEntries((await Promise.all(found)).flat())
    const look = { ...lookOf(brand, issuer), pictures, only: scheme }
    const data = { organisation, issuer, look, locale, at: parts.clock.now() }
    const { subject, html } = parts.drawCodeMail(data)
    return { signInPage: parts.drawSignInPage(data), codeMail: { subject, html } }
  }
}
