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
    isEnhanced: true,
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

/** The end of it; not `isOver` when the person chose to stay. */
export function signedOutPage(data: PageFrame & { isOver: boolean }): string {
  const { signedOut, stayed } = messagesOf(data)
  const words = data.isOver ? signedOut : stayed
  return page({ ...data, heading: words.heading, intro: words.intro(data.brand) })
}
