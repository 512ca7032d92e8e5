// What stands below a mail with a code: links to policies, and never a number that could be taken for the code.

import { describe, expect, it } from '@jest/globals'
import { signInCodeMail } from '../../src/emails/sign-in-code.ts'
import type { PolicyLink } from '../../src/shared/policy-kinds.ts'

const mailWith = (locale: string, policies?: readonly PolicyLink[]) =>
  signInCodeMail({
    to: 'guest@example.org',
    code: '123456',
    brand: 'Casa Aurora',
    timeZone: 'Europe/Rome',
    clientName: 'Table Ledger',
    locale,
    at: 0,
    life: 600_000,
    userAgent: '',
    isInSubject: true,
    policies,
  })

describe('the policies below a mail with a code', () => {
  const terms = { kind: 'terms', href: 'https://id.example.com/policies/terms' } as const

  it.each([
    ['en', 'Terms of service'],
    ['de', 'Allgemeine Geschäftsbedingungen'],
    ['ar', 'شروط الخدمة'],
  ])('are named in the language of the mail: %s', (locale, name) => {
    const { text, html } = mailWith(locale, [terms])
    expect(text).toMatch(new RegExp(`${name}: ${terms.href}$`))
    expect(html).toMatch(new RegExp(`href="${terms.href}"[^>]*>\\s*${name}`))
  })

  it('are left out when there are none', () => {
    for (const policies of [undefined, []]) {
      const { text, html } = mailWith('en', policies)
      expect(`${text} ${html}`).not.toMatch(/https?:|href=/)
    }
  })

  it('are left out when their address has a number as long as a code', () => {
    const numbered = {
      kind: 'privacy',
      href: 'https://shop-202611.example/policies/privacy',
    } as const
    const { text, html } = mailWith('en', [numbered, terms])
    expect(`${text} ${html}`).not.toContain('202611')
    expect(text).toContain(terms.href)
    expect(text.match(/\d{6,8}/g)).toEqual(['123456'])
  })
})
