// Which texts are one plain address, and which of them are the same person.

import { describe, expect, it } from '@jest/globals'
import { parseEmailAddress } from '../../src/shared/email-address.ts'

describe('an e-mail address', () => {
  it('folds the domain and the case of the local part for the account key only', () => {
    expect(parseEmailAddress(' Ann.Lee+Shop@Example.COM ')).toEqual({
      display: 'Ann.Lee+Shop@example.com',
      normalised: 'ann.lee+shop@example.com',
      base: 'ann.lee@example.com',
    })
  })
  it('is as long as mail servers take, also once its domain is folded', () => {
    const addressOf = (labels: number) =>
      `${'a'.repeat(60)}@${'亳虬勴榴驄媬褈儇恊尵錉椧.'.repeat(labels)}example`
    expect(parseEmailAddress(addressOf(2))?.normalised).toMatch(/^a{60}@xn--.{40,}\.example$/)
    expect(addressOf(5).length).toBeLessThan(254)
    expect(parseEmailAddress(addressOf(5))).toBeUndefined()
  })
  it('may have a domain in Unicode or in its ASCII form, but no label that is only made to look like it', () => {
    for (const domain of ['münchen.example', 'xn--mnchen-3ya.example', 'пример.рф'])
      expect(parseEmailAddress(`ann@${domain}`)?.normalised).toMatch(/@xn--/)
    // U+0080, full-width letters, and what cannot be read at all.
    for (const domain of ['xn--a.example', 'xn--mail-gk63b.example', 'xn--0.example', 'a.xn--zz'])
      expect(parseEmailAddress(`ann@${domain}`)).toBeUndefined()
  })
})
