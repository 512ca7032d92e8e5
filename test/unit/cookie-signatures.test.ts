// Signatures of cookies, as the engine's cookie library asks for them.

import { describe, expect, it } from '@jest/globals'
import { createCookieSignatures } from '../../src/provider/cookie-signatures.ts'
import { createKeyring } from '../../src/shared/secrets.ts'

const signaturesUnder = (...secrets: string[]) => {
  const keyring = createKeyring(secrets)
  return createCookieSignatures((cookie) => keyring.digests('cookies', cookie))
}

describe('the signature of a cookie', () => {
  const [OLD, NEW] = ['the-secret-of-last-year-0123456789', 'the-secret-of-this-year-0123456789']
  const old = signaturesUnder(OLD)
  const rotated = signaturesUnder(NEW, OLD)
  const signature = String(old.sign('session=a'))

  it('is good for its name and value alone', () => {
    expect(old.verify('session=a', signature)).toBe(true)
    for (const other of ['session=b', 'resume=a', 'session=', ''])
      expect(old.verify(other, signature)).toBe(false)
    for (const forged of ['', 'a', signature.slice(1), `${signature}=`, signature.toUpperCase()])
      expect(old.verify('session=a', forged)).toBe(false)
  })

  it('stays good while SECRET is rotated, and is told apart from a new one', () => {
    expect(rotated.index('session=a', signature)).toBe(1)
    expect(rotated.index('session=a', String(rotated.sign('session=a')))).toBe(0)
    expect(signaturesUnder(NEW).index('session=a', signature)).toBe(-1)
  })
})
