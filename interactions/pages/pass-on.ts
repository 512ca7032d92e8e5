// The page that sends the browser on with a POST: by itself where scripts run, else with one button.

import { html } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'

export type PassOnPage = PageFrame & {
  action: string
  fields: Readonly<Record<string, string>>
}

export function passOnPage(data: PassOnPage): string {
  const words = messagesOf(data)
  return page({
    ...data,
    isEnhanced: true,
    goesOn: true,
    heading: words.continue,
    content: html`<form class="way" method="post" action=${data.action}>
        ${Object.entries(data.fields).map(
          ([name, value]) => html`<input type="hidden" name=${name} value=${value} />`,
        )}
        <button class="primary" type="submit" autofocus>${words.continue}</button>
      </form>`,
  })
}
