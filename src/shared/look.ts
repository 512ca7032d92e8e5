// A brand as pages and mails wear it: every colour worked out, every picture with its address.

import {
  type Brand,
  type BrandImage,
  brandFonts,
  cornerScale,
  type ImagePlace,
  imagePlaces,
} from './brand.ts'
import { paletteOf } from './brand-colours.ts'
import { type Fonts, fonts, type Palette, palette, type Scheme } from './palette.ts'

/** A picture on a page; `width` and `height` as it is shown, in CSS pixels. */
export type Picture = { src: string; width: number; height: number }

export type Look = {
  readonly palette: Palette
  readonly fonts: Fonts
  /** What the house's corners are multiplied by. */
  readonly roundness: number
  readonly pictures: { readonly [place in ImagePlace]?: Picture }
  /** Only for previews: this scheme, whatever the reader prefers. */
  readonly only?: Scheme
}

/** Who has no brand wears this. */
export const plainLook: Look = { palette, fonts, roundness: 1, pictures: {} }

/** `issuer` is where the pictures are: `{issuer}/brand/{digest}.png`. */
export function lookOf(brand: Brand, issuer: string): Look {
  const pictures = imagePlaces.flatMap((place) => {
    const image = brand[place]
    return image ? [[place, pictureOf(image, `${issuer}/brand/${image.digest}.png`)]] : []
  })
  return {
    palette: paletteOf(brand.colours),
    fonts: brandFonts[brand.font],
    roundness: cornerScale[brand.corners],
    pictures: Object.fromEntries(pictures),
  }
}

/** As it is shown: half as many CSS pixels as it has. */
export function pictureOf({ width, height }: BrandImage, src: string): Picture {
  const half = (pixels: number) => Math.max(1, Math.round(pixels / 2))
  return { src, width: half(width), height: half(height) }
}
