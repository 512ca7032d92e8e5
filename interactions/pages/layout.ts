// The frame of every page: brand, one heading, the way forward, the quiet ways after it, languages.

import { pagePolicy } from '../../src/http/security-headers.ts'
import { type Html, html, renderDocument, verbatim } from '../../src/shared/html.ts'
import { directionOf, type Locale, localeNames, locales } from '../../src/shared/locale.ts'
import { type Look, plainLook } from '../../src/shared/look.ts'
import type { PolicyLink } from '../../src/shared/policy-kinds.ts'
import type { SupportLink } from '../../src/shared/support.ts'
import type { Addresses } from '../addresses.ts'
import { catalogue } from '../messages/catalogue.ts'
import type { Messages } from '../messages/en.ts'
import { enhancement, goOn } from './enhancement.ts'
import { logoOf } from './logo.ts'
import { stylesOf } from './styles.ts'

/** What every page is told. */
export type PageFrame = {
  locale: Locale
  /** The business, as customers read it. */
  brand: string
  /** Left out: the house's own. */
  look?: Look | undefined
  /** Left out where the page has no address of its own: languages are switched there. */
  addresses?: Pick<Addresses, 'page'>
  /** The business's policies, in the footer. */
  policies?: readonly PolicyLink[]
  /** Where help is, likewise. */
  support?: readonly SupportLink[]
}

type Page = PageFrame & {
  heading: string
  /** Below the heading; rendered as it is. */
  intro?: Html | string
  content?: Html | readonly (Html | undefined)[]
  /** The page says what was wrong: its title says so first, because it is what is read out first. */
  isRefusal?: boolean
  /** Whether it is there to be read: a text is wider than a form. */
  isWide?: boolean
  /** Whether the page has forms that its script looks after. */
  isEnhanced?: boolean
  /** Whether its first form then goes on by itself. */
  goesOn?: boolean
}

/** The Content Security Policy of a page here that wears this look. */
export function policyOf(look: Look = plainLook): string {
  const made = known.get(look) ?? policyOfLook(look, [enhancement])
  known.set(look, made)
  return made
}

const known = new WeakMap<Look, string>()

/** The same for a page that goes on by itself. */
export function goingOnPolicyOf(look: Look = plainLook): string {
  return policyOfLook(look, [enhancement, goOn])
}

function policyOfLook(look: Look, scripts: readonly string[]): string {
  return pagePolicy({
    styles: [stylesOf(look)],
    scripts,
    hasPictures: Object.keys(look.pictures).length > 0,
  })
}

export function messagesOf(frame: PageFrame): Messages {
  return catalogue[frame.locale]
}

/** The whole document. */
export function page(data: Page): string {
  const words = messagesOf(data)
  const title = words.title(data.heading, data.brand)
  const look = data.look ?? plainLook
  const icon = look.pictures.favicon
  return renderDocument(html`<html lang=${data.locale} dir=${directionOf(data.locale)}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${data.isRefusal ? words.refused(title) : title}</title>
      ${icon && html`<link rel="icon" type="image/png" href=${icon.src} />`}
      <style ...${verbatim(stylesOf(look))} />
    </head>
    <body>
      <main class=${data.isWide ? 'wide' : undefined}>
        <p class="brand">${logoOf(data.brand, look) ?? wordmark(data.brand)}</p>
        <h1>${data.heading}</h1>
        ${data.intro && html`<p class="intro" id="intro">${data.intro}</p>`}
        ${data.content}
        ${data.isEnhanced && waiting(words)}
      </main>
      ${footer(data)}
      ${data.isEnhanced && !look.only && html`<script ...${verbatim(enhancement)} />`}
      ${data.goesOn && html`<script ...${verbatim(goOn)} />`}
    </body>
  </html>`)
}

/** The script fills it when an answer takes long, for who listens; who looks reads the same in the button. */
function waiting({ wait }: Messages): Html {
  return html`<p class="wait" role="status" data-words=${wait} />`
}

function footer(frame: PageFrame): Html | undefined {
  const { policies = [], support = [], addresses } = frame
  if (policies.length === 0 && support.length === 0 && !addresses) return undefined
  return html`<footer>
    ${policies.length > 0 && policyNavigation(frame, policies)}
    ${support.length > 0 && supportNavigation(frame, support)}
    ${addresses && languages(frame, addresses)}
  </footer>`
}

function policyNavigation(frame: PageFrame, policies: readonly PolicyLink[]): Html {
  const words = messagesOf(frame)
  return html`<nav aria-label=${words.policy.label}>
    <ul>
      ${policies.map(
        ({ kind, href }) => html`<li><a href=${href}>${words.policies[kind]}</a></li>`,
      )}
    </ul>
  </nav>`
}

function supportNavigation(frame: PageFrame, support: readonly SupportLink[]): Html {
  const { help } = messagesOf(frame)
  return html`<nav aria-label=${help}>
    <ul>
      ${support.map(({ href, address }) => html`<li><a href=${href}>${address ?? help}</a></li>`)}
    </ul>
  </nav>`
}

function languages(frame: PageFrame, addresses: Pick<Addresses, 'page'>): Html {
  return html`<nav aria-label=${messagesOf(frame).language}>
    <ul>
      ${locales.map(
        (locale) => html`<li>
          <a
            href=${addresses.page({ lang: locale })}
            lang=${locale}
            hreflang=${locale}
            aria-current=${locale === frame.locale ? 'true' : undefined}
            >${localeNames[locale]}</a
          >
        </li>`,
      )}
    </ul>
  </nav>`
}

function wordmark(brand: string): Html {
  return html`<span class="tile" aria-hidden="true">${initialOf(brand)}</span>
    <span>${brand}</span>`
}

function initialOf(brand: string): string {
  return [...brand.trim()][0]?.toUpperCase() ?? '·'
}

/** A form with one button: a way that is not the way forward. */
export function otherWay(action: string, label: string, attributes: object = {}): Html {
  return html`<form method="post" action=${action}>
    <button class="quiet" type="submit" ...${attributes}>${label}</button>
  </form>`
}
