// E-mail addresses: one text is one mailbox, one key, one recipient, whatever it is made of.

import { domainToASCII, domainToUnicode } from 'node:url'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { createSmtpMailer } from '../../adapters/mail/smtp.ts'
import type { Mailer } from '../../src/emails/message.ts'
import { parseEmailAddress } from '../../src/shared/email-address.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { among, propertiesOf } from '../support/properties.ts'

const holds = propertiesOf('e-mail addresses')

/** Characters that one program or another reads as more than themselves. */
const hostile = [
  ...'"<>()[]\\,;: @\0\t\r\n\x7f\u0085\u00a0\u00ad\u200b\u200d\u202e\u2028\ufeff\ud800',
  ...'\uff20\uff0e\u3002\u212a\u017f\u0131\u0130\u00df\u1e9e\u2126',
]
const local = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9]{1,8}([.+_=?'-][a-zA-Z0-9]{1,8}){0,3}$/),
  fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,64}$/),
  among('+ ++ +tag a+ a++b .a a. a..b =?utf-8?q?a?= "a" %40'),
  fc.string({ unit: fc.constantFrom('a', 'A', '+', '.', ...hostile), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const label = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'éüи中ßςa\u0301\u05d0\u0660', ...hostile),
    minLength: 1,
    maxLength: 40,
  }),
  among('xn--mnchen-3ya XN--MNCHEN-3YA xn--a xn-- xn--- -a a- 127 0x7f %61'),
)
/** Short as typed, and long in ASCII. */
const growing = fc
  .array(fc.array(fc.integer({ min: 0x4e00, max: 0x9fff }), { minLength: 8, maxLength: 16 }), {
    minLength: 3,
    maxLength: 4,
  })
  .map((labels) => labels.map((codes) => String.fromCodePoint(...codes)).join('.'))
const domain = fc.oneof(
  fc.domain(),
  growing.map((labels) => `${labels}.example`),
  fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.')),
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => [...labels, 'example'].join('.')),
  among('localhost [127.0.0.1] [IPv6:::1] 127.0.0.1 a.b. .a.b a.1 a.b:25 a.b/c'),
)
const around = fc.constantFrom(
  ...['', '', '', ' ', '\t', '\u00a0', '\ufeff', '\r\n', '<', '>', ',', 'mailto:'],
)
const anyText = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        around,
        local,
        fc.constantFrom('@', '@', '@', '@@', '@@', '\uff20', ''),
        domain,
        around,
      )
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.emailAddress() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
/** Two texts that are likely to be one address in two spellings. */
const twin = fc
  .tuple(
    anyText,
    fc.constantFrom('upper', 'lower', 'NFD', 'NFC', 'ascii', 'unicode', 'padded', 'dotted'),
  )
  .map(([text, way]): [string, string] => [text, respelled(text, way)])

function respelled(text: string, way: string): string {
  const at = text.lastIndexOf('@')
  const [person, host] = [text.slice(0, at + 1), text.slice(at + 1)]
  switch (way) {
    case 'upper':
      return text.toUpperCase()
    case 'lower':
      return text.toLowerCase()
    case 'ascii':
      return `${person}${domainToASCII(host)}`
    case 'unicode':
      return `${person}${domainToUnicode(host)}`
    case 'padded':
      return ` ${text}\n`
    case 'dotted':
      return `${text}.`
    default:
      return text.normalize(way)
  }
}

/** Enough of plain addresses among them that what is said of accepted ones says something. */
const accepted = (text: string) => {
  const address = parseEmailAddress(text)
  fc.pre(address !== undefined)
  return address as NonNullable<typeof address> // just looked at
}

describe('an e-mail address, whatever it is made of', () => {
  holds(
    'is read as itself when it is read again',
    fc.property(anyText, (text) => {
      const { display, normalised, base } = accepted(text)
      expect(parseEmailAddress(display)).toEqual({ display, normalised, base })
      expect(parseEmailAddress(normalised)).toEqual({ display: normalised, normalised, base })
    }),
    { runs: 100 },
  )

  holds(
    'is plain ASCII within the lengths of RFC 5321, in each of its forms',
    fc.property(anyText, (text) => {
      for (const each of Object.values(accepted(text))) {
        const [person = '', host = '', ...rest] = each.split('@')
        expect(rest).toEqual([])
        expect(each.length).toBeLessThanOrEqual(254)
        expect(person).toMatch(/^[\w!#$%&'*+/=?^`{|}~.-]{1,64}$/)
        expect(host).toMatch(/^[a-z0-9.-]{4,253}$/)
        for (const part of host.split('.')) expect(part).toMatch(/^[a-z0-9-]{1,63}$/)
      }
    }),
    { runs: 100 },
  )

  holds(
    'E18: has the key of another only where case, padding or the two forms of one domain are all that differs',
    fc.property(fc.oneof(twin, fc.tuple(anyText, anyText)), ([one, other]) => {
      fc.pre(accepted(one).normalised === accepted(other).normalised)
      const folded = [one, other].map((text) => {
        const plain = text.trim()
        const at = plain.lastIndexOf('@')
        // ASCII alone is folded in front of the sign: it holds nothing else.
        const person = plain.slice(0, at).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
        return [
          person,
          domainToUnicode(
            plain
              .slice(at + 1)
              .normalize('NFC')
              .toLowerCase(),
          ),
        ]
      })
      expect(folded[0]).toEqual(folded[1])
    }),
    { runs: 100 },
  )

  holds(
    'E19: shares the budget of its address without a tag, and of no other',
    fc.property(local, fc.stringMatching(/^[a-z0-9+.]{0,10}$/), domain, (person, tag, host) => {
      const { base } = accepted(`${person}@${host}`)
      const tagged = parseEmailAddress(`${person}+${tag}@${host}`)
      if (tagged && !person.trim().startsWith('+')) expect(tagged.base).toBe(base)
      const untagged = base.slice(0, base.indexOf('@'))
      expect(untagged.indexOf('+')).toBeLessThanOrEqual(0)
      expect(person.trim().toLowerCase().startsWith(untagged)).toBe(true)
    }),
    { runs: 100 },
  )

  holds(
    'E15: is refused with anything in it that programs split, end or turn texts at',
    fc.property(
      fc.emailAddress(),
      fc.constantFrom(...hostile.filter((each) => /[^\p{L}]/u.test(each))),
      fc.nat(),
      (text, character, place) => {
        fc.pre(parseEmailAddress(text) !== undefined)
        // At its ends it may be padding.
        const at = 1 + (place % (text.length - 1))
        expect(
          parseEmailAddress(`${text.slice(0, at)}${character}${text.slice(at)}`),
        ).toBeUndefined()
      },
    ),
    { runs: 100 },
  )

  describe('that is written to', () => {
    let server: MailServer
    let mailer: Mailer

    beforeAll(async () => {
      server = await startMailServer()
      mailer = createSmtpMailer({ url: server.url, from: 'door@example.com' })
    })
    afterAll(async () => {
      await mailer.close()
      await server.stop()
    })

    holds(
      'E16: is the only recipient of the mail, in its envelope and in its head, as its account is known',
      fc.asyncProperty(anyText, async (text) => {
        const { normalised } = accepted(text)
        await mailer.send({
          to: normalised,
          fromName: 'Door',
          subject: 'Code',
          text: '1',
          html: '1',
        })
        const [mail] = server.taken.splice(0)
        server.offered.length = 0
        // Who reads mails shows domains in Unicode.
        const inAscii = (address = '') =>
          `${address.slice(0, address.indexOf('@') + 1)}${domainToASCII(address.split('@')[1] ?? '')}`
        expect(mail?.recipients.map(inAscii)).toEqual([normalised])
        expect(mail?.to?.map(({ address }) => inAscii(address))).toEqual([normalised])
        expect([mail?.cc, mail?.bcc]).toEqual([undefined, undefined])
      }),
      { runs: 10 },
    )
  })
})
