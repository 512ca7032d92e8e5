// The second page: the code, and what takes its place when the code is no longer good.

import { type Html, html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page, quietForm } from './layout.ts'

export type CodePage = PageFrame & {
  path: string
  email: string
  digits: number
  /** Seconds until a new code can be asked for; 0 when it can be now. */
  resendIn: number
  problem?: { kind: 'wrong'; attemptsLeft: number } | { kind: 'malformed' }
}

/** Tries left are told only when they become few. */
const FEW = 2

export function codePage(data: CodePage): string {
  const words = messagesOf(data)
  const { problem, path, digits } = data
  return page({
    ...data,
    switchable: true,
    enhanced: true,
    heading: words.code.heading,
    intro: html`${words.code.intro} <b>${data.email}</b>`,
    content: html`<form class="way" method="post" action=${`${path}/code`} novalidate>
        <label for="code">${words.code.label(digits)}</label>
        <input
          class="code"
          id="code"
          name="code"
          type="text"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9\\s\\-]*"
          data-digits=${digits}
          required
          autofocus
          aria-describedby=${problem ? 'problem hint' : 'hint'}
          aria-invalid=${problem ? 'true' : undefined}
        />
        ${problem && html`<p class="problem" id="problem" role="alert">${problemText(data)}</p>`}
        <button class="primary" type="submit">${words.continue}</button>
        <p class="hint" id="hint">${words.code.hint}</p>
      </form>
      ${resendNote(data)}
      <div class="ways">
        ${quietForm(`${path}/resend`, words.code.resend, { 'data-resend': '' })}
        ${quietForm(`${path}/other-address`, words.code.notYours)}
        ${quietForm(`${path}/cancel`, words.cancel)}
      </div>`,
  })
}

/** The seconds stand there without scripts too; with them they run. */
function resendNote(data: CodePage): Html | undefined {
  if (data.resendIn <= 0) return undefined
  const words = messagesOf(data)
  const template = words.code.resendIn(0).replace('0', '{s}')
  return html`<p class="hint" data-resend-in=${data.resendIn} data-words=${template}>
    ${words.code.resendIn(data.resendIn)}
  </p>`
}

function problemText(data: CodePage): string {
  const words = messagesOf(data)
  if (data.problem?.kind !== 'wrong') return words.code.malformed(data.digits)
  const { attemptsLeft } = data.problem
  return attemptsLeft <= FEW
    ? `${words.code.wrong} ${words.code.left(attemptsLeft)}`
    : words.code.wrong
}

/** The code has expired: the way forward sends a new one. */
export function expiredPage(data: PageFrame & { path: string; email: string }): string {
  const words = messagesOf(data)
  return page({
    ...data,
    switchable: true,
    heading: words.expired.heading,
    intro: html`${words.expired.intro} <b>${data.email}</b>`,
    content: html`<form class="way" method="post" action=${`${data.path}/resend`}>
        <button class="primary" type="submit" autofocus>${words.code.resend}</button>
      </form>
      <div class="ways">
        ${quietForm(`${data.path}/other-address`, words.code.notYours)}
        ${quietForm(`${data.path}/cancel`, words.cancel)}
      </div>`,
  })
}

/** No tries are left: the way forward begins again. */
export function spentPage(data: PageFrame & { path: string }): string {
  const words = messagesOf(data)
  return page({
    ...data,
    heading: words.spent.heading,
    intro: words.spent.intro,
    content: html`<form class="way" method="post" action=${`${data.path}/other-address`}>
        <button class="primary" type="submit" autofocus>${words.spent.action}</button>
      </form>
      <div class="ways">${quietForm(`${data.path}/cancel`, words.cancel)}</div>`,
  })
}
