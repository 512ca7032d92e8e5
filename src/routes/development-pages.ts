// The pages that developers see: where to begin, and the mails that were sent.

import { pagePolicy } from '../http/security-headers.ts'
import { type Html, html, renderDocument, verbatim } from '../shared/html.ts'

export type MailView = { to: string; subject: string; text: string; html: string; at: number }

const styles = `
:root { color-scheme: light dark; --ink: light-dark(#15181c, #f0f2f4); --soft: light-dark(#59626c, #a3acb5); --page: light-dark(#f5f6f7, #0f1113); --card: light-dark(#fff, #181b1e); --line: light-dark(#dfe3e7, #2d3338); --link: light-dark(#1d5bd6, #8ab4ff); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 400 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 56px 20px 80px; }
h1 { margin: 0 0 6px; font-size: 30px; letter-spacing: -.02em; }
h2 { margin: 0; font-size: 17px; overflow-wrap: anywhere; }
p { margin: 0 0 24px; color: var(--soft); }
a { color: var(--link); text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 12px; }
li, article { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 18px 20px; }
li a { font-weight: 600; }
li span { display: block; color: var(--soft); font-size: 15px; }
article { margin-bottom: 16px; }
article p { margin: 2px 0 14px; font-size: 14px; }
iframe { width: 100%; height: 560px; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
summary { min-height: 44px; display: flex; align-items: center; cursor: pointer; color: var(--link); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; margin: 8px 0 0; }
`

export const developmentPolicy = `${pagePolicy({ styles: [styles] })}; frame-src 'self'`

/** Mails bring their own styles and nothing else; only the mailbox may show them. */
export const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; frame-ancestors 'self'"

function page(title: string, content: Html, refresh = false): string {
  return renderDocument(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      ${refresh && html`<meta http-equiv="refresh" content="5" />`}
      <title>${title}</title>
      <style ...${verbatim(styles)} />
    </head>
    <body>
      <main>
        <h1>${title}</h1>
        ${content}
      </main>
    </body>
  </html>`)
}

export function frontPage(brand: string): string {
  const entries = [
    ['/demo/', 'The demo application', 'Another company’s page that signs customers in here.'],
    ['/dev/mail', 'The mailbox', 'Every mail that was sent, codes included.'],
    ['/api/client/v1', 'The Client API', 'What applications can read and change for a customer.'],
    ['/.well-known/openid-configuration', 'Discovery', 'All that an OpenID Connect library needs.'],
  ]
  return page(
    `${brand} is open`,
    html`<p>This is a development server. Begin with the demo application.</p>
      <ul>
        ${entries.map(
          ([href, name, text]) => html`<li><a href=${href}>${name}</a><span>${text}</span></li>`,
        )}
      </ul>`,
  )
}

/** Asks for itself again every few seconds, so that a code appears where one waits for it. */
export function mailboxPage(mails: readonly MailView[], to?: string): string {
  const empty = html`<p>Nothing was sent ${to ? `to ${to} ` : ''}yet. This page looks again by itself.</p>`
  return page(
    'Mailbox',
    html`${mails.length === 0 && empty}
    ${mails.map(
      (mail, index) => html`<article>
        <h2>${mail.subject}</h2>
        <p>to ${mail.to}, ${new Date(mail.at).toISOString()}</p>
        <details open=${index === 0}>
          <summary>Show the mail</summary>
          <iframe
            title=${mail.subject}
            src=${`/dev/mail/${mail.at}`}
            sandbox
            loading="lazy"
          />
          <pre>${mail.text}</pre>
        </details>
      </article>`,
    )}`,
    true,
  )
}
