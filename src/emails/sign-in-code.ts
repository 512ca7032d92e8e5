// The mail with the one-time code.

import { MINUTE } from '../shared/clock.ts'
import { labelUserAgent } from '../shared/user-agent.ts'
import { codeBlock, mailHtml, paragraph } from './layout.ts'
import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import type { CustomerMail } from './notice.ts'
import { inert, signature, timeText } from './text.ts'

export type SignInCodeMail = CustomerMail & {
  code: string
  timeZone: string
  /** The application that the person signs in to. */
  clientName: string
  /** When the code was asked for, in milliseconds since 1970. */
  at: number
  /** How long it is good, in milliseconds. */
  life: number
  userAgent: string
  /** Whether the subject holds the code: notifications show it, on locked screens too. */
  isInSubject: boolean
}

/** The code stands alone on a line of the text part, and is the only run of six to eight digits in it. */
export function signInCodeMail(data: SignInCodeMail): Message {
  const { messages, locale } = messagesFor(data.locale)
  const words = messages.code
  const brand = inert(data.brand)
  const client = inert(data.clientName)
  const time = timeText(data.at, { locale, timeZone: data.timeZone })
  const asked = words.asked(time, browserText(data.userAgent, messages))
  const life = words.life(Math.round(data.life / MINUTE))

  // A number in an address could be taken for the code.
  const isPlain = ({ href }: { href: string }): boolean => !/\d{6}/.test(href)
  const [policies, support] = [data.policies?.filter(isPlain), data.support?.filter(isPlain)]

  return {
    to: data.to,
    fromName: brand,
    subject: data.isInSubject ? words.subject(data.code, brand) : words.plainSubject(brand),
    text: [
      words.intro(client),
      data.code,
      life,
      `${asked}\n${words.warning}`,
      words.ignore,
      ...signature(brand, { policies, support, locale }),
    ].join('\n\n'),
    html: mailHtml({
      locale,
      brand,
      look: data.look,
      policies,
      support,
      preview: life,
      heading: words.heading,
      body: [
        paragraph(words.intro(client)),
        codeBlock(data.code),
        paragraph(life),
        paragraph(asked, { isSoft: true }),
        paragraph(words.warning, { isSoft: true }),
        paragraph(words.ignore, { isSoft: true }),
      ],
    }),
  }
}

function browserText(userAgent: string, messages: ReturnType<typeof messagesFor>['messages']) {
  const { browser, system } = labelUserAgent(userAgent)
  if (browser && system) return messages.browserOn(browser, system)
  return browser ?? system ?? messages.unknownBrowser
}
