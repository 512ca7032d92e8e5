// How a business looks: a few tokens, each from a closed set, and never a line of style of its own.

import type { Hex } from './contrast.ts'
import { type Fonts, fonts, palette, type Scheme } from './palette.ts'

/** Of one scheme. What is left out follows from the others. */
export type BrandColours = {
  /** Of the button that leads on. */
  readonly accent: Hex
  readonly background: Hex
  readonly text: Hex
  /** On the button; else whichever reads best. */
  readonly accentText?: Hex
  /** Of links; else the accent. */
  readonly link?: Hex
}

/** A picture as it was made ready: its name is its content. */
export type BrandImage = {
  /** SHA-256 of the PNG, as 64 hexadecimal digits. */
  readonly digest: string
  /** Pixels, twice as many as it is shown with. */
  readonly width: number
  readonly height: number
}

/** How much rounder than the house's own corners. */
export const cornerScale = { square: 0, small: 0.4, medium: 1, large: 1.6, round: 2.2 } as const
export type Corners = keyof typeof cornerScale

const arabic = "'Noto Sans Arabic', 'Geeza Pro'"

/** Stacks of typefaces that machines have: nothing is fetched. */
export const brandFonts = {
  classic: { heading: fonts.heading, text: fonts.text },
  system: { heading: fonts.text, text: fonts.text },
  serif: { heading: fonts.heading, text: fonts.heading },
  humanist: both(
    `Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', 'Source Sans Pro', ${arabic}, sans-serif`,
  ),
  geometric: both(
    `Avenir, Montserrat, Corbel, 'URW Gothic', 'Source Sans Pro', 'Century Gothic', ${arabic}, sans-serif`,
  ),
  rounded: both(
    `ui-rounded, 'SF Pro Rounded', 'Hiragino Maru Gothic ProN', Quicksand, Comfortaa, Manjari, 'Arial Rounded MT Bold', Calibri, ${arabic}, sans-serif`,
  ),
} as const satisfies { readonly [name: string]: Fonts }
export type BrandFont = keyof typeof brandFonts

function both(stack: string): Fonts {
  return { heading: stack, text: stack }
}

/** Where a picture may stand. */
export const imagePlaces = ['logo', 'logoDark', 'favicon', 'mailHeader'] as const
export type ImagePlace = (typeof imagePlaces)[number]

export type Brand = {
  readonly colours: { readonly [scheme in Scheme]: BrandColours }
  readonly corners: Corners
  readonly font: BrandFont
} & { readonly [place in ImagePlace]?: BrandImage }

/** What an organisation starts from: the house's own look. */
export const plainBrand: Brand = {
  colours: { light: plainColours('light'), dark: plainColours('dark') },
  corners: 'medium',
  font: 'classic',
}

function plainColours(scheme: Scheme): BrandColours {
  const { accent, page, ink } = palette
  return { accent: accent[scheme], background: page[scheme], text: ink[scheme] }
}
