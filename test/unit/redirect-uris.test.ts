// Redirect URIs and origins: which may be registered, by table and by chance.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isPreviewAddress } from '../../src/services/identity/clients/preview-uris.ts'
import {
  originProblem,
  originsOf,
  type RedirectUriRules,
  redirectUriProblem,
} from '../../src/services/identity/clients/redirect-uris.ts'
import { expectWithin } from '../support/stopwatch.ts'

type Kind = RedirectUriRules['kind']

/** The rules of an installation that is reached by https. */
const at = (kind: Kind): RedirectUriRules => ({ kind, allowPlainHttp: false })
const isTaken = (uri: string, rules: RedirectUriRules): boolean =>
  redirectUriProblem(uri, rules) === undefined

describe('a redirect URI', () => {
  it.each([
    'https://shop.example.com/callback',
    'https://shop.example.com',
    'https://shop.example.com/',
    'https://shop.example.com:8443/callback?tenant=1&x=%20',
    'https://xn--mnchen-3ya.example/callback',
    'https://192.0.2.7/callback',
    'https://[2001:db8::7]/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:4200/callback',
    'http://[::1]:4200/callback',
    'http://localhost:4200/callback',
  ])('may be %s for every kind', (uri) => {
    for (const kind of ['web', 'browser', 'native'] as const)
      expect(redirectUriProblem(uri, at(kind))).toBeUndefined()
  })

  it.each([
    ['plain http', 'http://shop.example.com/callback'],
    ['plain http, by an address that looks like loopback', 'http://127.0.0.2/callback'],
    ['plain http, by a name that begins like loopback', 'http://localhost.example.com/callback'],
    ['plain http, by loopback as an absolute name', 'http://localhost./callback'],
    ['loopback as a user name', 'http://localhost:80@evil.example/callback'],
    ['a user name', 'https://shop.example.com@evil.example/callback'],
    ['an empty user name', 'https://@shop.example.com/callback'],
    ['a password', 'https://user:password@shop.example.com/callback'],
    ['a fragment', 'https://shop.example.com/callback#token'],
    ['an empty fragment', 'https://shop.example.com/callback#'],
    ['a wildcard for a host', 'https://*.example.com/callback'],
    ['a wildcard in the path', 'https://shop.example.com/*'],
    ['dot segments', 'https://shop.example.com/a/../callback'],
    ['a dot segment at the end', 'https://shop.example.com/a/..'],
    ['encoded dot segments', 'https://shop.example.com/a/%2e%2E/callback'],
    ['a dot segment before the query', 'https://shop.example.com/a/..?x=1'],
    ['a backslash', 'https://shop.example.com\\@evil.example/callback'],
    ['capitals in the host', 'https://Shop.example.com/callback'],
    ['capitals in the scheme', 'HTTPS://shop.example.com/callback'],
    ['the default port written out', 'https://shop.example.com:443/callback'],
    ['a number for an address', 'http://2130706433/callback'],
    ['an octal address', 'http://0177.0.0.1/callback'],
    ['a Unicode host', 'https://münchen.example/callback'],
    ['a homograph', 'https://shоp.example.com/callback'],
    ['a tab', 'https://shop.example.com/call\tback'],
    ['a line break', 'https://shop.example.com/callback\n'],
    ['a space in front', ' https://shop.example.com/callback'],
    ['a NUL', 'https://shop.example.com/callback\0'],
    ['three slashes', 'https:///shop.example.com/callback'],
    ['no slashes', 'https:shop.example.com/callback'],
    ['no scheme', '//shop.example.com/callback'],
    ['only a path', '/callback'],
    ['nothing', ''],
    ['no end', `https://shop.example.com/${'a'.repeat(2000)}`],
    ['a script', 'javascript:alert(1)'],
    ['a script behind slashes', 'javascript://shop.example.com/%0aalert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['data without markup', 'data:text/plain,hello'],
    ['a file', 'file:///etc/passwd'],
    ['a blob', 'blob:https://shop.example.com/1'],
    ['vbscript', 'vbscript:msgbox(1)'],
    ['a private scheme without a dot', 'myapp://callback'],
    ['a private scheme that starts with a dot', '.com.example.app:/callback'],
  ])('O03, O05: with %s is refused for every kind', (_name, uri) => {
    for (const kind of ['web', 'browser', 'native', 'machine'] as const)
      expect(redirectUriProblem(uri, at(kind))).toEqual(expect.any(String))
  })

  it('may have a private scheme for a native application, a domain name in reverse', () => {
    const uri = 'com.example.app:/callback'
    expect(isTaken(uri, at('native'))).toBe(true)
    for (const kind of ['web', 'browser', 'machine'] as const)
      expect(redirectUriProblem(uri, at(kind))).toBe('its scheme is not https')
    for (const other of [
      'com.example.app:/a/../callback',
      'com.example.app:/a/%2E/callback',
      'com.example.app:/a/..',
      'com..example.app:/callback',
      'com.example.app.:/callback',
      'callback:/',
    ])
      expect(redirectUriProblem(other, at('native'))).toEqual(expect.any(String))
  })

  it('has two thousand characters at the most', () => {
    const long = 'https://shop.example.com/'.padEnd(2000, 'x')
    expect(isTaken(long, at('web'))).toBe(true)
    expect(redirectUriProblem(`${long}x`, at('web'))).toBe('it is longer than 2000 characters')
  })

  it('O05: may have a wildcard for a preview, in place of its first label and of nothing else', () => {
    for (const uri of [
      'https://*.preview.example.com/cb',
      'https://*.example.com/cb',
      'https://*.preview.example.com:8443/cb?x=1',
      'https://*.preview.example.co.uk/',
      'https://shop.preview.example.com/cb',
    ]) {
      expect(redirectUriProblem(uri, at('preview'))).toBeUndefined()
      if (uri.includes('*'))
        for (const kind of ['web', 'browser', 'native', 'machine'] as const)
          expect(isTaken(uri, at(kind))).toBe(false)
    }
  })

  it.each([
    'https://*',
    'https://*/cb',
    'https://*.com/cb',
    'https://*.localhost/cb',
    'https://*.co.uk/cb',
    'https://*.com.au/cb',
    'https://*.vercel.app/cb',
    'https://*.github.io/cb',
    'https://*.preview.example.com./cb',
    'https://*.*.example.com/cb',
    'https://a.*.example.com/cb',
    'https://pr-*.example.com/cb',
    'https://*-pr.example.com/cb',
    'https://**.example.com/cb',
    'https://*.preview.example.com/*',
    'https://*.preview.example.com@evil.example/cb',
    'https://*@preview.example.com/cb',
    'https://*.Preview.example.com/cb',
    'https://*.preview.example.com:443/cb',
    'https://*.preview.example.com/cb#',
    'https://*.preview.example.com/../cb',
    'https://*.127.0.0.1/cb',
    'https://*.[::1]/cb',
    'http://*.preview.example.com/cb',
    'http://localhost:4200/cb',
    'HTTPS://*.preview.example.com/cb',
    'com.example.app:/callback',
    'javascript:alert(1)',
    'javascript://*.preview.example.com/%0aalert(1)',
    'data:text/html,x',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    '*',
    '*.preview.example.com',
  ])('O05: cannot be %s for a preview', (uri) => {
    expect(redirectUriProblem(uri, { kind: 'preview', allowPlainHttp: true })).toEqual(
      expect.any(String),
    )
  })

  it('may be plain http elsewhere only where BASE_URL is, and not for a native application', () => {
    const uri = 'http://shop.example.com/callback'
    expect(isTaken(uri, { kind: 'web', allowPlainHttp: true })).toBe(true)
    expect(isTaken(uri, { kind: 'browser', allowPlainHttp: true })).toBe(true)
    expect(isTaken(uri, { kind: 'native', allowPlainHttp: true })).toBe(false)
    expect(isTaken(uri, at('web'))).toBe(false)
  })
})

/** Pieces that addresses are made of, honest and not. */
const scheme = fc.constantFrom(
  ...['https:', 'http:', 'javascript:', 'data:', 'ftp:', 'com.example.app:', 'app:', 'HTTPS:', ''],
)
const slashes = fc.constantFrom('//', '//', '//', '/', '', '///', '\\\\', '/\\')
const user = fc.constantFrom('', '', '', 'u@', 'u:p@', '@', 'localhost:80@', '127.0.0.1@')
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom('localhost', '127.0.0.1', '[::1]', 'LOCALHOST', '*.example.com', '127.1', ''),
)
const port = fc.oneof(
  fc.constant(''),
  fc.integer({ min: -1, max: 70_000 }).map((n) => `:${n}`),
)
const piece = fc.oneof(
  fc.constantFrom('..', '.', '%2e%2e', '%2E', '*', 'callback', '#', '?a=b', '\\', '\t', '%00', 'é'),
  fc.string({ maxLength: 6 }),
)
const path = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.map((p) => `/${p}`).join(''))
const anyAddress = fc.oneof(
  fc.tuple(scheme, slashes, user, host, port, path).map((parts) => parts.join('')),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.string(),
)
const anyKind = fc.constantFrom<Kind>('web', 'browser', 'native', 'machine', 'preview')
const httpsAddress = fc
  .tuple(fc.domain(), fc.array(fc.stringMatching(/^[\w~-]{1,8}$/), { maxLength: 4 }))
  .map(([domain, folders]) => `https://${domain.toLowerCase()}/${folders.join('/')}`)

describe('any address at all', () => {
  it('O05: that is taken reads the same for every parser, and leads nowhere dangerous', () => {
    const loopback = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?(?:[/?]|$)/
    const privateUse = /^[a-z][a-z0-9+-]*\.[a-z0-9+.-]+:/
    fc.assert(
      fc.property(anyAddress, anyKind, (uri, kind) => {
        if (!isTaken(uri, at(kind))) return
        expect(uri).toMatch(/^[\x21-\x7e]+$/)
        expect(uri).not.toMatch(/[#*\\<>"]/)
        if (kind === 'native' && privateUse.test(uri)) return
        if (!uri.startsWith('https://')) expect(uri).toMatch(loopback)
        // RFC 3986, appendix B: what stands between the slashes is all authority, and no user.
        const authority = /^https?:\/\/([^/?#]*)/.exec(uri)?.[1] ?? ''
        expect(authority).toBe(new URL(uri).host)
        expect(new URL(uri).href.replace(/\/$/, '')).toBe(uri.replace(/\/$/, ''))
      }),
      { numRuns: 3000 },
    )
  })

  it('that is https, in plain letters, is taken for every kind', () => {
    fc.assert(fc.property(httpsAddress, anyKind, (uri, kind) => isTaken(uri, at(kind))))
  })

  it('is a decision that takes little time, whatever it is', async () => {
    const long = ['a', '.', '%2e/', '/.', '-.', '/../', '@'].map((part) => part.repeat(100_000))
    await expectWithin(1000, () => {
      for (const part of long)
        for (const uri of [part, `https://${part}`, `https://a.example/${part}`, `${part}:/x`])
          redirectUriProblem(uri, at('native'))
    })
  })
})

describe('an address that a preview asks for', () => {
  const registered = ['https://*.preview.example.com/cb', 'https://shop.example.com/cb']

  it.each([
    'https://pr-1.preview.example.com/cb',
    'https://a.preview.example.com/cb',
    ...registered.slice(1),
  ])('may be %s', (asked) => expect(isPreviewAddress(registered, asked)).toBe(true))

  it.each([
    'https://*.preview.example.com/cb',
    'https://preview.example.com/cb',
    'https://.preview.example.com/cb',
    'https://a.b.preview.example.com/cb',
    'https://-a.preview.example.com/cb',
    'https://a-.preview.example.com/cb',
    'https://a_b.preview.example.com/cb',
    'https://PR-1.preview.example.com/cb',
    'https://pr-1.PREVIEW.example.com/cb',
    `https://${'a'.repeat(64)}.preview.example.com/cb`,
    'https://pr-1.preview.example.com:443/cb',
    'https://pr-1.preview.example.com:8443/cb',
    'https://pr-1.preview.example.com./cb',
    'https://user@pr-1.preview.example.com/cb',
    'https://evil.example@pr-1.preview.example.com/cb',
    'https://evil.example:x@pr-1.preview.example.com/cb',
    'https://evil.example/.preview.example.com/cb',
    'https://evil.example#.preview.example.com/cb',
    'https://evil?.preview.example.com/cb',
    'https://evil\\.preview.example.com/cb',
    'https://evil%2eexample.preview.example.com/cb',
    'https://pr-1.preview.example.com/cb/',
    'https://pr-1.preview.example.com/cb?x=1',
    'https://pr-1.preview.example.com.evil.example/cb',
    'https://pr-1.preview.example.com',
    'http://pr-1.preview.example.com/cb',
    'HTTPS://pr-1.preview.example.com/cb',
    'javascript:alert(1)//.preview.example.com/cb',
    'data:text/html,x.preview.example.com/cb',
    'https://pr-1\u3002preview.example.com/cb',
    '',
  ])('O05: cannot be %s', (asked) => {
    expect(isPreviewAddress(registered, asked)).toBe(false)
  })

  it('O05: leads to one label under the registered name and to nothing else, whatever it is', () => {
    const suffix = fc.domain().map((name) => name.toLowerCase())
    const label = fc.oneof(
      host,
      fc.string({ maxLength: 12 }),
      fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    )
    const before = fc.constantFrom('https://', 'https://', 'http://', 'https:', '', 'javascript:')
    const after = fc.oneof(fc.constant('/cb'), fc.constant('/cb'), path)
    fc.assert(
      fc.property(suffix, before, user, label, port, after, (name, ...pieces) => {
        const [scheme, person, first, at, end] = pieces
        const asked = `${scheme}${person}${first}.${name}${at}${end}`
        if (!isPreviewAddress([`https://*.${name}/cb`], asked)) return
        const url = new URL(asked)
        expect(url.href).toBe(asked)
        expect(url.origin).toBe(`https://${url.hostname.split('.')[0]}.${name}`)
        expect([url.username, url.password, url.port, url.pathname, url.search, url.hash]).toEqual([
          ...['', '', '', '/cb', '', ''],
        ])
        expect(url.hostname.split('.')).toHaveLength(name.split('.').length + 1)
      }),
      { numRuns: 3000 },
    )
  })

  it('may have any label of letters, digits and dashes', () => {
    const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
    fc.assert(
      fc.property(label, (each) =>
        isPreviewAddress(registered, `https://${each}.preview.example.com/cb`),
      ),
    )
  })
})

describe('an allowed origin', () => {
  it('is one of the redirect URIs’ unless said otherwise, each once; private schemes have none', () => {
    const uris = [
      'https://shop.example.com/callback',
      'https://shop.example.com/silent',
      'http://localhost:4200/callback',
      'com.example.app:/callback',
    ]
    expect(originsOf(uris)).toEqual(['https://shop.example.com', 'http://localhost:4200'])
  })

  it('that follows from redirect URIs could have been registered by itself', () => {
    fc.assert(
      fc.property(fc.array(httpsAddress), (uris) => {
        const origins = originsOf(uris)
        expect(new Set(origins).size).toBe(origins.length)
        for (const origin of origins) expect(originProblem(origin, at('browser'))).toBeUndefined()
      }),
    )
  })

  it.each([
    ['a path', 'https://shop.example.com/a'],
    ['a slash', 'https://shop.example.com/'],
    ['a wildcard', 'https://*.example.com'],
    ['no scheme', 'shop.example.com'],
    ['everything', '*'],
    ['the opaque origin', 'null'],
    ['plain http', 'http://shop.example.com'],
    ['a private scheme', 'com.example.app:'],
    ['capitals', 'https://Shop.example.com'],
  ])('with %s is refused', (_name, origin) => {
    expect(originProblem(origin, at('browser'))).toEqual(expect.any(String))
    expect(originProblem(origin, at('native'))).toEqual(expect.any(String))
  })

  it('is of a page, also where the application is none; and of a preview it may be a wildcard', () => {
    const plain = (kind: Kind) => ({ kind, allowPlainHttp: true })
    expect(originProblem('http://shop.example.com', plain('native'))).toBeUndefined()
    expect(redirectUriProblem('http://shop.example.com', plain('native'))).toBeDefined()
    const preview = 'https://*.preview.example.com'
    expect(originProblem(preview, at('preview'))).toBeUndefined()
    expect(originProblem('http://shop.example.com', plain('preview'))).toBeDefined()
  })
})
