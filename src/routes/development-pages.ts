// The pages that developers see: where to begin, and the mails that were sent.

import { pagePolicy } from '../http/security-headers.ts'
import { type Html, html, renderDocument, verbatim } from '../shared/html.ts'
import { fonts, paletteStyles } from '../shared/palette.ts'

export type MailView = { to: string; subject: string; text: string; html: string; at: number }

const styles = `
${paletteStyles}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 400 1rem/1.55 ${fonts.text}; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: 4rem 1.25rem 5rem; }
h1 { margin: 0 0 .5rem; font: 500 2.25rem/1.2 ${fonts.heading}; letter-spacing: -.01em; }
h2 { margin: 0; font-size: 1.0625rem; font-weight: 600; }
p, li span, summary span { color: var(--soft); }
p { margin: 0 0 2rem; }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: .75rem; }
li a, summary { display: block; padding: 1.125rem 1.25rem; color: inherit; text-decoration: none; border-radius: 1rem; cursor: pointer; }
li, details { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
li:hover, details:not([open]):hover { border-color: var(--edge); }
li a b { font-weight: 600; text-decoration: underline; text-decoration-color: var(--edge); text-underline-offset: .25em; }
li span, summary span { display: block; font-size: .9375rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details { margin-bottom: .75rem; }
summary { list-style: none; }
summary::-webkit-details-marker { display: none; }
iframe { display: block; width: 100%; height: 40rem; border: solid var(--line); border-width: 1px 0; background: var(--page); }
pre { white-space: pre-wrap; font: .875rem/1.6 ${fonts.code}; margin: 0; padding: 1.25rem; }
`

/** Shows a new mail as soon as it is there, and leaves the page alone while there is none. */
const watch = `
const shown = document.querySelector('main').dataset.newest
setInterval(async () => {
  const asked = fetch('/dev/mail.json' + location.search)
  const [newest] = await asked.then((answer) => answer.json()).catch(() => [])
  if (newest && String(newest.at) !== shown) location.reload()
}, 2000)
`

export const developmentPolicy = [
  pagePolicy({ styles: [styles], scripts: [watch] }),
  "frame-src 'self'",
  "connect-src 'self'",
].join('; ')

/** Mails bring their own styles and nothing else; only the mailbox may show them. */
export const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox; base-uri 'none'; frame-ancestors 'self'"

function page(title: string, content: Html): string {
  return renderDocument(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <style ...${verbatim(styles)} />
    </head>
    <body>
      ${content}
    </body>
  </html>`)
}

export function frontPage(
  brand: string,
  { hasMailbox, shop }: { hasMailbox: boolean; shop: string | undefined },
): string {
  const entries = [
    ['/demo/', 'The demo application', 'Another company’s page that signs customers in here.'],
    ['/demo/account', 'Your account', 'Who is signed in in this browser.'],
    ...(shop
      ? [
          [
            `${shop}/`,
            'The demo shop',
            'A page on another site that signs them in without leaving it.',
          ],
        ]
      : []),
    ...(hasMailbox
      ? [['/dev/mail', 'The mailbox', 'Every mail that was sent, codes included.']]
      : []),
    ['/api/client/v1', 'The Client API', 'What applications can read and change for a customer.'],
    ['/.well-known/openid-configuration', 'Discovery', 'All that an OpenID Connect library needs.'],
  ]
  return page(
    `${brand} is open`,
    html`<main>
      <h1>${brand} is open</h1>
      <p>This is a development server. Begin with the demo application.</p>
      <ul role="list">
        ${entries.map(
          ([href, name, text]) =>
            html`<li><a href=${href}><b>${name}</b><span>${text}</span></a></li>`,
        )}
      </ul>
    </main>`,
  )
}

export function mailboxPage(mails: readonly MailView[], to?: string): string {
  const waiting = `Nothing was sent${to ? ` to ${to}` : ''} yet. A mail appears here by itself.`
  return page(
    'Mailbox',
    html`<main data-newest=${mails[0]?.at}>
        <h1>Mailbox</h1>
        <p>${mails.length === 0 ? waiting : 'The newest mail stands first.'}</p>
        ${mails.map((mail, index) => mailView(mail, index === 0))}
      </main>
      <script ...${verbatim(watch)} />`,
  )
}

function mailView(mail: MailView, isOpen: boolean): Html {
  const time = new Date(mail.at).toISOString().replace('T', ' ').slice(0, 19)
  return html`<details open=${isOpen}>
    <summary>
      <h2>${mail.subject}</h2>
      <span>to ${mail.to}, ${time} UTC</span>
    </summary>
    <iframe title=${mail.subject} src=${`/dev/mail/${mail.at}`} sandbox loading="lazy" />
    <pre>${mail.text}</pre>
  </details>`
}
