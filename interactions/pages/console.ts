// The console's own pages that need no scripts: invitations, the door that is not yours, and the ends of signing in.

import { type Html, html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

/** Where its form signs out. */
type SignedIn = { email: string; signOut: string }

export type InvitationPage = PageFrame & {
  /** What they are asked to look after. */
  organisation: string
  role: 'viewer' | 'editor' | 'owner' | 'platform'
  /** The page's own address: its form goes there. */
  address: string
  /** Who is signed in in this browser, if anybody; `isOther` when the invitation is for another address. */
  person?: SignedIn & { isOther: boolean }
}

export function invitationPage(data: InvitationPage): string {
  const words = messagesOf(data).invitation
  const { person, role } = data
  const accept = (label: string): Html =>
    html`<form class="way" method="post" action=${data.address}>
      <button class="primary" type="submit">${label}</button>
    </form>`
  return page({
    ...data,
    isEnhanced: true,
    heading: words.heading(data.organisation),
    intro: words.roles[role],
    isRefusal: person?.isOther === true,
    content: person
      ? [
          person.isOther ? html`<p role="alert">${words.other}</p>` : undefined,
          html`<p>${signedInAs(data)} <bdi>${person.email}</bdi></p>`,
          person.isOther ? undefined : accept(words.accept),
          signOutForm(data, person),
        ]
      : [html`<p class="hint">${words.bound}</p>`, accept(words.signIn)],
  })
}

/** Unknown, used, replaced, withdrawn or expired. */
export function goneInvitationPage(data: PageFrame & { console: string }): string {
  const words = messagesOf(data)
  const { heading, intro } = words.invitation.gone
  return page({
    ...data,
    heading,
    intro,
    isRefusal: true,
    content: wayTo(data.console, words.consolePages.open),
  })
}

/** Somebody is signed in who is no operator. */
export function noOperatorPage(data: PageFrame & SignedIn & { isInvited: boolean }): string {
  const { noOperator } = messagesOf(data).consolePages
  return page({
    ...data,
    isEnhanced: true,
    heading: noOperator.heading,
    intro: html`${signedInAs(data)} <bdi>${data.email}</bdi>`,
    isRefusal: true,
    content: [
      html`<p>${data.isInvited ? noOperator.invited : noOperator.hint}</p>`,
      signOutForm(data, data),
    ],
  })
}

export function failedSignInPage(
  data: PageFrame & { signIn: string; isCancelled: boolean },
): string {
  const { failed, signIn } = messagesOf(data).consolePages
  return page({
    ...data,
    heading: failed.heading,
    intro: data.isCancelled ? failed.cancelled : failed.intro,
    isRefusal: !data.isCancelled,
    content: wayTo(data.signIn, signIn),
  })
}

export function leftConsolePage(data: PageFrame & { signIn: string }): string {
  const words = messagesOf(data)
  return page({
    ...data,
    heading: words.signedOut.heading,
    intro: words.consolePages.left,
    content: wayTo(data.signIn, words.consolePages.signIn),
  })
}

/** In the place of files that were not built. */
export function unbuiltConsolePage(data: PageFrame): string {
  const { unbuilt } = messagesOf(data).consolePages
  return page({ ...data, heading: unbuilt.heading, intro: unbuilt.intro, isRefusal: true })
}

const signedInAs = (frame: PageFrame): string => messagesOf(frame).consolePages.signedInAs

function wayTo(href: string, label: string): Html {
  return html`<p class="way"><a class="button primary" href=${href}>${label}</a></p>`
}

function signOutForm(frame: PageFrame, { signOut }: SignedIn): Html {
  return html`<form method="post" action=${signOut}>
    <button class="second" type="submit">${messagesOf(frame).signOut.action}</button>
  </form>`
}
