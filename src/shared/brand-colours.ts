// From a brand's few colours to all those of a page: each chosen so that what stands on it can be read.

import type { BrandColours } from './brand.ts'
import {
  contrast,
  type Hex,
  leastContrast,
  lightnessOf,
  mix,
  nearestReadable,
  withLightness,
} from './contrast.ts'
import { type Palette, palette, type Scheme } from './palette.ts'

/** Text on its ground (WCAG 2.2, 1.4.3). */
const READABLE = 4.5
/** The edge of a field (1.4.11). */
const VISIBLE = 3
/** A button so like its ground gets an edge. */
const HARDLY_SEEN = 1.25

/** One pair of colours that is read, whether it can be, and what would. */
export type ContrastCheck = {
  scheme: Scheme
  /** The colour to change. */
  colour: 'text' | 'accentText' | 'link'
  on: 'background' | 'accent'
  foreground: Hex
  ground: Hex
  /** Cut, not rounded, to two places: 4.499 is no 4.5. */
  ratio: number
  passes: boolean
  /** The nearest colour that does; the colour itself where it does. */
  suggestion: Hex
}

/** Every pair of one scheme. */
export function contrastChecks(scheme: Scheme, colours: BrandColours): ContrastCheck[] {
  const { accent, background, text } = colours
  const pairs = [
    ['text', 'background', text, background],
    ['accentText', 'accent', onAccent(colours), accent],
    ['link', 'background', linkOf(colours), background],
  ] as const
  return pairs.map(([colour, on, foreground, ground]) => {
    const ratio = contrast(foreground, ground)
    return {
      scheme,
      colour,
      on,
      foreground,
      ground,
      ratio: Math.floor(ratio * 100) / 100,
      passes: ratio >= READABLE,
      suggestion: readable(foreground, ground),
    }
  })
}

/** The colours with the suggestion in place of each that cannot be read. */
export function adjusted(scheme: Scheme, colours: BrandColours): BrandColours {
  const shifted = contrastChecks(scheme, colours)
    .filter(({ passes }) => !passes)
    .map(({ colour, suggestion }) => [colour, suggestion])
  return { ...colours, ...Object.fromEntries(shifted) }
}

/** All colours of a page. When the brand's own pairs can be read, so can all of these. */
export function paletteOf(colours: { readonly [scheme in Scheme]: BrandColours }): Palette {
  const light = shadesOf(colours.light, 'light')
  const dark = shadesOf(colours.dark, 'dark')
  const names = Object.keys(palette) as (keyof Palette)[] // its own names
  const entries = names.map((name) => [name, { light: light[name], dark: dark[name] }])
  return Object.fromEntries(entries) as Palette // one for each name, as just made
}

function shadesOf(colours: BrandColours, scheme: Scheme): { [name in keyof Palette]: Hex } {
  const { accent, background: page, text: ink } = colours
  const named = linkOf(colours)
  const canBeRead = (ground: Hex) => contrast(ink, ground) >= READABLE
  const card = firstThat(canBeRead, liftsOf(page, ink)) ?? page
  const tints = [0.07, 0.05, 0.03].map((share) => mix(card, ink, share))
  // Rather a ground on which links keep their colour.
  const keepsLinks = (ground: Hex) => canBeRead(ground) && contrast(named, ground) >= READABLE
  const tint = firstThat(keepsLinks, tints) ?? firstThat(canBeRead, tints) ?? away(card, ink)
  const grounds = [page, card, tint]
  const onAll = (ratio: number) => (each: Hex) => leastContrast(each, grounds) >= ratio
  const softer = [0.3, 0.2, 0.1].map((share) => mix(ink, card, share))
  const edges = [0.4, 0.5, 0.6, 0.75].map((share) => mix(card, ink, share))
  const edge = firstThat(onAll(VISIBLE), edges) ?? ink
  return {
    page,
    card,
    tint,
    ink,
    soft: firstThat(onAll(READABLE), softer) ?? ink,
    line: mix(card, ink, 0.14),
    edge,
    accent,
    'on-accent': onAccent(colours),
    'accent-hover': away(accent, onAccent(colours)),
    'accent-edge': contrast(accent, card) < HARDLY_SEEN ? edge : accent,
    link: nearestReadable(named, grounds, READABLE) ?? ink,
    bad: nearestReadable(palette.bad[scheme], grounds, READABLE) ?? ink,
  }
}

function firstThat(holds: (colour: Hex) => boolean, colours: readonly Hex[]): Hex | undefined {
  return colours.find(holds)
}

/** Paper a little lighter than the page it lies on: much towards white, less where the page is dark. */
function liftsOf(page: Hex, ink: Hex): Hex[] {
  const lightness = lightnessOf(page)
  const isDark = lightness < lightnessOf(ink)
  // Black paper on black is seen only from some lightness on.
  const lifts = isDark
    ? [Math.max(0.035, 0.2 - lightness), 0.02]
    : [(1 - lightness) * 0.85, (1 - lightness) * 0.4]
  return lifts.map((lift) => withLightness(page, Math.min(1, lightness + lift)))
}

/** A little away from the text on it, which is read all the better. */
function away(ground: Hex, text: Hex): Hex {
  return mix(ground, lightnessOf(text) > lightnessOf(ground) ? '#000000' : '#ffffff', 0.12)
}

function linkOf({ accent, link }: BrandColours): Hex {
  return link ?? accent
}

/** As named; else the first of these that can be read. Black or white always can. */
function onAccent({ accent, background, text, accentText }: BrandColours): Hex {
  if (accentText) return accentText
  const candidates = [background, text, '#ffffff', '#000000']
  return candidates.find((each) => contrast(each, accent) >= READABLE) ?? '#000000'
}

/** On one ground there always is one: black or white. */
function readable(colour: Hex, ground: Hex): Hex {
  return (
    nearestReadable(colour, [ground], READABLE) ??
    (contrast('#ffffff', ground) > contrast('#000000', ground) ? '#ffffff' : '#000000')
  )
}
