// GET /dom/: the browser library for people: its version, the tag that pins it, and what each file is recognised by.

import { pagePolicy } from '../http/security-headers.ts'
import { html, renderDocument, verbatim } from '../shared/html.ts'
import { fonts, paletteStyles } from '../shared/palette.ts'

export type LibraryManifest = {
  version: string
  files: readonly {
    name: string
    /** Where it is for ever. */
    address: string
    bytes: number
    gzipped_bytes: number
    /** `sha384-` and the hash, for a page that pins it. */
    integrity: string
  }[]
}

const styles = `
${paletteStyles}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 400 1rem/1.55 ${fonts.text}; overflow-wrap: anywhere; }
main { max-width: 52rem; margin: 0 auto; padding: 4rem 1.25rem 5rem; }
h1 { margin: 0 0 .5rem; font: 500 2.25rem/1.2 ${fonts.heading}; letter-spacing: -.01em; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.0625rem; font-weight: 600; }
p, dd { margin: 0; color: var(--soft); }
a { color: var(--link); text-underline-offset: .25em; }
dl, pre { margin: 0; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
pre, code { font: .875rem/1.6 ${fonts.code}; white-space: pre-wrap; }
dt { font-weight: 600; }
dd + dt { margin-top: 1rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`

export const libraryPagePolicy = pagePolicy({ styles: [styles] })

export function libraryPage({ version, files }: LibraryManifest): string {
  const script = files.find(({ name }) => name === 'foyer.js')
  return renderDocument(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>The browser library</title>
      <style ...${verbatim(styles)} />
    </head>
    <body>
      <main>
        <h1>The browser library</h1>
        <p>
          Version ${version}. Customers sign in on the site’s own page. The console shows this tag with a
          client’s own values.
        </p>
        ${
          script &&
          html`<h2>The script tag, pinned</h2>
            <pre>
${`<script
  async
  src="${script.address}"
  integrity="${script.integrity}"
  crossorigin
  data-issuer="YOUR_ISSUER"
  data-client-id="YOUR_CLIENT_ID"
></script>

<foyer-sign-in></foyer-sign-in>
<foyer-account></foyer-account>`}</pre>`
        }
        <h2>Files</h2>
        <dl>
          ${files.map(
            ({ name, address, gzipped_bytes: size, integrity }) =>
              html`<dt><a href=${address}>${name}</a></dt>
                <dd>${size.toLocaleString('en')} bytes gzipped</dd>
                <dd><code>${integrity}</code></dd>`,
          )}
        </dl>
        <h2>For programs</h2>
        <p>The same is at <a href="/dom/v1/manifest.json">/dom/v1/manifest.json</a>.</p>
      </main>
    </body>
  </html>`)
}
