// The Client API explains itself: an OpenAPI document, a page to read, and where to get a token.

import { createHash } from 'node:crypto'
import { errorCatalogue } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  documentationPage,
  documentationPolicy,
} from '../../../src/routes/client-api/documentation-page.ts'
import { apiScopes } from '../../../src/services/identity/clients/api-scopes.ts'
import { callerOf } from '../../support/client-api.ts'
import { startServer, type TestServer } from '../../support/server.ts'

type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: { [scheme: string]: string[] }[]
  parameters?: { name: string; in: string; schema: object }[]
  requestBody?: { required: boolean; content: { [type: string]: { schema: object } } }
  responses: {
    [status: string]: {
      description: string
      headers?: object
      content?: { [type: string]: { schema: object } }
    }
  }
}
type Document = {
  openapi: string
  info: { title: string; version: string; license: object }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: { [path: string]: { [method: string]: Operation } }
  components: { schemas: { [name: string]: object }; securitySchemes: { [name: string]: object } }
}

describe('the Client API', () => {
  let server: TestServer
  let document: Document
  let operations: { name: string; operation: Operation }[]

  beforeAll(async () => {
    server = await startServer()
    const { text } = await callerOf(server)('GET', '/openapi.json')
    document = JSON.parse(text)
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    )
  })
  afterAll(() => server.stop())

  describe('its OpenAPI document', () => {
    it('is OpenAPI 3.1 for this address, with the operations of the requirement', () => {
      expect(document.openapi).toMatch(/^3\.1\.\d+$/)
      expect(document.info).toMatchObject({ title: expect.any(String), version: '1' })
      expect(document.servers).toEqual([{ url: `${server.baseUrl}/api/client/v1` }])
      expect(operations.map(({ name }) => name).sort()).toEqual([
        'DELETE /session',
        'DELETE /sessions',
        'DELETE /sessions/{id}',
        'GET /bookings',
        'GET /enquiries',
        'GET /orders',
        'GET /profile',
        'GET /session/events',
        'GET /sessions',
        'PATCH /profile',
        'POST /refresh',
      ])
    })

    it('says of each operation what it is, takes and answers', () => {
      const tags = document.tags.map(({ name }) => name)
      const ids = operations.map(({ operation }) => operation.operationId)
      expect(new Set(ids).size).toBe(ids.length)
      for (const { name, operation } of operations) {
        expect(operation.summary).toMatch(/./)
        expect(tags).toEqual(expect.arrayContaining(operation.tags))
        const parameters = (operation.parameters ?? []).map((each) => `${each.in}:${each.name}`)
        expect(new Set(parameters).size).toBe(parameters.length)
        expect(operation.requestBody !== undefined).toBe(!/^(?:GET|DELETE)/.test(name))
        for (const [status, response] of Object.entries(operation.responses)) {
          expect(status).toMatch(/^[2-5]\d\d$/)
          expect(response.description).toMatch(/./)
          const isStream = name.endsWith('/events') && status === '200'
          const type = isStream ? 'text/event-stream' : 'application/json'
          if (status !== '304') expect(response.content?.[type]?.schema).toEqual(expect.any(Object))
        }
      }
    })

    it('names every status that an operation answers', () => {
      const always = ['200', '401', '429', '500', '503']
      const guarded = [...always, '400', '403']
      const withBody = ['413', '415', '422']
      const expected: { [name: string]: string[] } = {
        'GET /profile': [...guarded, '304'],
        'PATCH /profile': [...guarded, ...withBody, '409', '412'],
        'GET /orders': guarded,
        'GET /bookings': guarded,
        'GET /enquiries': guarded,
        'GET /session/events': guarded,
        'GET /sessions': guarded,
        'DELETE /session': guarded,
        'DELETE /sessions': guarded,
        'DELETE /sessions/{id}': [...guarded, '404'],
        'POST /refresh': [...always, '400', ...withBody],
      }
      for (const { name, operation } of operations) {
        const statuses = Object.keys(operation.responses)
        expect({ name, statuses }).toEqual({ name, statuses: expected[name]?.sort() })
      }
    })

    it('names the headers that come with a refusal', () => {
      for (const { operation } of operations) {
        expect(operation.responses['401']?.headers).toHaveProperty('WWW-Authenticate')
        expect(operation.responses['429']?.headers).toHaveProperty('Retry-After')
        expect(operation.responses['429']?.headers).toHaveProperty('RateLimit-Reset')
        expect(operation.responses['503']?.headers).toHaveProperty('Retry-After')
      }
    })

    it('asks each operation but signing out and refresh for one scope that there is', () => {
      const scopeless = ['DELETE /session', 'GET /session/events', 'POST /refresh']
      expect(Object.keys(document.components.securitySchemes)).toEqual(['token'])
      for (const { name, operation } of operations) {
        const scopes = operation.security.flatMap(({ token }) => token ?? [])
        expect({ name, count: scopes.length }).toEqual({
          name,
          count: scopeless.includes(name) ? 0 : 1,
        })
        expect(apiScopes).toEqual(expect.arrayContaining(scopes))
      }
    })

    it('refers only to what is in it', () => {
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)]
      expect(references.length).toBeGreaterThan(10)
      for (const [, reference = ''] of references) {
        const [root, ...path] = reference.split('/')
        expect(root).toBe('#')
        expect(document).toHaveProperty(path)
      }
    })

    it('tells the errors in the words of the catalogue', () => {
      const { description } = document.paths['/profile']?.get?.responses['400'] ?? {}
      expect(description).toBe(`\`no_customer\`: ${errorCatalogue.no_customer.message}`)
    })

    it('may be kept for five minutes, and needs no token', async () => {
      const { status, headers } = await callerOf(server)('GET', '/openapi.json')
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(headers.get('cache-control')).toBe('public, max-age=300')
    })
  })

  describe('its page', () => {
    const open = (accept: string) =>
      fetch(`${server.baseUrl}/api/client/v1`, { redirect: 'manual', headers: { accept } })

    it('shows every operation, every object and this address', async () => {
      const response = await open('text/html')
      const page = await response.text()
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      for (const { operation } of operations)
        expect(page).toContain(`id="${operation.operationId}"`)
      for (const name of Object.keys(document.components.schemas))
        expect(page).toContain(`id="${name}"`)
      for (const [, anchor = ''] of page.matchAll(/href="#([^"]+)"/g))
        expect(page).toContain(`id="${anchor}"`)
    })

    it('loads nothing, runs nothing and is not framed', async () => {
      const response = await open('text/html')
      const page = await response.text()
      const policy = String(response.headers.get('content-security-policy'))
      expect(policy).toBe(documentationPolicy)
      for (const part of ["default-src 'none'", "script-src 'none'", "frame-ancestors 'none'"])
        expect(policy).toContain(part)
      expect(policy).not.toContain('unsafe')
      const [, styles = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
      const digest = createHash('sha256').update(styles).digest('base64')
      expect(policy).toContain(`style-src 'sha256-${digest}'`)
      expect(page).not.toMatch(/<(?:script|img|link|iframe|form)\b|\bon\w+=|\bstyle=/i)
      const hosts = [...page.matchAll(/https?:\/\/[^\s"'<)&]+/g)].map(
        ([url]) => new URL(url).origin,
      )
      expect(new Set(hosts)).toEqual(new Set([server.baseUrl]))
    })

    it('P03: shows what stands in the document as text', () => {
      const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>'
      const operation = {
        operationId: `x"><b>`,
        summary: evil,
        description: evil,
        tags: [evil],
        parameters: [{ name: evil, description: evil, schema: { enum: [evil] } }],
        requestBody: { content: { [evil]: { schema: {}, example: { evil } } } },
        responses: { '200': { description: evil } },
      }
      const page = documentationPage({
        info: { title: evil, description: evil },
        servers: [{ url: 'https://id.example.com/api' }],
        tags: [{ name: evil, description: evil }],
        paths: { [`/${evil}`]: { get: operation } },
        components: { schemas: { [evil]: { properties: { [evil]: { description: evil } } } } },
      })
      expect(page).not.toMatch(/<script|<img|"><b>/i)
      expect(page).toContain('&lt;script>')
    })

    it('leads programs to the document, and tells caches that it does', async () => {
      const response = await open('application/json')
      expect(response.status).toBe(302)
      expect(response.headers.get('location')).toBe('/api/client/v1/openapi.json')
      for (const accept of ['application/json', 'text/html'])
        expect((await open(accept)).headers.get('vary')).toMatch(/\bAccept\b/)
    })
  })

  describe('its metadata as a protected resource (RFC 9728)', () => {
    const ask = (method: string) =>
      fetch(`${server.baseUrl}/.well-known/oauth-protected-resource/api/client/v1`, {
        method,
        headers: { accept: 'application/json' },
      })

    it('name the address, the issuer and the scopes', async () => {
      const response = await ask('GET')
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^application\/json/)
      expect(await response.json()).toEqual({
        resource: `${server.baseUrl}/api/client/v1`,
        authorization_servers: [server.baseUrl],
        scopes_supported: apiScopes,
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
        resource_documentation: `${server.baseUrl}/api/client/v1`,
      })
    })

    it('are for every origin, and only to be read', async () => {
      expect((await ask('GET')).headers.get('access-control-allow-origin')).toBe('*')
      expect((await ask('HEAD')).status).toBe(200)
      const posted = await ask('POST')
      expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
      expect(posted.headers.get('access-control-allow-origin')).toBe('*')
    })
  })
})
