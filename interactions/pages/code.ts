// The second page: the code, and what takes its place when the code is no longer good.

import { type Html, html } from '../../src/shared/html.ts'
import type { Addresses } from '../addresses.ts'
import { timeText, waitText } from './durations.ts'
import { messagesOf, otherWay, type PageFrame, page } from './layout.ts'

type Frame = PageFrame & { addresses: Addresses }

export type CodePage = Frame & {
  email: string
  digits: number
  /** Seconds until a new code can be asked for; 0 when it can be now. */
  resendIn: number
  /** Said once, after a new code was sent. */
  wasSentAgain?: boolean
  /** Whether the box is ticked. */
  isShared: boolean
  /** How long a session lives at a shared computer, in milliseconds. */
  sharedLife: number
  problem?: CodeProblem
}

export type CodeProblem =
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'malformed' }
  | { kind: 'too-soon' }
  /** The code was not looked at; `retryAfter` in seconds. */
  | { kind: 'too-many'; retryAfter: number }

/** Tries left are told only when they become few. */
const FEW = 2

export function codePage(data: CodePage): string {
  const words = messagesOf(data)
  const { problem, addresses, digits } = data
  return page({
    ...data,
    isRefusal: problem !== undefined,
    isEnhanced: true,
    heading: words.code.heading,
    intro: html`${words.code.intro} <bdi>${data.email}</bdi>`,
    content: html`${data.wasSentAgain && html`<p class="notice" id="notice" role="status">${words.code.sentAgain}</p>`}
      <form class="way" method="post" action=${addresses.form('code')} novalidate>
        ${sharedBox(data)}
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
          aria-describedby=${`${said(data)} hint`}
          aria-invalid=${problem?.kind === 'wrong' || problem?.kind === 'malformed' ? 'true' : undefined}
        />
        ${problem && html`<p class="problem" id="problem" role="alert">${problemText(data, problem)}</p>`}
        <button class="primary" type="submit">${words.continue}</button>
      </form>
      <p class="hint"><span id="hint">${words.code.hint}</span> ${countdown(data)}</p>
      <div class="ways">
        ${otherWay(addresses.form('resend'), words.code.resend, { 'data-resend': '' })}
        ${otherWay(addresses.form('other-address'), words.code.notYours)}
        ${otherWay(addresses.form('cancel'), words.cancel)}
      </div>`,
  })
}

/** What is new on the page is what is read out at the field, which has the focus. */
function said({ problem, wasSentAgain }: CodePage): string {
  if (problem) return 'problem'
  return wasSentAgain ? 'notice intro' : 'intro'
}

/** Above the code, because the page goes on by itself when that is complete. */
function sharedBox(data: CodePage): Html {
  const { shared } = messagesOf(data).code
  return html`<label class="choice">
      <input
        name="shared"
        type="checkbox"
        value="yes"
        checked=${data.isShared}
        aria-describedby="shared"
      />
      <span>${shared.label}</span>
    </label>
    <p class="consequence" id="shared">${shared.hint(timeText(data.sharedLife, data.locale))}</p>`
}

/** The seconds stand there without scripts too; with them they run. No part of what describes the field: that is read out when it changes. */
function countdown({ resendIn, ...data }: CodePage): Html | undefined {
  if (resendIn <= 0) return undefined
  const words = messagesOf(data)
  return html`<span data-resend-in=${resendIn} data-words=${words.code.resendIn(0).replace('0', '{s}')}
    >${words.code.resendIn(resendIn)}</span
  >`
}

function problemText(data: CodePage, problem: CodeProblem): string {
  const { code } = messagesOf(data)
  switch (problem.kind) {
    case 'too-soon':
      return code.tooSoon
    case 'too-many':
      return code.tooMany(waitText(problem.retryAfter, data.locale))
    case 'malformed':
      return code.malformed(data.digits)
    case 'wrong': {
      const { attemptsLeft } = problem
      return attemptsLeft <= FEW ? `${code.wrong} ${code.left(attemptsLeft)}` : code.wrong
    }
  }
}

/** The code has expired: the way forward sends a new one. */
export function expiredPage(data: Frame & { email: string }): string {
  const words = messagesOf(data)
  return page({
    ...data,
    isEnhanced: true,
    heading: words.expired.heading,
    intro: html`${words.expired.intro} <bdi>${data.email}</bdi>`,
    content: html`<form class="way" method="post" action=${data.addresses.form('resend')}>
        <button class="primary" type="submit" autofocus>${words.code.resend}</button>
      </form>
      <div class="ways">
        ${otherWay(data.addresses.form('other-address'), words.code.notYours)}
        ${otherWay(data.addresses.form('cancel'), words.cancel)}
      </div>`,
  })
}

/** No tries are left: the way forward begins again. */
export function spentPage({ addresses, ...frame }: Frame): string {
  const words = messagesOf(frame)
  return page({
    ...frame, // without its address: asked for again, it would be the page of the dead code
    isRefusal: true,
    isEnhanced: true,
    heading: words.spent.heading,
    intro: words.spent.intro,
    content: html`<form class="way" method="post" action=${addresses.form('other-address')}>
        <button class="primary" type="submit" autofocus>${words.spent.action}</button>
      </form>
      <div class="ways">${otherWay(addresses.form('cancel'), words.cancel)}</div>`,
  })
}
