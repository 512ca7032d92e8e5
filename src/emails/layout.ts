// The frame of every mail: tables and inline styles, because mail programs know little else.

import { type Html, html, renderDocument, verbatim } from '../shared/html.ts'
import { directionOf, type Locale } from '../shared/locale.ts'
import { fonts, palette } from '../shared/palette.ts'

const { page, card, tint, ink, soft, line, accent } = palette
const onAccent = palette['on-accent']

/** Dark where the program offers it; the inline colours are the light ones, for those that do not. */
const STYLES = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: ${page.dark} !important; }
  .card { background: ${card.dark} !important; border-color: ${line.dark} !important; }
  .ink { color: ${ink.dark} !important; }
  .soft { color: ${soft.dark} !important; }
  .button { background: ${accent.dark} !important; color: ${onAccent.dark} !important; }
  .code { background: ${tint.dark} !important; color: ${ink.dark} !important; }
}
@media (max-width: 480px) {
  .frame { padding: 16px 8px !important; }
  .cell { padding-left: 20px !important; padding-right: 20px !important; }
}`

export type MailLayout = {
  locale: Locale
  /** Whom it comes from, as a wordmark. */
  brand: string
  /** What a list of mails shows beside the subject. */
  preview: string
  heading: string
  body: Html | Html[]
}

/** The HTML part. Everything in it is escaped by the template. */
export function mailHtml(layout: MailLayout): string {
  const ground = `background:${page.light}`
  const paper = `background:${card.light};border:1px solid ${line.light};border-radius:18px`
  return renderDocument(html`<html lang=${layout.locale} dir=${directionOf(layout.locale)}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>${layout.heading}</title>
      <style ...${verbatim(STYLES)} />
    </head>
    <body class="page" style=${`margin:0;padding:0;${ground}`}>
      <div style="display:none;max-height:0;overflow:hidden">${layout.preview}</div>
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style=${ground}>
        <tr>
          <td align="center" class="frame" style="padding:48px 16px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px">
              <tr>
                <td class="card cell" style=${`${paper};padding:36px 40px 28px;word-break:break-word`}>
                  <p class="ink" style=${text(`600 16px/24px ${fonts.text}`, 28)}>${layout.brand}</p>
                  <h1 class="ink" style=${text(`500 27px/34px ${headingFont(layout.locale)}`, 10)}>
                    ${layout.heading}
                  </h1>
                  ${layout.body}
                </td>
              </tr>
            </table>
          </td>
        </tr>
      </table>
    </body>
  </html>`)
}

/** Arabic has no serifs. */
function headingFont(locale: Locale): string {
  return locale === 'ar' ? fonts.text : fonts.heading
}

function text(font: string, below: number, colour: string = ink.light): string {
  return `margin:0 0 ${below}px;font:${font};color:${colour}`
}

/** A paragraph; soft ones recede. */
export function paragraph(words: string, { isSoft = false } = {}): Html {
  return isSoft
    ? html`<p class="soft" style=${text(`400 14px/21px ${fonts.text}`, 10, soft.light)}>${words}</p>`
    : html`<p class="ink" style=${text(`400 16px/25px ${fonts.text}`, 12)}>${words}</p>`
}

/** The code: large, apart from everything, and copied without the spaces that are only drawn. */
export function codeBlock(code: string): Html {
  const style = [
    // As much more at the left as the last digit has at its right.
    `background:${tint.light};border-radius:12px;padding:20px 12px 20px 22px;text-align:center`,
    `font:500 34px/40px ${fonts.code};letter-spacing:10px;color:${ink.light}`,
  ].join(';')
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:20px 0 22px">
    <tr>
      <td class="code" dir="ltr" style=${style}>${code}</td>
    </tr>
  </table>`
}

/** The one thing to do, as a link that looks like a button. */
export function button(words: string, href: string): Html {
  const style = [
    `display:inline-block;background:${accent.light};color:${onAccent.light};border-radius:12px`,
    `padding:14px 24px;font:600 16px/24px ${fonts.text};text-decoration:none`,
  ].join(';')
  return html`<p style="margin:22px 0 24px"><a class="button" href=${href} style=${style}>${words}</a></p>`
}
