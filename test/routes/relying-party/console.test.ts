// The console's back end at its door: foreign writes, hostile addresses, forged answers, and the policies of its pages.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { signedInAs, signInToConsole, write } from '../../support/console-agent.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { freshAddress, roomyLimits, wordsOf } from '../../support/sign-in-pages.ts'
import { createUserAgent, type UserAgent } from '../../support/user-agent.ts'

const OWNER = 'owner@example.com'
const EVIL = 'https://evil.example'

let server: TestServer
let agent: UserAgent
beforeAll(async () => {
  server = await startServer({ env: { OPERATORS: OWNER } })
  await server.changeSignIn(roomyLimits)
  agent = (await signInToConsole(server, OWNER)).agent
})
afterAll(() => server.stop())

describe('a write', () => {
  const form = 'application/x-www-form-urlencoded'
  const json = { 'content-type': 'application/json' }

  it.each<[string, () => { method?: string; headers: { [name: string]: string }; body?: string }]>([
    ['without Origin', () => ({ headers: json, body: '{}' })],
    ['with Origin: null', () => ({ headers: { ...json, origin: 'null' }, body: '{}' })],
    ['from another site', () => ({ headers: { ...json, origin: EVIL }, body: '{}' })],
    [
      'from an origin that begins like ours',
      () => ({
        headers: { ...json, origin: `${server.baseUrl}.evil.example` },
        body: '{}',
      }),
    ],
    [
      'whose browser says that it crosses sites',
      () => ({
        headers: { ...json, origin: server.baseUrl, 'sec-fetch-site': 'cross-site' },
        body: '{}',
      }),
    ],
    [
      'of JSON sent as text',
      () => ({
        headers: { 'content-type': 'text/plain', origin: server.baseUrl },
        body: '{}',
      }),
    ],
    [
      'of JSON without a type',
      () => ({
        headers: { 'content-type': '', origin: server.baseUrl },
        body: '{}',
      }),
    ],
    [
      'of a form from another site',
      () => ({
        headers: { 'content-type': form, origin: EVIL },
        body: '',
      }),
    ],
  ])('P07: %s is refused, and nothing happens', async (_name, request) => {
    for (const path of ['/admin/sign-out', '/admin/api/v1/organisations'])
      for (const method of path.endsWith('out') ? ['POST'] : ['POST', 'PATCH', 'PUT', 'DELETE']) {
        const { status } = await agent.request(path, { method, ...request() })
        expect([path, method, status]).toEqual([path, method, 403])
      }
    expect(await signedInAs(agent)).toBe(OWNER)
  })

  it('P07: by GET is refused, and nothing happens', async () => {
    expect((await agent.request('/admin/sign-out')).status).toBe(403)
    expect(await signedInAs(agent)).toBe(OWNER)
  })

  it('P07: of a form is refused by the API, whoever sends it', async () => {
    const headers = { 'content-type': form, origin: server.baseUrl }
    const path = '/admin/api/v1/organisations'
    const { status } = await agent.request(path, { method: 'POST', headers, body: 'name=x' })
    expect(status).toBe(403)
  })

  it('from its own page reaches the API', async () => {
    const answer = await write(server, agent, '/admin/api/v1/nothing-here')
    expect([answer.status, await answer.json()]).toMatchObject([404, { success: false }])
  })
})

describe('the way back', () => {
  const landing = async (returnTo: string): Promise<string> => {
    const query = new URLSearchParams({ return_to: returnTo })
    const begun = await agent.request(`/admin/sign-in?${query}`)
    const callback = await agent.request(begun.headers.get('location') ?? '')
    const back = await agent.request(callback.headers.get('location') ?? '')
    return back.headers.get('location') ?? ''
  }

  it.each([
    '//evil.example/admin/',
    '/\\evil.example/admin/',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example/admin/',
    'javascript:alert(1)//admin/',
    '/admin/%0d%0aset-cookie:%20a=b',
    '/admin/\r\nset-cookie: a=b',
    '/admin/../oauth/logout',
    '/admin/%2e%2e/oauth/logout',
    '/administration',
    '/',
    '/admin/sign-in',
    '/admin/Sign-In/',
    '/admin/sign-out',
    '/admin/callback?code=x',
    '/admin/api/v1/me',
    `/admin/${'x'.repeat(5000)}`,
  ])('P08: is never %j', async (returnTo) => {
    expect(await landing(returnTo)).toBe('/admin/')
  })

  it.each(['/admin/', '/admin/o/acme/clients?kind=web&q=%C3%A9', '/admin/invitations/abc#x'])(
    'is %j where that was asked for',
    async (returnTo) => {
      expect(await landing(returnTo)).toBe(returnTo)
    },
  )
})

describe('an answer of the provider', () => {
  /** A sign-in of another browser, up to the answer that it has not taken yet. */
  async function answerFor(other: UserAgent): Promise<URL> {
    const begun = await other.request('/admin/sign-in')
    let page = await other.open(begun.headers.get('location') ?? '')
    const email = freshAddress()
    page = await other.submit(page, { email })
    const form = new URLSearchParams({ code: await server.codeFor(email) })
    const action = /<form[^>]*action="([^"]+)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&')
    let response = await other.request(action ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    })
    for (;;) {
      const next = new URL(response.headers.get('location') ?? '', server.baseUrl)
      if (next.pathname === '/admin/callback') return next
      response = await other.request(next)
    }
  }
  const agentOf = () => createUserAgent(server.baseUrl)

  it('is worth nothing to another browser, which is not signed in as its owner', async () => {
    const thief = agentOf()
    const callback = await answerFor(agentOf())
    await thief.request('/admin/sign-in')
    expect((await thief.open(callback)).status).toBe(400)
    expect(await signedInAs(thief)).toBe(401)
  })

  it('is taken once, and a second time leads on who is signed in', async () => {
    const other = agentOf()
    const callback = await answerFor(other)
    const first = await other.request(callback)
    expect(first.headers.get('location')).toBe('/admin/')
    const second = await other.request(callback)
    expect(second.headers.get('location')).toBe('/admin/')
    const { value } = other.cookies.find(({ name }) => name === 'foyer_console') ?? {}
    expect(first.headers.get('set-cookie')).toContain(value)
  })

  it.each<[string, (callback: URL) => void]>([
    ['with another code', (url) => url.searchParams.set('code', 'x'.repeat(43))],
    ['with another state', (url) => url.searchParams.set('state', 'x'.repeat(43))],
    ['without state', (url) => url.searchParams.delete('state')],
    ['of another issuer', (url) => url.searchParams.set('iss', EVIL)],
    ['of no issuer', (url) => url.searchParams.delete('iss')],
    ['that is an error', (url) => url.searchParams.set('error', 'server_error')],
  ])('%s signs nobody in', async (_name, forge) => {
    const other = agentOf()
    const callback = await answerFor(other)
    forge(callback)
    const page = await other.open(callback)
    expect([page.status, wordsOf(page).heading]).toEqual([400, 'You are not signed in'])
    expect(await signedInAs(other)).toBe(401)
    expect(other.cookies.some(({ name }) => name === 'foyer_console')).toBe(false)
  })

  it('that the person turned back says so, and how to begin again', async () => {
    const other = agentOf()
    const page = await other.open('/admin/sign-in')
    const cancelled = await other.submit(page, {}, 1)
    expect([cancelled.status, cancelled.html]).toEqual([
      200,
      expect.stringContaining('href="/admin/sign-in"'),
    ])
  })
})

describe('a request for the API', () => {
  it('is refused in the envelope to who is not signed in', async () => {
    const other = createUserAgent(server.baseUrl)
    const answer = await other.request('/admin/api/v1/me')
    expect([answer.status, await answer.json()]).toMatchObject([401, { success: false }])
    expect((await write(server, other, '/admin/api/v1/organisations')).status).toBe(401)
  })

  it('goes by the session, whatever token the browser sends', async () => {
    const headers = { authorization: 'Bearer forged' }
    expect((await agent.request('/admin/api/v1/me', { headers })).status).toBe(200)
    const other = createUserAgent(server.baseUrl)
    other.cookies.push({ name: 'foyer_console', value: 'x'.repeat(43), path: '/' })
    expect((await other.request('/admin/api/v1/me', { headers })).status).toBe(401)
    expect(other.cookies).toEqual([])
  })

  it('takes no method but those that the API has', async () => {
    const answer = await agent.request('/admin/api/v1/me', { method: 'OPTIONS' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([
      405,
      'GET, HEAD, POST, PUT, PATCH, DELETE',
    ])
  })
})

describe('a page of the console', () => {
  it.each([
    '/admin/',
    '/admin/signed-out',
    '/admin/callback',
    `/admin/invitations/${'x'.repeat(43)}`,
  ])(
    'P09: %s cannot be framed; P10: it runs no script but its own files, and embeds nothing',
    async (path) => {
      // Who is not signed in is led away from the console's own.
      const visitor = path === '/admin/' ? agent : createUserAgent(server.baseUrl)
      const { headers } = await visitor.open(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.has('content-security-policy-report-only')).toBe(false)
    },
  )

  it.each(['/admin/', '/admin/o/acme/clients?kind=web&q=%C3%A9', '/admin/organisations/new'])(
    'leads who is not signed in to sign-in, and back: %s',
    async (path) => {
      const stranger = createUserAgent(server.baseUrl)
      const led = await stranger.request(path)
      expect([led.status, led.headers.get('location'), led.headers.get('cache-control')]).toEqual([
        302,
        `/admin/sign-in?return_to=${encodeURIComponent(path)}`,
        'no-store', // kept, it would lead away who has signed in
      ])
      const { page } = await signInToConsole(server, OWNER, { agent: stranger, at: path })
      expect(page.url).toBe(`${server.baseUrl}${path}`)
    },
  )

  it('leads who comes to its address without the slash there, too, and to its first page', async () => {
    const stranger = createUserAgent(server.baseUrl)
    const { page } = await signInToConsole(server, OWNER, { agent: stranger, at: '/admin' })
    expect(page.url).toBe(`${server.baseUrl}/admin/`)
  })

  it('leads to sign-in once where a cookie is worth nothing, and forgets the cookie', async () => {
    const other = createUserAgent(server.baseUrl)
    other.cookies.push({ name: 'foyer_console', value: 'x'.repeat(43), path: '/' })
    expect((await other.request('/admin/')).status).toBe(302)
    expect(other.cookies).toEqual([])
    expect(wordsOf(await other.open('/admin/')).heading).toBe('Sign in')
  })

  it.each([
    ['/admin/signed-out', 200],
    ['/admin/callback', 400],
    [`/admin/invitations/${'x'.repeat(43)}`, 410],
    ['/admin/nothing', 404],
    ['/admin/assets/nothing.js', 404],
    ['/admin/api/v1/me', 401],
    ['/admin/session', 401],
  ])('leads nobody away from %s', async (path, status) => {
    expect((await createUserAgent(server.baseUrl).request(path)).status).toBe(status)
  })

  it('has forms from which browsers say where they come from', async () => {
    const { headers } = await createUserAgent(server.baseUrl).open('/admin/signed-out')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })
})
