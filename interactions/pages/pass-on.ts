// The page that sends the browser on with a POST: by itself where scripts run, else with one button.

import { html, verbatim } from '../../src/shared/html.ts'
import { type Look, plainLook } from '../../src/shared/look.ts'
import { messagesOf, type PageFrame, page, policyOfLook } from './layout.ts'

export type PassOnPage = PageFrame & {
  action: string
  fields: Readonly<Record<string, string>>
}

/** Runs in the browser: the page's first form goes on by itself. */
export const submit = `document.forms[0].requestSubmit()`

export function passOnPolicy(look: Look = plainLook): string {
  return policyOfLook(look, [submit])
}

export function passOnPage(data: PassOnPage): string {
  const words = messagesOf(data)
  return page({
    ...data,
    heading: words.continue,
    content: html`<form class="way" method="post" action=${data.action}>
        ${Object.entries(data.fields).map(
          ([name, value]) => html`<input type="hidden" name=${name} value=${value} />`,
        )}
        <button class="primary" type="submit" autofocus>${words.continue}</button>
      </form>
      <script ...${verbatim(submit)} />`,
  })
}
