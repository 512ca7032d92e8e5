// The pages that end a journey, each with a way on where there is one.

import { type Html, html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

export type ErrorKind = 'ended' | 'request' | 'unavailable' | 'internal' | 'not-found' | 'foreign'

export type ErrorPage = PageFrame & {
  kind: ErrorKind
  /** The way on: the same page again, or the application that the person came from. */
  wayOn?: { href: string; clientName?: string }
  /** Finds the log line. */
  supportCode?: string
  /** For the application's developer: an OAuth error and its description. */
  detail?: string
}

export function errorPage(data: ErrorPage): string {
  const words = messagesOf(data)
  const { error } = words
  const texts: { readonly [kind in ErrorKind]: string } = {
    ended: words.ended.intro,
    request: error.request,
    unavailable: error.unavailable,
    internal: error.internal,
    'not-found': error.notFound,
    foreign: error.foreign,
  }
  return page({
    ...data,
    heading: data.kind === 'ended' ? words.ended.heading : error.heading,
    intro: texts[data.kind],
    content: [wayOn(data), facts(data)],
  })
}

function wayOn(data: ErrorPage): Html | undefined {
  if (!data.wayOn) return undefined
  const { error } = messagesOf(data)
  const { href, clientName } = data.wayOn
  return html`<p class="way">
    <a class="button primary" href=${href}>${clientName ? error.back(clientName) : error.retry}</a>
  </p>`
}

function facts(data: ErrorPage): Html | undefined {
  if (!data.supportCode && !data.detail) return undefined
  const { error } = messagesOf(data)
  const fact = (term: string, value: string | undefined): Html | undefined =>
    value ? html`<div><dt>${term}</dt><dd><bdi dir="ltr">${value}</bdi></dd></div>` : undefined
  return html`<dl>
    ${fact(error.detail, data.detail)} ${fact(error.supportCode, data.supportCode)}
  </dl>`
}
