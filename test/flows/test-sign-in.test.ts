// "Test sign-in": an operator signs in as any client, and nobody else can make use of what makes that possible.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { programOf } from '../support/admin-api.ts'
import { signInToConsole } from '../support/console-agent.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, type UserAgent } from '../support/user-agent.ts'

let server: TestServer
let agent: UserAgent
const OPERATOR = 'mira@example.com'

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
  const by = { actor: 'test' }
  await server.operators.add(server.organisation._id, { email: OPERATOR, role: 'editor' }, by)
  agent = (await signInToConsole(server, OPERATOR)).agent
})
afterAll(() => server.stop())

const begin = (client: string, slug = server.organisation.slug) =>
  `/admin/test-sign-in?${new URLSearchParams({ organisation: slug, client })}`

/** Where the browser is sent, with what the console made for the test. */
async function authorizeAddress(client: string): Promise<URL> {
  const response = await agent.request(begin(client))
  return new URL(response.headers.get('location') ?? '', server.baseUrl)
}

/** The whole test, through the pages, to what the console is told. */
async function test(client: string, slug = server.organisation.slug) {
  const email = OPERATOR
  let page = await agent.submit(await agent.open(begin(client, slug)), { email })
  page = await agent.submit(page, { code: await server.codeFor(email) })
  if (page.html.includes('/permission')) page = await agent.submit(page)
  const { pathname, searchParams } = new URL(page.url)
  expect(pathname).toBe(`/admin/o/${slug}/clients/${client}/test`)
  const ticket = searchParams.get('ticket') ?? ''
  return { email, ticket, result: await resultOf(agent, ticket) }
}

const resultOf = async (browser: UserAgent, ticket: string) => {
  const response = await browser.request(`/admin/test-sign-in/result?ticket=${ticket}`)
  return { status: response.status, ...((await response.json()) as { data?: object }) }
}

describe('a test sign-in', () => {
  it.each([
    ['web', {}],
    ['web', { firstParty: true }],
    ['browser', {}],
    ['native', {}],
    ['preview', { redirectUris: ['https://*.preview.example.com/cb'] }],
  ] as const)('of a %s client %j shows what the application would get', async (kind, more) => {
    const { client_id } = await server.register({ kind, apiScopes: ['orders:read'], ...more })
    const { email, result } = await test(client_id)
    expect(result.data).toMatchObject({
      outcome: 'signed-in',
      client: { id: client_id },
      issuer: server.baseUrl,
      id_token: { claims: { iss: server.baseUrl, aud: client_id } },
      access_token: { claims: { client_id, org: server.organisation._id } },
      userinfo: { email },
    })
  })

  it('goes to the issuer of the organisation', async () => {
    const { organisation, register, baseUrl } = await server.addOrganisation('acme')
    await server.operators.add(
      organisation._id,
      { email: OPERATOR, role: 'editor' },
      { actor: 'test' },
    )
    const { client_id } = await register()
    const { result } = await test(client_id, 'acme')
    expect(result.data).toMatchObject({ issuer: baseUrl, id_token: { claims: { iss: baseUrl } } })
  })

  it('leaves nothing that could be used, and shows no token whole', async () => {
    const { client_id } = await server.register()
    const { result } = await test(client_id)
    expect(JSON.stringify(result)).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+|"refresh_token"/)
    const program = await programOf(server, { role: 'viewer' })
    const path = `/organisations/${server.organisation.slug}/clients/${client_id}`
    const { data } = await program<{ impact: { live_grants: number } }>('GET', path)
    expect(data.impact.live_grants).toBe(0)
  })

  it('tells what it found to nobody else', async () => {
    const { client_id } = await server.register()
    const { ticket } = await test(client_id)
    const other = 'noor@example.com'
    await server.operators.add(
      server.organisation._id,
      { email: other, role: 'owner' },
      { actor: 'test' },
    )
    const { agent: otherAgent } = await signInToConsole(server, other)
    expect((await resultOf(otherAgent, ticket)).status).toBe(404)
    expect((await resultOf(createUserAgent(server.baseUrl), ticket)).status).toBe(401)
  })

  it('is begun by nobody who may not change clients, and for no client of others', async () => {
    const { client_id } = await server.register()
    const { organisation, register } = await server.addOrganisation('elsewhere')
    const foreign = await register()
    expect((await agent.request(begin(foreign.client_id, organisation.slug))).status).toBe(404)
    expect((await agent.request(begin(foreign.client_id))).status).toBe(404)
    const viewer = 'vera@example.com'
    await server.operators.add(
      server.organisation._id,
      { email: viewer, role: 'viewer' },
      { actor: 'test' },
    )
    const { agent: viewing } = await signInToConsole(server, viewer)
    expect((await viewing.request(begin(client_id))).status).toBe(404)
    const nobody = await createUserAgent(server.baseUrl).request(begin(client_id))
    expect(nobody.headers.get('location')).toMatch(/^\/admin\/sign-in\?return_to=/)
  })

  it('comes back only to who began it', async () => {
    const { client_id } = await server.register()
    const address = await authorizeAddress(client_id)
    const stolen = new URL(address.searchParams.get('redirect_uri') ?? '')
    stolen.search = new URLSearchParams({
      code: 'x',
      state: address.searchParams.get('state') ?? '',
      iss: server.baseUrl,
    }).toString()
    expect((await createUserAgent(server.baseUrl).request(stolen)).status).toBe(404)
  })
})

describe('the redirect URI of a test', () => {
  async function isTaken(redirectUri: string, client: string): Promise<boolean> {
    const query = new URLSearchParams({
      client_id: client,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    const response = await fetch(`${server.baseUrl}/oauth/authorize?${query}`, {
      redirect: 'manual',
    })
    return response.status === 303
  }

  it('O05: is good for its own client, for ten minutes, and to the letter', async () => {
    const { client_id } = await server.register()
    const other = await server.register()
    const uri = (await authorizeAddress(client_id)).searchParams.get('redirect_uri') ?? ''
    expect(await isTaken(uri, client_id)).toBe(true)
    expect(await isTaken(uri, other.client_id)).toBe(false)
    for (const changed of [
      `${uri}/more`,
      `${uri}?more=1`,
      uri.replace(/\/\d{13}\./, '/9999999999999.'),
      uri.replace('localhost', 'evil.example'),
      uri.slice(0, -1),
      uri.replace(/\/[^/]+$/, ''),
    ])
      expect([changed, await isTaken(changed, client_id)]).toEqual([changed, false])
    server.clock.forward(10 * 60 * 1000)
    expect(await isTaken(uri, client_id)).toBe(false)
  })
})
