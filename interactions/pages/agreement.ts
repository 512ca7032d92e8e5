// The page on which policies are accepted: what to read, one button, and a way out.

import { html } from '../../src/shared/html.ts'
import type { AcceptableKind } from '../../src/shared/policy-kinds.ts'
import type { Addresses } from '../addresses.ts'
import { messagesOf, otherWay, type PageFrame, page } from './layout.ts'

export type AgreementPage = PageFrame & {
  addresses: Addresses
  due: readonly {
    kind: AcceptableKind
    /** The version that is shown, and accepted. */
    number: number
    href: string
    /** Whether an earlier version was accepted. */
    hasChanged: boolean
  }[]
}

export function agreementPage(data: AgreementPage): string {
  const words = messagesOf(data)
  const { agreement, policies } = words
  return page({
    ...data,
    isEnhanced: true,
    heading: agreement.heading,
    intro: agreement.intro(data.brand),
    content: html`<ul class="documents" role="list">
        ${data.due.map(
          ({ kind, href, hasChanged }) => html`<li>
            <a href=${href} target="_blank" rel="noopener" aria-describedby="opens">${policies[kind]}</a>
            ${hasChanged && html`<span>${agreement.changed}</span>`}
          </li>`,
        )}
      </ul>
      <p class="hint" id="opens">${agreement.opens}</p>
      <form class="way" method="post" action=${data.addresses.form('agreement')}>
        ${data.due.map(
          ({ kind, number }) => html`<input type="hidden" name=${kind} value=${number} />`,
        )}
        <button class="primary" type="submit">${agreement.agree}</button>
      </form>
      ${otherWay(data.addresses.form('cancel'), words.cancel, { class: 'second' })}`,
  })
}
