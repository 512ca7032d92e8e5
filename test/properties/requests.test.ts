// What stands around a request: host, target and headers. Nothing in them leads to another organisation, another site, or a fault.

import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import fc from 'fast-check'
import type { Context } from 'koa'
import { expectedVersion } from '../../src/http/versions.ts'
import { credentialsOf } from '../../src/routes/credentials.ts'
import { ownPath } from '../../src/routes/relying-party/own-path.ts'
import { createIssuers } from '../../src/services/organisations/issuers.ts'
import { AppError } from '../../src/shared/errors.ts'
import { locales, pickLocale } from '../../src/shared/locale.ts'
import { sourceOf } from '../../src/shared/source.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { among, propertiesOf } from '../support/properties.ts'
import { sendRaw } from '../support/raw-http.ts'
import { startServer, type TestServer } from '../support/server.ts'

const holds = propertiesOf('requests')

const BASE = 'https://id.example'
/** What the store says of them is all that issuers ask. */
const house = { _id: '1', slug: 'main', isDefault: true } as Organisation
const below = { _id: '2', slug: 'two', isDefault: false } as Organisation
const hosted = { _id: '3', slug: 'acme', isDefault: false, host: 'id.acme.example' } as Organisation
const all = [house, below, hosted]
const issuers = createIssuers({
  baseUrl: BASE,
  organisations: {
    findDefault: async () => house,
    findBySlug: async (slug) => all.find((each) => each.slug === slug),
    findByHost: async (host) => all.find((each) => each.host === host),
  },
})

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }))
const host = fc.oneof(
  among(
    'id.example id.acme.example ID.example id.example:443 id.example. id.acme.example:8443 evil.example',
  ),
  anyText,
)
const segment = among(
  '/o /o/two /o/acme /o/main /O/two //o/two /o//two /o/two/ /o/%74wo /./o/two /../o /o/two/.. ;x ?x=/o/two #/o/two /o/twoo /oauth/token /.well-known/openid-configuration /.well-known/oauth-authorization-server /o/two?x \\o\\two @evil.example %2f',
)
const target = fc.oneof(
  fc
    .array(fc.oneof(segment, fc.webPath(), anyText), { maxLength: 4 })
    .map((parts) => `/${parts.join('')}`.replace(/^\/\/o/, '/o')),
  anyText,
)

describe('an address', () => {
  holds(
    'M07: belongs to the organisation whose host it names, else to that of its first folders, as they are spelt',
    fc.asyncProperty(host, target, async (name, asked) => {
      const found = await issuers.resolve({ host: name, target: asked })
      if (found.outcome === 'unknown-host')
        return expect(['id.example', 'id.acme.example']).not.toContain(name)
      if (name === 'id.acme.example') {
        return expect(found).toEqual({
          outcome: 'found',
          organisation: hosted,
          mount: '',
          path: asked,
        })
      }
      expect(name).toBe('id.example')
      const inPath = /^\/o\/([a-z0-9-]{1,40})(?=[/?]|$)/.exec(asked)?.[1]
      const slug =
        inPath ?? /^\/\.well-known\/[a-z-]+\/o\/([a-z0-9-]{1,40})(?=\?|$)/.exec(asked)?.[1]
      if (found.outcome === 'found' && found.organisation === below) expect(slug).toBe('two')
      if (found.outcome === 'found' && found.organisation === house) expect(found.path).toBe(asked)
      if (found.outcome === 'moved') {
        expect(['main', 'acme']).toContain(slug)
        const own = slug === 'main' ? BASE : 'https://id.acme.example'
        expect(found.address.slice(own.length)).toMatch(/^\//)
        expect(new URL(found.address).origin).toBe(own)
      }
    }),
    { runs: 200 },
  )

  holds(
    'that is an issuer is one in exactly one spelling',
    fc.asyncProperty(
      fc.oneof(
        fc
          .tuple(
            among(
              'https://id.example https://id.acme.example http://id.example HTTPS://id.example',
            ),
            target,
          )
          .map((all) => all.join('')),
        among(
          'https://id.example https://id.example/o/two https://id.acme.example https://id.example/ https://id.example/o/acme',
        ),
        anyText,
      ),
      async (issuer) => {
        const found = await issuers.organisationOf(issuer)
        if (found) expect(issuers.issuerOf(found)).toBe(issuer)
        else expect(all.map(issuers.issuerOf)).not.toContain(issuer)
      },
    ),
    { runs: 200 },
  )

  holds(
    'P08: that a sign-in comes back to is a page of its own application, wherever it was asked for',
    fc.property(
      fc.oneof(
        target,
        target.map((each) => `/admin${each}`),
      ),
      (asked) => {
        const rules = { origin: BASE, path: '/admin', noPages: ['/sign-in', '/api'] }
        const path = ownPath(asked, rules)
        expect(path).toMatch(/^\/admin\//)
        const url = new URL(path, BASE)
        expect([url.origin, url.pathname.startsWith('/admin/')]).toEqual([BASE, true])
        expect(url.pathname).not.toMatch(/^\/admin\/(?:sign-in|api)(?:\/|$)/i)
        expect(ownPath(path, rules)).toBe(path)
      },
    ),
    { runs: 300 },
  )

  holds(
    'of a network is one source: an IPv4 address, or the first half of an IPv6 one',
    fc.property(fc.ipV4(), fc.ipV6(), anyText, (four, six, odd) => {
      expect(sourceOf(four)).toBe(four)
      expect(sourceOf(`::ffff:${four}`)).toBe(four)
      expect(typeof sourceOf(odd)).toBe('string')
      const source = sourceOf(six)
      const [network] = source.split('::/64')
      if (source.endsWith('::/64') && network?.split(':').length === 4)
        expect(sourceOf(`${network}:dead:beef:1:2`)).toBe(source)
      expect(sourceOf(`${six}%eth0`)).toBe(source)
      expect(sourceOf(six.toUpperCase())).toBe(source)
    }),
    { runs: 200 },
  )
})

describe('a header', () => {
  const withHeader = (value: string) => ({ get: () => value }) as unknown as Context // no more is asked of it

  holds(
    'If-Match names one version, or refuses the change',
    fc.property(
      fc.oneof(
        among('"v1" W/"v1" "v01" "v1"," * "v1-x" "v-1" "v1e3"'),
        fc.nat().map((n) => `"v${n}"`),
        anyText,
      ),
      (value) => {
        const read = () => expectedVersion(withHeader(value))
        try {
          const version = read()
          if (version === undefined) expect(['', '*']).toContain(value.trim())
          else expect(`"v${version}"`).toBe(value.trim())
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(error).toMatchObject({ code: 'precondition_failed' })
        }
      },
    ),
    { runs: 200 },
  )

  holds(
    'Authorization holds one scheme and one token, or nothing',
    fc.property(
      fc.oneof(
        fc
          .tuple(
            among('Bearer bearer DPoP dpop Basic'),
            fc.constantFrom(' ', '  ', '\t', ''),
            anyText,
          )
          .map((parts) => parts.join('')),
        anyText,
      ),
      (value) => {
        const found = credentialsOf(withHeader(value))
        if (found)
          expect(value.toLowerCase()).toBe(
            `${found.scheme.toLowerCase()} ${found.token.toLowerCase()}`,
          )
      },
    ),
    { runs: 200 },
  )

  holds(
    'that asks for languages gets one that there is',
    fc.property(
      fc.array(fc.oneof(anyText, among('de-AT DE ar-x-y * en_GB zz __proto__'))),
      anyText,
      (wanted, fallback) => {
        const locale = pickLocale(wanted, fallback)
        expect(locales).toContain(locale)
        const first = wanted.find((tag) =>
          locales.some((each) => each === tag.toLowerCase().split('-')[0]),
        )
        if (first !== undefined) expect(first.toLowerCase().startsWith(locale)).toBe(true)
      },
    ),
    { runs: 200 },
  )
})

describe('the server', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer({ env: { TRUST_PROXY: '1' } })
    await server.addOrganisation('two')
  })
  afterAll(() => server.stop())

  /** As bytes of a head: no ends of lines, which would end it. */
  const inHead = (text: string) => Buffer.from(text.replace(/[\r\n]/g, ' ')).toString('latin1')
  const names =
    'Accept Accept-Language Authorization Content-Length Content-Type Cookie DPoP Forwarded Idempotency-Key If-Match If-None-Match Origin Range Referer Sec-Fetch-Site Transfer-Encoding User-Agent X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-HTTP-Method-Override'
  const value = fc.oneof(
    among(
      '* null chunked 0 -1 1e9 application/json text/html de,*;q=0.1 en;q=x bytes=0-1 same-origin https://evil.example for=1;host=evil.example evil.example 1.2.3.4,::1 Bearer',
    ),
    anyText,
  )
  const path = fc.oneof(
    among(
      '/ /admin /admin/session /admin/sign-in /api/admin/v1/me /api/client/v1/profile /oauth/authorize /oauth/token /oauth/logout /oauth/jwks /oauth/register /oauth/challenge /sign-in/x /o/two /o/two/oauth/authorize /dom/v1/foyer.js /dev/mail /healthz /favicon.ico /.well-known/openid-configuration /policies/terms',
    ),
    target,
  )

  holds(
    'answers whatever is asked without a fault, and sends nobody to another site',
    fc.asyncProperty(
      among('GET GET GET HEAD POST PUT PATCH DELETE OPTIONS'),
      fc.tuple(
        path,
        fc.oneof(
          fc.constant(''),
          fc.webQueryParameters().map((query) => `?${query}`),
          anyText,
        ),
      ),
      fc.array(fc.tuple(among(names), value), { maxLength: 4 }),
      anyText,
      async (method, asked, headers, body) => {
        server.log.lines.length = 0
        server.log.errors.length = 0
        const goal = inHead(asked.join('')).replace(/[\s\0]/g, '') || '/'
        const lines = headers.map(([name, text]) => `${name}: ${inHead(text)}`)
        const { host } = new URL(server.baseUrl)
        const head = [`${method} ${goal} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...lines]
        // Who says how long the body is here says it wrong, and is waited for: that is for other tests.
        const isWhole = !/^(?:content-length|transfer-encoding)/im.test(lines.join('\n'))
        const sent = Buffer.from(method === 'GET' ? '' : body)
        const answer = await sendRaw(
          server,
          [...(isWhole ? head : head.slice(0, 3)), `Content-Length: ${sent.length}`],
          sent,
        )
        expect(answer.status).toBeGreaterThanOrEqual(200)
        expect(answer.status).toBeLessThan(500)
        expect(server.log.errors).toEqual([])
        const [, location] = /^location: (.*)$/im.exec(answer.text.split('\r\n\r\n')[0] ?? '') ?? []
        if (location !== undefined)
          expect(new URL(location, server.baseUrl).origin).toBe(server.baseUrl)
      },
    ),
    { runs: 60 },
  )

  holds(
    'M07: knows its own hosts alone',
    fc.asyncProperty(fc.oneof(host, fc.domain()), path, async (name, asked) => {
      const own = new URL(server.baseUrl).host
      fc.pre(!/^(?:localhost|127\.0\.0\.1|\[::1\])/.test(name))
      const { status, text } = await sendRaw(server, [
        `GET ${inHead(asked).replace(/[\s\0]/g, '') || '/'} HTTP/1.1`,
        `Host: ${inHead(name)}`,
        'Connection: close',
      ])
      expect(
        status === 0 || (status >= 400 && status < 500) || /\/(?:healthz|readyz)/.test(asked),
      ).toBe(true)
      expect(own).not.toBe(name)
      expect(text).not.toContain('"issuer"')
    }),
    { runs: 40, examples: [['a.aa', '//a@evil.example#/o/two']] },
  )
})
