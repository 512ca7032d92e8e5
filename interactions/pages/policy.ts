// The page of a policy: the business's own words, and which version they are.

import { type Html, html } from '../../src/shared/html.ts'
import { directionOf, type Locale } from '../../src/shared/locale.ts'
import type { PolicyKind } from '../../src/shared/policy-kinds.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'
import type { Markup } from './markdown.ts'

export type PolicyPage = PageFrame & {
  kind: PolicyKind
  number: number
  text: Markup
  /** What the text is written in, which may be another language than the page's. */
  textLocale: Locale
  publishedAt: number
  timeZone: string
  /** The page of the newest version, where this one is older. */
  newest?: string
}

export function policyPage(data: PolicyPage): string {
  const words = messagesOf(data)
  const { textLocale } = data
  return page({
    ...data,
    isWide: true,
    heading: words.policies[data.kind],
    intro: words.policy.version(data.number, dateText(data)),
    content: html`${data.newest && olderNotice(data, data.newest)}
      <article
        class="text"
        lang=${textLocale}
        dir=${directionOf(textLocale)}
        ...${data.text}
      />`,
  })
}

function olderNotice(data: PolicyPage, newest: string): Html {
  const { policy } = messagesOf(data)
  return html`<p class="notice">${policy.older} <a href=${newest}>${policy.newest}</a></p>`
}

function dateText({ publishedAt, timeZone, locale }: PolicyPage): string {
  const format = { dateStyle: 'long', timeZone, numberingSystem: 'latn' } as const
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, format).format(publishedAt)
}
