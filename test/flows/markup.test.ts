// O31: markup in whatever a request or a registration may carry is text on every page that shows it, or is not shown.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { signedInPerson } from '../support/journeys.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, type Page } from '../support/user-agent.ts'

const MARKUP = `"'><svg onload=alert(1)></title></style><script>alert(2)</script>`

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.changeSignIn(roomyLimits)
})
afterAll(() => server.stop())

function expectText({ url, html, headers }: Page): void {
  expect({ url, type: headers.get('content-type') }).toMatchObject({
    type: expect.stringContaining('text/html'),
  })
  expect(html.match(/<svg|<script>alert|<\/title><\/style>|"'>/g)).toBeNull()
}

const parameters = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'prompt',
  'display',
  'max_age',
  'ui_locales',
  'claims_locales',
  'login_hint',
  'id_token_hint',
  'acr_values',
  'code_challenge',
  'code_challenge_method',
  'resource',
  'request',
  'request_uri',
  'error_description',
  'error_hint',
  'lang',
]

it.each(parameters)('O31: in %s of an authorization request', async (name) => {
  const party = await createRelyingParty(server, await server.register())
  for (const more of [
    {},
    { redirect_uri: 'https://evil.test/' },
    { response_mode: 'form_post', prompt: 'none' },
  ]) {
    const { url } = await party.authorize(more)
    url.searchParams.set(name, MARKUP)
    const page = await createUserAgent(server.baseUrl)
      .open(url)
      .catch(() => undefined)
    if (page) expectText(page)
  }
})

it.each([
  'id_token_hint',
  'client_id',
  'post_logout_redirect_uri',
  'state',
  'ui_locales',
  'logout_hint',
])('O31: in %s of a request to sign out', async (name) => {
  const { agent } = await signedInPerson(server)
  for (const browser of [agent, createUserAgent(server.baseUrl)])
    expectText(await browser.open(`/oauth/logout?${new URLSearchParams({ [name]: MARKUP })}`))
})

it('O31: in a name, a hint and an address, on each page of a sign-in', async () => {
  const client = await server.register({ name: MARKUP.slice(0, 80) })
  const party = await createRelyingParty(server, client)
  const agent = createUserAgent(server.baseUrl)
  const email = freshAddress()
  const { url } = await party.authorize({ login_hint: MARKUP, ui_locales: MARKUP, state: MARKUP })
  let page = await agent.open(url)
  expectText(page)
  const typed = await agent.submit(page, { email: MARKUP })
  expectText(typed)
  page = await agent.submit(page, { email })
  expectText(page)
  expectText(await agent.submit(page, { code: MARKUP }))
  page = await agent.submit(page, { code: await server.codeFor(email) })
  expectText(page) // the page that asks for permission
})

it('O31: in the answer to another application’s page, by form_post', async () => {
  const person = await signedInPerson(server)
  const party = await createRelyingParty(server, await server.register({ firstParty: true }))
  const { url } = await party.authorize({ response_mode: 'form_post', state: MARKUP })
  const page = await person.agent.open(url)
  expectText(page)
  expect(page.html).toContain(REDIRECT_URI)
})

it.each([
  '/nowhere',
  '/sign-in',
  '/sign-in/x',
  '/oauth/nowhere',
  '/.well-known/nowhere',
  '/dev/mail',
])('O31: in path and query of %s', async (path) => {
  const marker = encodeURIComponent(MARKUP)
  for (const address of [`${path}/${marker}`, `${path}?q=${marker}&lang=${marker}&to=${marker}`])
    expectText(await createUserAgent(server.baseUrl).open(address))
})
