// The page that says who is signed in, in development, until there is a portal.

import { type Html, html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

export type DemoAccountPage = PageFrame & {
  email: string
  /** Times are in words. */
  since: string
  applications: readonly string[]
  sessions: readonly { browser?: string; system?: string; seen: string; isCurrent: boolean }[]
  signOut: string
}

export function demoAccountPage(data: DemoAccountPage): string {
  const words = messagesOf(data)
  const { account } = words
  const fact = (term: string, values: readonly (Html | string)[]): Html | undefined =>
    values.length === 0
      ? undefined
      : html`<div>
          <dt>${term}</dt>
          ${values.map((value) => html`<dd>${value}</dd>`)}
        </div>`
  return page({
    ...data,
    heading: account.heading,
    intro: html`${words.consolePages.signedInAs} <bdi dir="ltr">${data.email}</bdi>`,
    content: html`<dl class="plain">
        ${fact(account.since, [data.since])} ${fact(account.applications, data.applications)}
        ${fact(
          account.sessions,
          data.sessions.map((session) => sessionOf(data, session)),
        )}
      </dl>
      <p class="way"><a class="button second" href=${data.signOut}>${words.signOut.action}</a></p>`,
  })
}

function sessionOf(
  frame: PageFrame,
  { browser, system, seen, isCurrent }: DemoAccountPage['sessions'][number],
): Html {
  const { account } = messagesOf(frame)
  const name = browser && system ? account.browser(browser, system) : (browser ?? system)
  return html`${name ?? account.unknown}<span>${isCurrent ? account.here : account.seen(seen)}</span>`
}

export function nobodyPage(data: PageFrame & { signIn: string }): string {
  const words = messagesOf(data)
  const { nobody } = words.account
  return page({
    ...data,
    heading: nobody.heading,
    intro: nobody.intro(data.brand),
    content: html`<p class="way">
      <a class="button primary" href=${data.signIn}>${words.consolePages.signIn}</a>
    </p>`,
  })
}
