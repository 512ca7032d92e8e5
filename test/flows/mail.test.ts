// Mails with codes, as a mail server gets them and a mail program shows them; addresses as an attacker types them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { messagesFor } from '../../src/emails/messages/catalogue.ts'
import { clientsCollection } from '../../src/stores/clients.ts'
import { createOrganisationStore } from '../../src/stores/organisations.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askAddress, askCode, freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, formAt } from '../support/user-agent.ts'

let mailServer: MailServer
let server: TestServer
let party: RelyingParty
let clientId: string

beforeAll(async () => {
  mailServer = await startMailServer()
  server = await startServer({ mailServer })
  await server.changeSignIn(roomyLimits)
  const client = await server.register({ name: 'Harbour Café' })
  clientId = client.client_id
  party = await createRelyingParty(server, client)
})
afterAll(async () => {
  await server.stop()
  await mailServer.stop()
})

/** Asks for a code and reads the mail with it. */
async function mailFor(email: string, parameters: { [name: string]: string } = {}) {
  const { page } = await askCode(server, party, { email, parameters })
  return { page, mail: await mailServer.mailTo(email.toLowerCase()) }
}

/** What the mail's HTML part says, without its markup. */
const words = (html = ''): string => html.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ')

describe('the mail with the code', () => {
  it('has the code first in its subject, alone on a line of its text, and in its HTML', async () => {
    const { mail } = await mailFor(freshAddress())
    const [code] = /^\d{6}/.exec(mail.subject ?? '') ?? []
    expect(mail.subject).toBe(`${code} is your code for ${server.organisation.name}`)
    expect(mail.text?.split(/\r?\n/)).toContain(code)
    expect(words(mail.html)).toContain(code)
  })

  it('has no other run of six to eight digits in its text, whatever the names', async () => {
    await withNames({ brand: 'Bar 1234567', client: 'Shop 20261121' }, async () => {
      const { mail } = await mailFor(freshAddress())
      const runs = mail.text?.match(/(?<!\d)\d{6,8}(?!\d)/g)
      expect(runs).toEqual([mail.subject?.slice(0, 6)])
    })
  })

  it('E25: says which application, when and from which browser, and never to give the code away', async () => {
    const { mail } = await mailFor(freshAddress())
    for (const part of [mail.text ?? '', words(mail.html)]) {
      expect(part).toContain('Harbour Café')
      expect(part).toMatch(/Asked for on \d+ \w+ \d{4} at \d\d:\d\d/)
      expect(part).toMatch(/from a browser that did not say/)
      expect(part).toMatch(/Never give this code to anyone/)
    }
  })

  it('comes from the organisation by the installation’s address, and asks for no automatic answer', async () => {
    const { mail } = await mailFor(freshAddress())
    expect(mail.from).toEqual({ name: server.organisation.name, address: 'no-reply@localhost' })
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
  })

  it('E20: has no address to follow: nothing that a scanner could use up', async () => {
    const { mail } = await mailFor(freshAddress())
    expect(`${mail.text} ${mail.html}`).not.toMatch(/https?:|href=|src=/)
  })

  it.each(['en', 'de', 'ar'] as const)('speaks the language of its page: %s', async (locale) => {
    const { page, mail } = await mailFor(freshAddress(), { ui_locales: locale })
    const { messages } = messagesFor(locale)
    const frame = `lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`
    expect(page.html).toContain(frame)
    expect(mail.html).toContain(frame)
    expect(mail.text).toContain(messages.code.warning)
    const code = /^\d{6}$/m.exec(mail.text ?? '')?.[0] ?? ''
    expect(mail.subject).toBe(messages.code.subject(code, server.organisation.name))
  })
})

/** Names as no operator could give them: planted, and put back afterwards. */
async function withNames(names: { brand: string; client: string }, run: () => Promise<void>) {
  const { documents, organisation } = server
  const rename = async (brand: string, client: string): Promise<void> => {
    const store = createOrganisationStore(documents)
    await store.change(organisation._id, { name: brand }, { at: server.clock.now() })
    await server.change({}) // forgets how it was
    await documents
      .collection(clientsCollection)
      .updateOne({ _id: clientId }, { $set: { name: client } })
    server.clock.forward(5000) // clients are remembered for three seconds
  }
  await rename(names.brand, names.client)
  try {
    await run()
  } finally {
    await rename(organisation.name, 'Harbour Café')
  }
}

describe('a hostile name', () => {
  it('E26: with markup or template syntax, is text in page, subject, text part and HTML part', async () => {
    const brand = '<img src=x onerror=alert(1)>{{7*7}}'
    const client = `"><script>alert(1)</script>\${7*7}<%= 7*7 %>`
    await withNames({ brand, client }, async () => {
      const { page, mail } = await mailFor(freshAddress())
      for (const html of [page.html, mail.html ?? ''])
        expect(html).not.toMatch(/<img|<script>alert/)
      expect(mail.html).toContain('&lt;img src=x onerror=alert(1)>{{7*7}}')
      expect(mail.html).toContain(`\${7*7}&lt;%= 7*7 %>`)
      expect(mail.text).toContain(client)
      expect(mail.subject).toContain(brand)
      expect(`${mail.text}${mail.html}`).not.toMatch(/(?<!\d)49(?!\d)/)
    })
  })

  it('E15: with a line break, begins no header: one recipient, no Bcc, no second subject', async () => {
    const brand = 'Casa\r\nBcc: victim@example.org\r\n\r\nHello'
    const client = 'Shop\nSubject: other\u2028Bcc: victim@example.org'
    await withNames({ brand, client }, async () => {
      const email = freshAddress()
      const { mail } = await mailFor(email)
      const keys = mail.headers.map(({ key }) => key)
      expect(mail.recipients).toEqual([email])
      expect(keys).not.toContain('bcc')
      expect(keys.filter((key) => key === 'subject')).toHaveLength(1)
      expect(mail.subject).toMatch(/^\d{6} is your code for Casa Bcc: victim@example.org Hello$/)
    })
  })
})

describe('what is typed as an address', () => {
  /** The statuses of the answers, while no mail at all leaves. */
  async function refused(typed: readonly string[]): Promise<number[]> {
    const before = mailServer.offered.length
    const { agent, page } = await askAddress(server, party)
    const statuses: number[] = []
    for (const email of typed) statuses.push((await agent.submit(page, { email })).status)
    // One mail that does leave, after all of them: what they had sent would have come before it.
    await mailFor(freshAddress())
    expect(mailServer.offered).toHaveLength(before + 1)
    return statuses
  }

  const cases: readonly [name: string, typed: readonly string[]][] = [
    [
      'E15: with a line break or a header in it, is refused, and no mail leaves',
      [
        'a@b.example\r\nBcc:v@x.example',
        'a@b.example\nBcc: v@x.example',
        '"a\r\nSubject:x"@b.example',
        'a\r\n@b.example',
        'a@b.example%0d%0aBcc:v@x.example',
        'a@b.exam\r\nple',
      ],
    ],
    [
      'E16: naming several, is refused, and no mail leaves',
      [
        'a@x.example,b@y.example',
        'a@x.example b@y.example',
        'a@x.example;b@y.example',
        'a@x.example\tb@y.example',
        '<a@x.example>',
        'A <a@x.example>',
        'group:a@x.example,b@y.example;',
        '["a@x.example","b@y.example"]',
      ],
    ],
    [
      'E17: that parsers split in different places, is refused, and no mail leaves',
      [
        'a@evil.example@good.example',
        '"a@good.example"@evil.example',
        'a(@good.example)@evil.example',
        '=?utf-8?q?a=40evil.example?=@good.example',
        'a+AEA-evil.example@good.example\\',
        'a@good.example/x',
        'a@good.example\\@evil.example',
        'a@good.example?.evil.example',
        'a@good.example#.evil.example',
        'a@good.example:25',
        'a@g%6fod.example',
        'a@go\tod.example',
        'a@[127.0.0.1]',
        'a@good\u3002example',
        'a@good.example.',
        'a@localhost',
      ],
    ],
    [
      'E18: that becomes another only by folding characters, is refused, and no mail leaves',
      [
        'ſam@example.org',
        'ﬀ@example.org',
        'caf\u00e9@example.org',
        'cafe\u0301@example.org',
        '\u212aate@example.org',
        'k\u0430te@example.org',
        'a\uff20example.org',
        'a@e\u00adxample.org',
        'a@exa\u200bmple.org',
        'a@\u212aate.example',
        'a@\uff45xample.org',
        'a@ſhop.example',
      ],
    ],
  ]

  it.each(cases)('%s', async (_name, typed) => {
    expect(await refused(typed)).toEqual(typed.map(() => 422))
  })

  it('E17: with a NUL, is refused before it is read', async () => {
    expect(await refused(['a@good.example\0@evil.example'])).toEqual([400])
  })

  it('E16: in two fields, or in a JSON body, is refused, and no mail leaves', async () => {
    const before = mailServer.offered.length
    const { agent, page } = await askAddress(server, party)
    const post = (body: string, type: string) =>
      agent.request(formAt(page, 'email'), {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
    const form = 'application/x-www-form-urlencoded'
    const answers = [
      await post('email=a@x.example&email=b@y.example', form),
      await post('email[]=a@x.example&email[]=b@y.example', form),
      await post('email=a@x.example&bcc=b@y.example', form),
      await post('{"email":["a@x.example","b@y.example"]}', 'application/json'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 415])
    await mailFor(freshAddress())
    expect(mailServer.offered).toHaveLength(before + 1)
  })

  it('E18: in another case, is mailed as the account is found, and opens one account', async () => {
    const email = freshAddress()
    const shouted = email.toUpperCase()
    const subjects: (string | undefined)[] = []
    for (const typed of [email, shouted]) {
      server.clock.forward(61_000)
      mailServer.taken.length = 0
      const { url, ...pending } = await party.authorize()
      const callback = await signInAs(typed, email, url)
      const tokens = await party.exchange(callback, { url, ...pending })
      subjects.push(tokens.claims()?.sub)
      expect(mailServer.taken.map(({ recipients }) => recipients)).toEqual([[email]])
    }
    expect(new Set(subjects).size).toBe(1)
  })

  it('E18: of a domain in Unicode or as punycode, is one address', async () => {
    for (const domain of ['b\u00fccher.example', 'bu\u0308cher.example', 'xn--bcher-kva.example']) {
      server.clock.forward(61_000)
      mailServer.taken.length = 0
      const { agent, page } = await askAddress(server, party)
      await agent.submit(page, { email: `reader@${domain}` })
      // What came over the wire is the punycode form; the mail server shows it in Unicode.
      const mail = await mailServer.mailTo('reader@b\u00fccher.example')
      expect(mail.recipients).toEqual(['reader@b\u00fccher.example'])
      expect(mail.source).toContain('To: reader@xn--bcher-kva.example')
    }
  })

  /** Types one spelling, reads the mail at the other. */
  async function signInAs(typed: string, mailed: string, url: URL): Promise<URL> {
    const reader = { ...server, codeFor: () => server.codeFor(mailed) }
    return signIn(reader, { url, email: typed, agent: createUserAgent(server.baseUrl) })
  }
})
