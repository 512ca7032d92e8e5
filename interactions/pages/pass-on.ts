// The page that sends the browser on with a POST: by itself where scripts run, else with one button.

import { pagePolicy } from '../../src/http/security-headers.ts'
import { html, verbatim } from '../../src/shared/html.ts'
import { messagesOf, type PageFrame, page } from './layout.ts'
import { styles } from './styles.ts'

export type PassOnPage = PageFrame & {
  action: string
  fields: Readonly<Record<string, string>>
}

const submit = `document.forms[0].requestSubmit()`

export const passOnPolicy = pagePolicy({ styles: [styles], scripts: [submit] })

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
