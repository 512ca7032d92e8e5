// What operators may say of a brand, read into tokens: what is no token is refused, so nothing else gets in.

import {
  type Brand,
  type BrandColours,
  brandFonts,
  cornerScale,
  type ImagePlace,
} from '../../shared/brand.ts'
import type { Scheme } from '../../shared/palette.ts'
import type { Frame } from '../../shared/pictures.ts'

/** As it came. What is named is changed; `null` takes a colour away that follows from others. */
export type BrandEdit = {
  colours?: { readonly [scheme in Scheme]?: ColoursEdit | undefined } | undefined
  corners?: string | undefined
  font?: string | undefined
}
export type ColoursEdit = {
  readonly [colour in keyof BrandColours]?: string | null | undefined
}

type Problem = { path: string; message: string }

/** What pictures are made to fit: twice as many pixels as they are shown with. */
export const frames: { readonly [place in ImagePlace]: Frame } = {
  logo: { width: 480, height: 128 },
  logoDark: { width: 480, height: 128 },
  favicon: { width: 96, height: 96, fill: true },
  mailHeader: { width: 960, height: 320 },
}

/** The brand with what the edit names, or everything that is wrong with it. */
export function editedBrand(brand: Brand, edit: BrandEdit): Brand | { problems: Problem[] } {
  const light = editedColours('light', brand.colours.light, edit.colours?.light)
  const dark = editedColours('dark', brand.colours.dark, edit.colours?.dark)
  const { corners = brand.corners, font = brand.font } = edit
  const problems = [...light.problems, ...dark.problems]
  if (!isKeyOf(cornerScale, corners)) problems.push(oneOf('corners', cornerScale))
  if (!isKeyOf(brandFonts, font)) problems.push(oneOf('font', brandFonts))
  if (problems.length > 0 || !isKeyOf(cornerScale, corners) || !isKeyOf(brandFonts, font))
    return { problems }
  return { ...brand, colours: { light: light.colours, dark: dark.colours }, corners, font }
}

const HEX = /^#[0-9a-f]{6}$/i
const required = ['accent', 'background', 'text'] as const
const optional = ['accentText', 'link'] as const

function editedColours(
  scheme: Scheme,
  colours: BrandColours,
  edit: ColoursEdit = {},
): { colours: BrandColours; problems: Problem[] } {
  const problems: Problem[] = []
  const read = (name: keyof BrandColours, value: string | null): string | undefined => {
    if (value !== null && HEX.test(value)) return value.toLowerCase()
    if (value !== null || required.some((each) => each === name))
      problems.push({
        path: `colours.${scheme}.${name}`,
        message: 'must be a colour such as #21493d',
      })
    return undefined
  }
  const named = [...required, ...optional].flatMap((name) => {
    const value = edit[name]
    return value === undefined ? [] : [[name, read(name, value)] as const]
  })
  const changed = { ...colours, ...Object.fromEntries(named) }
  const kept = Object.entries(changed).filter(([, value]) => value !== undefined)
  // Required ones were there before, and one that was taken away is a problem: nobody sees these then.
  return { colours: Object.fromEntries(kept) as BrandColours, problems }
}

function isKeyOf<Table extends object>(table: Table, key: string): key is keyof Table & string {
  return Object.hasOwn(table, key)
}

function oneOf(path: string, table: object): Problem {
  return { path, message: `must be one of ${Object.keys(table).join(', ')}` }
}
