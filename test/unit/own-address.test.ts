// P08: addresses that a browser may be sent to, and those that only look like one.

import { describe, expect, it } from '@jest/globals'
import { ownAddress } from '../../src/services/identity/sessions/own-address.ts'

const ISSUER = 'https://id.example'
const ACME = 'https://id.example/o/acme'

describe('P08: a page of the issuer', () => {
  it.each([
    [ISSUER, '/', 'https://id.example/'],
    [ISSUER, 'https://id.example', 'https://id.example/'],
    [ISSUER, '/portal/bookings?from=//x&to=%2f%5c#top', undefined],
    [ISSUER, '/portal?return=%2Fx', undefined],
    [ISSUER, 'https://id.example/policies/terms', undefined],
    [ISSUER, '/oauthor', 'https://id.example/oauthor'],
    [ISSUER, `/${'x'.repeat(1999)}`, undefined],
    [ACME, '/o/acme', 'https://id.example/o/acme'],
    [ACME, '/o/acme/portal', 'https://id.example/o/acme/portal'],
    [ACME, 'https://id.example/o/acme/', 'https://id.example/o/acme/'],
  ])('%s: %s', (issuer, asked, is) => {
    expect(ownAddress(issuer, asked)).toBe(is ?? new URL(asked, issuer).href)
  })

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    '/%5cevil.example',
    '/%2f%2fevil.example',
    '/portal/%2F%2fevil.example',
    '/x%0d%0aset-cookie:a=b',
    '/\tevil',
    '/%00',
    '/ö',
    'id.example@evil.example/',
    'https://id.example@evil.example/',
    'https://user:pass@id.example/',
    'https://id.example.evil.example/',
    'https://id.example:1/',
    'http://id.example/',
    'HTTPS://id.example/',
    '/oauth/authorize?client_id=x',
    '/OAuth/logout',
    '/oauth',
    '/%6fauth/logout',
    '/./oauth/logout',
    '/x/../oauth/logout',
    '/x/%2e%2e/oauth/logout',
    '//./oauth',
    '/.//evil.example',
    '/sign-in/abc',
    '/api/client/v1/profile',
    '/admin/',
    '/o/acme/',
    '/O/acme/',
    '/portal/../o/acme/',
    '/.well-known/openid-configuration',
    '/dev/mail',
    'portal',
    '?x',
    '',
    `/${'x'.repeat(2000)}`,
  ])('is not %j', (asked) => {
    expect(ownAddress(ISSUER, asked)).toBeUndefined()
  })

  it.each([
    '/',
    '/portal',
    '/o/acme2/',
    '/o/acme/../other/',
    '/o/acme/oauth/logout',
    '/o/acme//evil.example',
    'https://id.example/o/other/',
  ])('of an organisation below a path is not %s', (asked) => {
    expect(ownAddress(ACME, asked)).toBeUndefined()
  })
})
