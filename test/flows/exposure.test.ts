// What every surface gives away or reflects: nothing of the machine, nothing of the request, nothing to frame.

import { adminApi } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sendRaw } from '../support/raw-http.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress } from '../support/sign-in-pages.ts'

let server: TestServer
let signInPage: string
let codePage: string
let cookie: string

beforeAll(async () => {
  server = await startServer()
  await server.addOrganisation('acme')
  const party = await createRelyingParty(server, await server.register())
  const { agent, page } = await askCode(server, party, { email: freshAddress() })
  cookie = agent.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  codePage = new URL(page.url).pathname
  const [, uid] = /\/sign-in\/([^/?]+)/.exec(codePage) ?? []
  signInPage = `/sign-in/${uid}`
})
afterAll(() => server.stop())

/** Every address that answers GET, of every surface. */
const addresses = (): string[] => [
  '/',
  '/healthz',
  '/readyz',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-protected-resource/api/client/v1',
  ...['authorize', 'userinfo', 'jwks', 'logout', 'device', 'token', 'register', 'challenge'].map(
    (each) => `/oauth/${each}`,
  ),
  signInPage,
  codePage,
  '/sign-in/nobody-knows-this-one',
  '/o/acme',
  '/o/acme/oauth/authorize',
  '/o/nobody',
  '/demo/',
  '/demo/nothing.js',
  '/dev/mail',
  '/dev/mail.json',
  '/api/client/v1',
  '/api/client/v1/openapi.json',
  '/api/client/v1/profile',
  '/admin',
  '/admin/sign-in',
  '/admin/callback',
  '/admin/session',
  '/admin/invitations/nobody-knows-this-one',
  '/policies/terms',
  '/api/admin/v1/openapi.json',
  ...adminApi.operations
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => `/api/admin/v1${path.replace(/\{\w+\}/g, 'x')}`),
  '/nowhere',
]

const get = (path: string, headers: { [name: string]: string } = {}) =>
  fetch(new URL(path, server.baseUrl), {
    redirect: 'manual',
    headers: { accept: 'text/html', cookie, ...headers },
  })

/** Names of parameters that any of them reads, and one that none does. */
const parameters = [
  ...['client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'prompt', 'response_mode', 'claims'],
  ...['login_hint', 'ui_locales', 'acr_values', 'id_token_hint', 'post_logout_redirect_uri'],
  ...['error', 'error_description', 'error_hint', 'error_uri', 'code', 'iss', 'return_to', 'next'],
  ...['to', 'q', 'cursor', 'limit', 'locale', 'restart', 'user_code', 'x'],
]
const MARKER = `mk"'<i onx=1>\`{{7*7}}$\{7*7}`
const LIVE = /mk"'<i|mk"'<i|<i onx/

describe('P05: a marker', () => {
  it('in every query parameter comes back nowhere as markup', async () => {
    for (const path of addresses()) {
      const query = new URLSearchParams(parameters.map((name) => [name, MARKER]))
      const response = await get(`${path}?${query}`)
      const type = response.headers.get('content-type') ?? ''
      const text = await response.text()
      if (type.startsWith('text/html')) expect([path, LIVE.test(text)]).toEqual([path, false])
      expect(response.headers.get('location') ?? '').not.toMatch(LIVE)
      expect([path, response.status]).not.toEqual([path, 500])
    }
  })

  it('in one parameter at a time of the authorization request comes back nowhere as markup', async () => {
    const { client_id } = await server.register()
    const good = {
      client_id,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'http://127.0.0.1:9/callback',
    }
    for (const name of [...parameters, 'response_type', 'code_challenge']) {
      const query = new URLSearchParams({ ...good, [name]: MARKER })
      for (const path of ['/oauth/authorize', '/oauth/logout']) {
        const response = await get(`${path}?${query}`)
        expect([name, LIVE.test(await response.text())]).toEqual([name, false])
      }
    }
  })

  it('in the path or in a header comes back nowhere as markup', async () => {
    const headers = ['referer', 'user-agent', 'accept-language', 'x-forwarded-host', 'origin']
    for (const path of addresses()) {
      const inPath = await get(`${path.replace(/\/$/, '')}/${encodeURIComponent(MARKER)}`)
      expect([path, LIVE.test(await inPath.text())]).toEqual([path, false])
      const marked = Object.fromEntries(headers.map((name) => [name, MARKER]))
      const inHeaders = await get(path, marked)
      expect([path, LIVE.test(await inHeaders.text())]).toEqual([path, false])
    }
  })
})

describe('P09, P10: every page', () => {
  it('is framed by nobody, and runs and loads only what its own policy names', async () => {
    let pages = 0
    for (const path of addresses()) {
      const { headers } = await get(path)
      if (!headers.get('content-type')?.startsWith('text/html')) continue
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
      pages += 1
      const policy = headers.get('content-security-policy') ?? ''
      expect([path, policy]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")])
      expect(policy).toContain("default-src 'none'") // and with it object-src
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(headers.get('content-security-policy-report-only')).toBeNull()
      expect(headers.get('x-frame-options')).toBe('DENY')
    }
    expect(pages).toBeGreaterThan(8)
  })
})

describe('A05: what is not for strangers', () => {
  it.each([
    '/metrics',
    '/debug',
    '/__debug__',
    '/__vite_ping',
    '/.git/config',
    '/.git/HEAD',
    '/.env',
    '/package.json',
    '/src/main.ts',
    '/demo/.sources',
    '/demo/src/main.tsx',
    '/demo/../package.json',
    '/demo/%2e%2e/package.json',
    '/demo/..%2f..%2fpackage.json',
    '/admin/.sources',
    '/admin/%2e%2e/%2e%2e/package.json',
    '/server-status',
    '/actuator/health',
    '/swagger.json',
  ])('is not at %s', async (path) => {
    const { status, text } = await sendRaw(server, [
      `GET ${path} HTTP/1.1`,
      `Host: ${new URL(server.baseUrl).host}`,
      'Connection: close',
    ])
    expect(text).not.toMatch(/"dependencies"|repositoryformatversion|SECRET=|^[0-9a-f]{64}$/)
    // The console's own page answers all of its addresses: it routes in the browser.
    if (status === 200) expect(path).toMatch(/^\/admin\//)
    else expect([302, 303, 307, 400, 401, 404]).toContain(status)
  })

  it('has no source maps beside the scripts', async () => {
    const page = await (await get('/demo/')).text()
    const scripts = [...page.matchAll(/(?:src|href)="(\/demo\/assets\/[^"]+)"/g)]
    expect(scripts.length).toBeGreaterThan(0)
    for (const [, path = ''] of scripts) {
      expect((await get(`${path}.map`)).status).toBe(404)
      expect(await (await get(path)).text()).not.toContain('sourceMappingURL')
    }
  })

  it('is told by no error: no stack, no path of the machine, no version', async () => {
    for (const path of addresses()) {
      const response = await get(`${path}?limit=%00&client_id[$ne]=x&cursor=%ff`)
      const text = await response.text()
      expect([path, /\bat .+\.(ts|js):\d+|node_modules|\/src\//.test(text)]).toEqual([path, false])
      expect(response.headers.get('x-powered-by')).toBeNull()
      expect(response.headers.get('server')).toBeNull()
    }
  })
})
