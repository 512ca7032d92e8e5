// The pages of signing out: the question, and the end.

import { html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

export type SignOutPage = PageFrame & {
  /** Where the form goes, and the engine's token against forged ones. */
  action: string
  xsrf: string
}

export function signOutPage(data: SignOutPage): string {
  const words = messagesOf(data)
  return page({
    ...data,
    heading: words.signOut.heading,
    intro: words.signOut.intro(data.brand),
    content: html`<form class="way" method="post" action=${data.action}>
        <input type="hidden" name="xsrf" value=${data.xsrf} />
        <input type="hidden" name="logout" value="yes" />
        <button class="primary" type="submit" autofocus>${words.signOut.action}</button>
      </form>
      <form method="post" action=${data.action}>
        <input type="hidden" name="xsrf" value=${data.xsrf} />
        <button class="second" type="submit">${words.signOut.stay}</button>
      </form>`,
  })
}

export function signedOutPage(data: PageFrame): string {
  const words = messagesOf(data)
  return page({
    ...data,
    heading: words.signedOut.heading,
    intro: words.signedOut.intro(data.brand),
  })
}
