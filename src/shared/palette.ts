// The colours and typefaces of every page and mail made on the server: paper, ink and one quiet green.

import type { Hex } from './contrast.ts'

export type Shade = { readonly light: Hex; readonly dark: Hex }
export type Scheme = keyof Shade

/** Text on its ground reaches 4.5:1, the edge of a field and the mark of focus 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
export const palette = {
  page: { light: '#f6f2eb', dark: '#161412' },
  card: { light: '#fffdfa', dark: '#1f1c19' },
  tint: { light: '#efe9df', dark: '#2a2622' },
  ink: { light: '#231f1a', dark: '#f3ede4' },
  soft: { light: '#665e54', dark: '#b6ada1' },
  line: { light: '#e4dccf', dark: '#39332d' },
  edge: { light: '#90867a', dark: '#82786d' },
  accent: { light: '#21493d', dark: '#bcdccd' },
  'on-accent': { light: '#fffdfa', dark: '#14251e' },
  'accent-hover': { light: '#375b50', dark: '#acc9bb' },
  'accent-edge': { light: '#21493d', dark: '#bcdccd' },
  link: { light: '#21493d', dark: '#bcdccd' },
  bad: { light: '#a32d1d', dark: '#ffa091' },
} as const satisfies { readonly [name: string]: Shade }

/** The colours of the same things in an organisation's brand. */
export type Palette = { readonly [name in keyof typeof palette]: Shade }

export type Fonts = { readonly heading: string; readonly text: string }

export const fonts = {
  heading:
    "ui-serif, 'Iowan Old Style', 'Palatino Linotype', Palatino, Charter, Georgia, 'Noto Serif', serif",
  text: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
  code: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
}

/** The palette as CSS variables: light, and dark where the reader prefers it; or `only` one of them. */
export function stylesOfPalette(colours: Palette, only?: Scheme): string {
  if (only) return `:root { color-scheme: ${only}; ${variables(colours, only)} }`
  return `:root { color-scheme: light dark; ${variables(colours, 'light')} }
@media (prefers-color-scheme: dark) { :root { ${variables(colours, 'dark')} } }`
}

/** Of the house's own. */
export const paletteStyles = stylesOfPalette(palette)

function variables(colours: Palette, scheme: Scheme): string {
  return Object.entries(colours)
    .map(([name, shade]) => `--${name}: ${shade[scheme]};`)
    .join(' ')
}
