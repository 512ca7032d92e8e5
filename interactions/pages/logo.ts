// The logo in place of the name: for light pages, and for dark ones where there is another.

import { type Html, html } from '../../src/shared/html.ts'
import type { Look } from '../../src/shared/look.ts'

/** Its name says what it shows, because nothing else on the page does. `undefined` without a logo. */
export function logoOf(brand: string, { pictures, only }: Look): Html | undefined {
  const { logo, logoDark } = pictures
  if (!logo) return undefined
  const shown = only === 'dark' ? (logoDark ?? logo) : logo
  const image = html`<img
    class=${logoDark ? 'logo' : 'logo plate'}
    src=${shown.src}
    width=${shown.width}
    height=${shown.height}
    alt=${brand}
  />`
  if (!logoDark || only) return image
  return html`<picture>
    <source
      media="(prefers-color-scheme: dark)"
      srcset=${logoDark.src}
      width=${logoDark.width}
      height=${logoDark.height}
    />
    ${image}
  </picture>`
}
