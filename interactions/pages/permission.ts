// The permission page: what a third-party application asks for, in the customer's words.

import { type Html, html } from '../../src/shared/html.ts'
import type { Addresses } from '../addresses.ts'
import type { ClientLinks } from '../engine.ts'
import { messagesOf, otherWay, type PageFrame, page } from './layout.ts'

export type PermissionPage = PageFrame & {
  addresses: Addresses
  clientName: string
  /** Pages of its own; pictures of theirs are not shown: fetching one would tell them of each customer. */
  links: ClientLinks
  /** Who is signed in. */
  email: string
  /** Scopes; those that have no words here (a made-up one grants nothing) are left out. */
  scopes: readonly string[]
}

export function permissionPage(data: PermissionPage): string {
  const words = messagesOf(data)
  const texts = data.scopes.flatMap((scope) => words.permission.scopes[scope] ?? [])
  const shown = texts.length > 0 ? texts : [words.permission.scopes.openid]
  return page({
    ...data,
    isEnhanced: true,
    heading: words.permission.heading(data.clientName),
    intro: html`${words.permission.intro(data.brand)} <bdi>${data.email}</bdi>`,
    content: html`<p class="list" id="asks">${words.permission.list}</p>
      <ul class="scopes" role="list" aria-labelledby="asks">
        ${shown.map((text) => html`<li>${text}</li>`)}
      </ul>
      <p class="hint">${words.permission.note(data.clientName)}</p>
      ${links(data)}
      <form class="way" method="post" action=${data.addresses.form('permission')}>
        <button class="primary" type="submit">${words.permission.allow}</button>
      </form>
      ${otherWay(data.addresses.form('cancel'), words.cancel, { class: 'second' })}`,
  })
}

function links(data: PermissionPage): Html | undefined {
  const words = messagesOf(data).permission
  const { policy, terms, home } = data.links
  const all = [
    ...(policy ? [{ href: policy, text: words.policy }] : []),
    ...(terms ? [{ href: terms, text: words.terms }] : []),
    ...(home ? [{ href: home, text: new URL(home).host }] : []),
  ]
  if (all.length === 0) return undefined
  return html`<p class="hint">
    <span id="links">${words.links(data.clientName)}</span>
    ${all.map(
      ({ href, text }, at) =>
        html`${at > 0 ? ' · ' : ' '}<a href=${href} target="_blank" rel="noopener noreferrer nofollow" aria-describedby="links"><bdi>${text}</bdi></a>`,
    )}
  </p>`
}
