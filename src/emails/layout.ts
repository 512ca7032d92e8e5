// The frame of every mail: tables and inline styles, because mail programs know little else.

import { type Html, html, renderDocument, verbatim } from '../shared/html.ts'
import { directionOf, type Locale } from '../shared/locale.ts'

const FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** Dark where the program offers it; the inline colours are the light ones, for those that do not. */
const STYLES = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #111315 !important; }
  .card { background: #1b1e21 !important; border-color: #2c3136 !important; }
  .ink { color: #f2f4f5 !important; }
  .soft { color: #a9b1b8 !important; }
  .code { background: #25292d !important; color: #ffffff !important; }
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
  const direction = directionOf(layout.locale)
  const page = html`<html lang=${layout.locale} dir=${direction}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>${layout.heading}</title>
      <style ...${verbatim(STYLES)} />
    </head>
    <body class="page" style="margin:0;padding:0;background:#f4f5f6">
      <div style="display:none;max-height:0;overflow:hidden">${layout.preview}</div>
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="background:#f4f5f6">
        <tr>
          <td align="center" class="frame" style="padding:40px 16px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px">
              <tr>
                <td class="ink" style=${`padding:0 4px 16px;font:600 17px/24px ${FONT};color:#16191d`}>
                  ${layout.brand}
                </td>
              </tr>
              <tr>
                <td class="card cell" style="background:#ffffff;border:1px solid #e3e6e8;border-radius:14px;padding:32px">
                  <h1 class="ink" style=${`margin:0 0 12px;font:650 22px/30px ${FONT};color:#16191d`}>
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
  </html>`
  return renderDocument(page)
}

/** A paragraph; soft ones recede. */
export function paragraph(text: string, { soft = false } = {}): Html {
  const colour = soft ? '#5c6670' : '#16191d'
  const size = soft ? '14px/21px' : '16px/24px'
  const style = `margin:0 0 12px;font:400 ${size} ${FONT};color:${colour}`
  return html`<p class=${soft ? 'soft' : 'ink'} style=${style}>${text}</p>`
}

/** The code: large, apart from everything, and copied without the spaces that are only drawn. */
export function codeBlock(code: string): Html {
  const mono = "'SF Mono', SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace"
  const style = [
    'background:#f1f3f4;border-radius:10px;padding:18px 12px 18px 20px;text-align:center',
    `font:600 34px/40px ${mono};letter-spacing:8px;color:#16191d`,
  ].join(';')
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 20px">
    <tr>
      <td class="code" dir="ltr" style=${style}>${code}</td>
    </tr>
  </table>`
}
