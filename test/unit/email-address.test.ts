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
})
