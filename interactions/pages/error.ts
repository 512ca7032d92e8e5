// The pages that end a journey, each with a way on where there is one.

import { type Html, html } from '../../src/shared/html.ts'
import type { WayOn } from '../way-on.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

export type ErrorKind =
  | 'ended'
  | 'interrupted'
  | 'request'
  | 'unavailable'
  | 'internal'
  | 'not-found'
  | 'foreign'

export type ErrorPage = PageFrame & {
  kind: ErrorKind
  wayOn?: WayOn
  /** Finds the log line. */
  supportCode?: string
  /** For the application's developer: an OAuth error and its description. */
  detail?: string
}

export function errorPage(data: ErrorPage): string {
  const words = messagesOf(data)
  const { error, ended, interrupted } = words
  const client = data.wayOn?.clientName
  const texts: { readonly [kind in ErrorKind]: string } = {
    ended: `${ended.intro} ${client ? ended.toClient(client) : ended.toApplication}`,
    interrupted: interrupted.intro,
    request: error.request,
    unavailable: error.unavailable,
    internal: error.internal,
    'not-found': error.notFound.intro,
    foreign: error.foreign,
  }
  return page({
    ...data,
    heading: headingOf(data),
    intro: texts[data.kind],
    content: [wayOn(data), facts(data)],
  })
}

function headingOf(data: ErrorPage): string {
  const { error, ...words } = messagesOf(data)
  if (data.kind === 'ended' || data.kind === 'interrupted') return words[data.kind].heading
  return data.kind === 'not-found' ? error.notFound.heading : error.heading
}

function wayOn(data: ErrorPage): Html | undefined {
  if (!data.wayOn) return undefined
  const words = messagesOf(data)
  const { href, clientName, isRetry } = data.wayOn
  const label =
    data.kind === 'interrupted' ? words.continue : words.continueTo(clientName ?? data.brand)
  return html`<p class="way">
    <a class="button primary" href=${href}>${isRetry ? words.error.retry : label}</a>
  </p>`
}

function facts(data: ErrorPage): Html | undefined {
  if (!data.supportCode && !data.detail) return undefined
  const { error } = messagesOf(data)
  const fact = (term: string, value: string | undefined, kind?: string): Html | undefined =>
    value
      ? html`<div><dt>${term}</dt><dd class=${kind}><bdi dir="ltr">${value}</bdi></dd></div>`
      : undefined
  return html`<dl>
    ${fact(error.detail, data.detail)} ${fact(error.supportCode, data.supportCode, 'spoken')}
  </dl>`
}
