// The permission page: what a third-party application asks for, in the customer's words.

import { html } from '../../src/shared/html.ts'
import type { Addresses } from '../addresses.ts'
import { messagesOf, otherWay, type PageFrame, page } from './layout.ts'

export type PermissionPage = PageFrame & {
  addresses: Addresses
  clientName: string
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
    heading: words.permission.heading(data.clientName),
    intro: html`${words.permission.intro(data.brand)} <bdi>${data.email}</bdi>`,
    content: html`<p class="list" id="asks">${words.permission.list}</p>
      <ul class="scopes" aria-labelledby="asks">
        ${shown.map((text) => html`<li>${text}</li>`)}
      </ul>
      <p class="hint">${words.permission.note(data.clientName)}</p>
      <form class="way" method="post" action=${data.addresses.form('permission')}>
        <button class="primary" type="submit">${words.permission.allow}</button>
      </form>
      ${otherWay(data.addresses.form('cancel'), words.cancel, { class: 'second' })}`,
  })
}
