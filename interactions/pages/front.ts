// The organisation's front page, until it has a portal: it says where one is.

import { messagesOf, type PageFrame, page } from './layout.ts'

export function frontPage(data: PageFrame): string {
  const words = messagesOf(data).front
  return page({ ...data, heading: words.heading, intro: words.intro(data.brand) })
}
