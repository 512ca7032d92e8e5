// A brand as the console shows it: its tokens as the values of a form, and what they are called.

import type { adminApi } from '@foyer/contract'

type Api = typeof adminApi.brand

export type BrandState = adminApi.DataOf<Api['showBrand']>
export type Brand = BrandState['draft']
export type BrandVersion = adminApi.DataOf<Api['publishBrand']>
export type Tokens = adminApi.BodyOf<Api['saveBrandDraft']>
export type Check = BrandState['contrast']['checks'][number]
export type Language = adminApi.BodyOf<Api['previewBrand']>['language']
export type Scheme = Check['scheme']
export type Place = keyof Brand['pictures']

export const schemes = ['light', 'dark'] as const

/** `isFollowing`: left empty it follows from the others. */
export const colours = [
  { id: 'accent', label: 'Accent', hint: 'Of the button that leads on.', isFollowing: false },
  {
    id: 'accent_text',
    label: 'Text on the button',
    hint: 'Empty: whichever reads best.',
    isFollowing: true,
  },
  { id: 'background', label: 'Background', hint: 'Of the whole page.', isFollowing: false },
  { id: 'text', label: 'Text', hint: 'On the background.', isFollowing: false },
  { id: 'link', label: 'Links', hint: 'Empty: the accent.', isFollowing: true },
] as const
export type Colour = (typeof colours)[number]

/** The tokens, one field each; an empty colour follows from the others. */
export type BrandValues = {
  [Name in `${Scheme}_${Colour['id']}`]: string
} & { corners: string; font: string }

export function valuesOf({ colours: { light, dark }, corners, font }: Tokens): BrandValues {
  return {
    light_accent: light.accent,
    light_accent_text: light.accent_text ?? '',
    light_background: light.background,
    light_text: light.text,
    light_link: light.link ?? '',
    dark_accent: dark.accent,
    dark_accent_text: dark.accent_text ?? '',
    dark_background: dark.background,
    dark_text: dark.text,
    dark_link: dark.link ?? '',
    corners,
    font,
  }
}

/** As the API takes it; nothing while a colour is none. */
export function tokensOf(values: BrandValues): Tokens | undefined {
  const isWrong = schemes.some((scheme) =>
    colours.some((colour) => colourProblem(colour, values[`${scheme}_${colour.id}`]) !== undefined),
  )
  if (isWrong) return undefined
  const of = (scheme: Scheme) => ({
    accent: hexOf(values[`${scheme}_accent`]),
    background: hexOf(values[`${scheme}_background`]),
    text: hexOf(values[`${scheme}_text`]),
    accent_text: hexOf(values[`${scheme}_accent_text`]) || null,
    link: hexOf(values[`${scheme}_link`]) || null,
  })
  const { corners, font } = values as Pick<Tokens, 'corners' | 'font'> // chosen from lists of these
  return { colours: { light: of('light'), dark: of('dark') }, corners, font }
}

/** As people write it: with or without the sign, three digits or six. */
export function hexOf(text: string): string {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim())?.[1]?.toLowerCase()
  if (digits === undefined) return ''
  return `#${digits.length === 3 ? digits.replace(/./g, '$&$&') : digits}`
}

export function colourProblem({ isFollowing }: Colour, text: string): string | undefined {
  if (isFollowing && text.trim() === '') return undefined
  return hexOf(text) === ''
    ? 'Write a colour as # and six hexadecimal digits, as #21493d.'
    : undefined
}

export const cornerOptions = [
  { value: 'square', label: 'Square' },
  { value: 'small', label: 'Small' },
  { value: 'medium', label: 'Medium' },
  { value: 'large', label: 'Large' },
  { value: 'round', label: 'Round' },
]

export const fontOptions = [
  { value: 'classic', label: 'Classic: headings with serifs, text without' },
  { value: 'system', label: 'System: as the reader’s own device' },
  { value: 'serif', label: 'Serif: as a book' },
  { value: 'humanist', label: 'Humanist: warm, as drawn by a pen' },
  { value: 'geometric', label: 'Geometric: circles and straight lines' },
  { value: 'rounded', label: 'Rounded: soft ends' },
]

/** Whether a customer would see a difference. */
export function isSameLook(one: Brand, other: Brand | null): boolean {
  if (other === null) return false
  return lookText(one) === lookText(other)
}

function lookText(brand: Brand): string {
  const { pictures } = brand
  const addresses = [pictures.logo, pictures.logo_dark, pictures.favicon, pictures.mail_header]
  return JSON.stringify([valuesOf(brand), addresses.map((picture) => picture?.address ?? null)])
}

/** What has the colour of a check, and where. */
export function checkWords({ scheme, colour, on }: Check): string {
  const what = { text: 'text', accent_text: 'text on the button', link: 'links' }[colour]
  return `${what} ${on === 'accent' ? '' : 'on the background '}of ${scheme} pages`
}
