// The pages of a hand-off: the one that goes on by itself, the questions, and the end of a link.

import { type Html, html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

/** `action` is the page's own address; addresses of people are masked: a link may have gone astray. */
export type HandoffPage = PageFrame & { action: string; email: string }

/** Goes on by itself where scripts run, else with one button. */
export function handoffPage(data: HandoffPage): string {
  const words = messagesOf(data)
  return page({
    ...data,
    isEnhanced: true,
    goesOn: true,
    heading: words.continue,
    intro: html`${words.handOff.intro} ${address(data.email)}`,
    content: form(data, {}, words.continue),
  })
}

/** Another person is signed in in this browser. */
export function otherPersonPage(data: HandoffPage & { current: string }): string {
  const { other, continueAs } = messagesOf(data).handOff
  return page({
    ...data,
    isEnhanced: true,
    heading: other.heading,
    intro: html`${other.intro} ${address(data.current)}`,
    content: html`<p class="hint">${other.hint}</p>
      ${form(data, { answer: 'continue' }, continueAs(data.email))}
      ${form(data, { answer: 'stay' }, other.stay(data.current))}`,
  })
}

/** Nobody is signed in, and it was not the site that asked for the link that brought the browser here. */
export function strangerPage(data: HandoffPage): string {
  const { stranger, continueAs } = messagesOf(data).handOff
  return page({
    ...data,
    isEnhanced: true,
    heading: stranger.heading,
    intro: html`${stranger.intro} ${address(data.email)}`,
    content: html`<p class="hint">${stranger.hint}</p>
      ${form(data, {}, continueAs(data.email))}
      ${form(data, { answer: 'stay' }, stranger.refuse)}`,
  })
}

/** Used, expired, or of a session that is over. */
export function goneHandoffPage(data: PageFrame & { target: string }): string {
  const words = messagesOf(data)
  return page({
    ...data,
    heading: words.handOff.gone.heading,
    intro: words.handOff.gone.intro,
    isRefusal: true,
    content: html`<p class="way">
      <a class="button primary" href=${data.target}>${words.continue}</a>
    </p>`,
  })
}

function address(email: string): Html {
  return html`<bdi dir="ltr">${email}</bdi>`
}

/** The first is the way forward. */
function form(
  { action }: HandoffPage,
  { answer }: { answer?: 'continue' | 'stay' },
  label: string,
): Html {
  const isSecond = answer === 'stay'
  return html`<form class=${isSecond ? undefined : 'way'} method="post" action=${action}>
    ${answer && html`<input type="hidden" name="answer" value=${answer} />`}
    <button class=${isSecond ? 'second' : 'primary'} type="submit">${label}</button>
  </form>`
}
