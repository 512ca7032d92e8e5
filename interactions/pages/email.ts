// The first page: the address.

import { html } from '../../src/shared/html.ts'
import type { Addresses } from '../addresses.ts'
import { waitText } from './durations.ts'
import { messagesOf, otherWay, type PageFrame, page } from './layout.ts'

export type EmailPage = PageFrame & {
  addresses: Addresses
  clientName: string
  /** What stands in the field: as typed before, or the client's hint. */
  email: string
  /** `retryAfter` in seconds. */
  problem?: { kind: 'invalid' } | { kind: 'too-many'; retryAfter: number }
}

export function emailPage(data: EmailPage): string {
  const words = messagesOf(data)
  const { problem } = data
  const text =
    problem?.kind === 'too-many'
      ? words.email.tooMany(waitText(problem.retryAfter, data.locale))
      : words.email.invalid
  return page({
    ...data,
    isEnhanced: true,
    isRefusal: problem !== undefined,
    heading: words.email.heading,
    intro: words.email.intro(data.clientName),
    content: html`<form class="way" method="post" action=${data.addresses.form('email')} novalidate>
        <label for="email">${words.email.label}</label>
        <input
          id="email"
          name="email"
          type="email"
          value=${data.email}
          autocomplete="email"
          autocapitalize="none"
          spellcheck="false"
          dir="ltr"
          required
          autofocus
          aria-describedby=${problem ? 'problem hint' : 'hint'}
          aria-invalid=${problem?.kind === 'invalid' ? 'true' : undefined}
        />
        ${problem && html`<p class="problem" id="problem" role="alert">${text}</p>`}
        <button class="primary" type="submit">${words.continue}</button>
      </form>
      <p class="hint" id="hint">${words.email.hint}</p>
      <div class="ways">${otherWay(data.addresses.form('cancel'), words.cancel)}</div>`,
  })
}
