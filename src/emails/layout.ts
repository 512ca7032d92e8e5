// The frame of every mail: tables and inline styles, because mail programs know little else.

import { createAmbient, type Html, html, renderDocument, verbatim } from '../shared/html.ts'
import { directionOf, type Locale } from '../shared/locale.ts'
import { type Look, type Picture, plainLook } from '../shared/look.ts'
import { fonts } from '../shared/palette.ts'
import type { PolicyLink } from '../shared/policy-kinds.ts'
import type { SupportLink } from '../shared/support.ts'
import { messagesFor } from './messages/catalogue.ts'

const ambient = createAmbient(plainLook)

/** Dark where the program offers it; the inline colours are the light ones, for those that do not. */
function stylesOf({ palette, only }: Look): string {
  const { page, card, tint, ink, soft, line, accent } = palette
  const when = only ? (only === 'dark' ? 'all' : 'not all') : '(prefers-color-scheme: dark)'
  const schemes = only ?? 'light dark'
  return `
:root { color-scheme: ${schemes}; supported-color-schemes: ${schemes}; }
@media ${when} {
  .page { background: ${page.dark} !important; }
  .card { background: ${card.dark} !important; border-color: ${line.dark} !important; }
  .ink { color: ${ink.dark} !important; }
  .soft { color: ${soft.dark} !important; }
  .button { background: ${accent.dark} !important; color: ${palette['on-accent'].dark} !important; }
  .code { background: ${tint.dark} !important; color: ${ink.dark} !important; }
  .bar { background: ${accent.dark} !important; }
  .on-light { display: none !important; }
  .on-dark { display: block !important; max-height: none !important; }
  .plate { background: ${card.light} !important; padding: 10px 14px !important; }
}
@media (max-width: 480px) {
  .frame { padding: 16px 8px !important; }
  .cell { padding-left: 20px !important; padding-right: 20px !important; }
}`
}

export type MailLayout = {
  locale: Locale
  /** Whom it comes from, as a wordmark. */
  brand: string
  /** Left out: the house's own. */
  look?: Look | undefined
  /** What a list of mails shows beside the subject. */
  preview: string
  heading: string
  body: Html | Html[]
  /** Below it all. */
  policies?: readonly PolicyLink[] | undefined
  support?: readonly SupportLink[] | undefined
}

/** The HTML part. Everything in it is escaped by the template. */
export function mailHtml(layout: MailLayout): string {
  const { look = plainLook } = layout
  const { page, card, line } = look.palette
  const ground = `background:${page.light}`
  const paper = [
    'max-width:480px;border-collapse:separate;overflow:hidden',
    `background:${card.light};border:1px solid ${line.light};${rounded(look, 18)}`,
  ].join(';')
  return renderDocument(html`<html lang=${layout.locale} dir=${directionOf(layout.locale)}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content=${look.only ?? 'light dark'} />
      <meta name="supported-color-schemes" content=${look.only ?? 'light dark'} />
      <title>${layout.heading}</title>
      <style ...${verbatim(stylesOf(look))} />
    </head>
    <body class="page" style=${`margin:0;padding:0;${ground}`}>
      <div style="display:none;max-height:0;overflow:hidden">${layout.preview}</div>
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style=${ground}>
        <tr>
          <td align="center" class="frame" style="padding:48px 16px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="card" style=${paper}>
              ${bannerOf(layout.brand, look)}
              <tr>
                <td class="cell" style="padding:36px 40px 28px;word-break:break-word">
                  ${ambient.giving(look, contentOf(layout))}
                </td>
              </tr>
            </table>
            ${footerOf(layout)}
          </td>
        </tr>
      </table>
    </body>
  </html>`)
}

function contentOf(layout: MailLayout): Html {
  const { look = plainLook } = layout
  return html`${look.pictures.mailHeader ? undefined : signOf(layout.brand, look)}
    <h1 class="ink" style=${text(look, { font: `500 27px/34px ${headingFont(look, layout.locale)}`, below: 10 })}>
      ${layout.heading}
    </h1>
    ${layout.body}`
}

function footerOf(layout: MailLayout): Html | undefined {
  const { policies = [], support = [], locale, look = plainLook } = layout
  if (policies.length === 0 && support.length === 0) return undefined
  const { messages } = messagesFor(locale)
  const links = [
    ...policies.map(({ kind, href }) => ({ href, words: messages.policies[kind] })),
    ...support.map(({ href, address }) => ({ href, words: address ?? messages.help })),
  ]
  const style = `font:400 13px/20px ${look.fonts.text};color:${look.palette.soft.light}`
  return html`<p class="soft" style=${`margin:20px 0 0;${style}`}>
    ${links.map(
      ({ href, words }) => html`<a class="soft" href=${href} style=${`${style};margin:0 8px`}>
        ${words}
      </a> `,
    )}
  </p>`
}

/** Across the whole mail: the picture that the brand has for it, else a bar of its colour. */
function bannerOf(brand: string, look: Look): Html | undefined {
  if (look === plainLook) return undefined
  const { pictures, palette } = look
  const { mailHeader } = pictures
  if (!mailHeader)
    return html`<tr><td class="bar" style=${`background:${palette.accent.light};height:6px;line-height:6px;font-size:1px`}></td></tr>`
  return html`<tr><td><img
    src=${mailHeader.src}
    width=${Math.min(480, mailHeader.width)}
    alt=${brand}
    style="display:block;width:100%;height:auto;border:0"
  /></td></tr>`
}

/** The logo, else the name. Many programs show no pictures: then its name stands there. */
function signOf(brand: string, look: Look): Html {
  const { logo, logoDark } = look.pictures
  if (!logo)
    return html`<p class="ink" style=${text(look, { font: `600 16px/24px ${look.fonts.text}`, below: 28 })}>${brand}</p>`
  // On light paper its name stays dark, where the picture is not shown.
  const alone = logoDark ? 'on-light' : 'plate'
  return html`<div style="margin:0 0 28px">
    ${pictureOf(logo, { brand, look, kind: alone, hidden: '' })}
    ${
      logoDark &&
      pictureOf(logoDark, {
        brand,
        look,
        kind: 'ink on-dark',
        hidden: 'display:none;max-height:0;mso-hide:all;',
      })
    }
  </div>`
}

function pictureOf(
  { src, width, height }: Picture,
  { brand, look, kind, hidden }: { brand: string; look: Look; kind: string; hidden: string },
): Html {
  const shown = hidden || 'display:block;'
  const words = `font:600 16px/24px ${look.fonts.text}`
  return html`<img
    class=${kind}
    src=${src}
    width=${width}
    height=${height}
    alt=${brand}
    style=${`${shown}max-width:100%;height:auto;border:0;${rounded(look, 6)};${words};color:${look.palette.ink.light}`}
  />`
}

function rounded({ roundness }: Look, pixels: number): string {
  return `border-radius:${Math.round(pixels * roundness)}px`
}

/** Arabic has no serifs. */
function headingFont({ fonts }: Look, locale: Locale): string {
  return locale === 'ar' ? fonts.text : fonts.heading
}

function text(
  { palette }: Look,
  { font, below, colour = 'ink' }: { font: string; below: number; colour?: 'ink' | 'soft' },
): string {
  return `margin:0 0 ${below}px;font:${font};color:${palette[colour].light}`
}

/** A paragraph; soft ones recede. */
export function paragraph(words: string, { isSoft = false } = {}): Html {
  return ambient.using((look) => {
    const { text: face } = look.fonts
    return isSoft
      ? html`<p class="soft" style=${text(look, { font: `400 14px/21px ${face}`, below: 10, colour: 'soft' })}>${words}</p>`
      : html`<p class="ink" style=${text(look, { font: `400 16px/25px ${face}`, below: 12 })}>${words}</p>`
  })
}

/** The code: large, apart from everything, and copied without the spaces that are only drawn. */
export function codeBlock(code: string): Html {
  return ambient.using((look) => {
    const { tint, ink } = look.palette
    const style = [
      // As much more at the left as the last digit has at its right.
      `background:${tint.light};${rounded(look, 12)};padding:20px 12px 20px 22px;text-align:center`,
      `font:500 34px/40px ${fonts.code};letter-spacing:10px;color:${ink.light}`,
    ].join(';')
    return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:20px 0 22px">
      <tr>
        <td class="code" dir="ltr" style=${style}>${code}</td>
      </tr>
    </table>`
  })
}

/** The one thing to do, as a link that looks like a button. */
export function button(words: string, href: string): Html {
  return ambient.using((look) => {
    const { accent, 'on-accent': onAccent } = look.palette
    const style = [
      `display:inline-block;background:${accent.light};color:${onAccent.light};${rounded(look, 12)}`,
      `padding:14px 24px;font:600 16px/24px ${look.fonts.text};text-decoration:none`,
    ].join(';')
    return html`<p style="margin:22px 0 24px"><a class="button" href=${href} style=${style}>${words}</a></p>`
  })
}
