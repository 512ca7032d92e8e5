// What an application may say in an authorization request, and how it is answered.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inDays } from '../support/calendar.ts'
import { type Credentials, postForm, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'
import { askAddress, wordsOf } from '../support/sign-in-pages.ts'
import {
  createUserAgent,
  formsOf,
  LeftServer,
  type Page,
  type UserAgent,
} from '../support/user-agent.ts'

let server: TestServer
/** The business's own, which nobody is asked about, and somebody else's. */
let own: Credentials
let ownParty: RelyingParty
let foreignParty: RelyingParty
let person: Person

beforeAll(async () => {
  server = await startServer()
  own = await server.register({ firstParty: true })
  ownParty = await createRelyingParty(server, own)
  foreignParty = await createRelyingParty(server, await server.register())
  person = await signedInPerson(server)
})
afterAll(() => server.stop())

type Parameters = { [name: string]: string }

async function answer(
  party: RelyingParty,
  parameters: Parameters,
  agent: UserAgent = person.agent,
): Promise<URLSearchParams> {
  const { url } = await party.authorize(parameters)
  return (await untilLeft(() => agent.open(url))).searchParams
}

const strangers = (): UserAgent => createUserAgent(server.baseUrl)

describe('O18: prompt=none', () => {
  const prompt = 'none'

  it('is answered without a page for somebody signed in', async () => {
    const parameters = await answer(ownParty, { prompt })
    expect(parameters.has('code')).toBe(true)
    expect(parameters.get('iss')).toBe(server.baseUrl)
  })

  it('is `login_required` where nobody is signed in, with the state', async () => {
    const parameters = await answer(ownParty, { prompt, state: 'kept' }, strangers())
    expect(Object.fromEntries(parameters)).toEqual({
      error: 'login_required',
      error_description: expect.any(String),
      state: 'kept',
      iss: server.baseUrl,
    })
  })

  it('is `consent_required` where the customer would be asked', async () => {
    expect((await answer(foreignParty, { prompt })).get('error')).toBe('consent_required')
  })

  it('is `login_required` after max_age, and for another than the expected person', async () => {
    const late = await inDays(1, () => answer(ownParty, { prompt, max_age: '3600' }))
    expect(late.get('error')).toBe('login_required')
    const other = await signedInPerson(server)
    const { id_token } = await tokensFor(server, other, { client: own })
    const hinted = await answer(ownParty, { prompt, id_token_hint: String(id_token) })
    expect(hinted.get('error')).toBe('login_required')
  })

  it('is `login_required` where the session has expired', async () => {
    const who = await signedInPerson(server)
    expect((await answer(ownParty, { prompt }, who.agent)).has('code')).toBe(true)
    const late = await inDays(15, () => answer(ownParty, { prompt }, who.agent))
    expect(late.get('error')).toBe('login_required')
  })

  it('does not go with another prompt', async () => {
    const parameters = await answer(ownParty, { prompt: 'none login' })
    expect(parameters.get('error')).toBe('invalid_request')
  })
})

describe('a hint', () => {
  it('about the address fills it in and no more; what is no address is left out', async () => {
    const field = async (login_hint: string) => {
      const { page } = await askAddress(server, ownParty, { parameters: { login_hint } })
      expect(page.status).toBe(200)
      return formsOf(page)[0]?.fields.email
    }
    expect(await field('eva@example.org')).toBe('eva@example.org')
    expect(await field('"><script>alert(1)</script>')).toBe('')
    expect(await server.mails('eva@example.org')).toEqual([])
  })

  it('about the language is followed on the pages and in the mail', async () => {
    const { agent, page } = await askAddress(server, ownParty, {
      parameters: { ui_locales: 'fr de' },
    })
    expect(page.html).toContain('<html lang="de"')
    await agent.submit(page, { email: 'greta@example.org' })
    expect((await server.mails('greta@example.org'))[0]?.subject).toContain('Ihr Code')
  })
})

describe('O06: the response mode', () => {
  it('query puts the answer into the address', async () => {
    const parameters = await answer(ownParty, { response_mode: 'query' })
    expect([...parameters.keys()].sort()).toEqual(['code', 'iss', 'state'])
  })

  it('form_post puts it into a form on our page, which nobody keeps', async () => {
    const pending = await ownParty.authorize({ response_mode: 'form_post' })
    const page = await person.agent.open(pending.url)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+'/)
    const form = formsOf(page)[0]
    expect(form).toMatchObject({
      action: REDIRECT_URI,
      method: 'post',
      fields: { code: expect.any(String), state: pending.state, iss: server.baseUrl },
    })
    expect(wordsOf(page).heading).toBe('Continue')
    const callback = new URL(`${REDIRECT_URI}?${new URLSearchParams(form?.fields)}`)
    const tokens = await ownParty.exchange(callback, pending)
    expect(tokens.claims()).toHaveProperty('email', person.email)
  })

  it('form_post carries errors and markup, escaped', async () => {
    const { url } = await ownParty.authorize({
      response_mode: 'form_post',
      prompt: 'none',
      state: '"><script>alert(1)</script>',
    })
    const page = await strangers().open(url)
    expect(page.html).not.toContain('<script>alert')
    expect(page.html).toContain('value="login_required"')
  })

  it('fragment is there for code; the others are refused', async () => {
    const { url } = await ownParty.authorize({ response_mode: 'fragment' })
    const left = await untilLeft(() => person.agent.open(url))
    expect(new URLSearchParams(left.hash.slice(1)).has('code')).toBe(true)
    for (const response_mode of ['web_message', 'jwt', 'query.jwt', 'form_post.jwt', 'x'])
      expect((await answer(ownParty, { response_mode })).get('error')).toBe(
        'unsupported_response_mode',
      )
  })
})

describe('a request by POST (OpenID Connect Core 3.1.2.1)', () => {
  const post = (fields: URLSearchParams | string, agent = person.agent) =>
    agent.open('/oauth/authorize', { method: 'POST', body: new URLSearchParams(fields) })

  it('is answered as one by GET is', async () => {
    const pending = await ownParty.authorize()
    const callback = await untilLeft(() => post(pending.url.searchParams))
    expect((await ownParty.exchange(callback, pending)).claims()).toHaveProperty(
      'email',
      person.email,
    )
  })

  it('is not trusted any more than one', async () => {
    const { url } = await ownParty.authorize({ redirect_uri: 'https://evil.test/' })
    expect((await post(url.searchParams)).status).toBe(400)
    expect((await post('')).status).toBe(400)
    const long = await person.agent.request('/oauth/authorize', {
      method: 'POST',
      body: new URLSearchParams({ state: 'x'.repeat(9000) }),
    })
    expect(long.status).toBe(413)
  })
})

describe('a client without PKCE', () => {
  it('signs in if it was registered so, and has a secret; its code is no use without that', async () => {
    const client = await server.register({ pkce: 'optional', firstParty: true })
    const party = await createRelyingParty(server, client)
    const { url } = await party.authorize({ scope: 'openid' })
    for (const name of ['code_challenge', 'code_challenge_method']) url.searchParams.delete(name)
    const code = async () =>
      String((await untilLeft(() => person.agent.open(url))).searchParams.get('code'))
    const redeem = async (by: Credentials) =>
      postForm(server, 'token', {
        client: by,
        fields: {
          grant_type: 'authorization_code',
          code: await code(),
          redirect_uri: REDIRECT_URI,
        },
      })
    expect((await redeem(client)).status).toBe(200)
    expect((await redeem({ client_id: client.client_id })).body.error).toBe('invalid_client')
  })
})

describe('an answer', () => {
  it('O31: that is an error is in the engine’s words, with no markup of the request', async () => {
    const evil = '<img src=x onerror=alert(1)>'
    const { url } = await ownParty.authorize({ client_id: evil, ui_locales: evil })
    const page = await strangers().open(url)
    expect(page.status).toBe(400)
    expect(page.html).toContain('invalid_client: client is invalid')
    expect(page.html).not.toContain('<img')
  })

  it.each([
    ['request', 'request_not_supported'],
    ['request_uri', 'request_uri_not_supported'],
    ['registration', 'registration_not_supported'],
    ['claims', null],
  ])('O22: to a request with `%s` makes no use of it', async (name, error) => {
    const asked = { [name]: '{"id_token":{"birthdate":null}}', scope: 'openid' }
    expect((await answer(ownParty, asked)).get('error')).toBe(error)
  })

  it('O22: to a request about another address is given without asking there', async () => {
    let asked = 0
    const listener = createServer((_request, response) => {
      asked += 1
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    const uris = [
      `http://127.0.0.1:${port}/request.jwt`,
      `http://localhost:${port}/request.jwt`,
      'file:///etc/passwd',
      'http://169.254.169.254/latest/meta-data/',
    ]
    for (const request_uri of uris) {
      const left = await answer(ownParty, { request_uri })
      expect(left.get('error')).toBe('request_uri_not_supported')
      const fields = { request_uri, redirect_uri: REDIRECT_URI, response_type: 'code' }
      const pushed = await postForm(server, 'par', { client: own, fields })
      expect([pushed.status, pushed.body.request_uri]).toEqual([400, undefined])
    }
    listener.close()
    expect(asked).toBe(0)
  })

  it('O28: gives no claim that stands behind no scope, however it is asked for', async () => {
    const claims = JSON.stringify({
      userinfo: { email: { essential: true }, birthdate: null, phone_number: null },
      id_token: { email: { essential: true }, acr: { essential: true, values: ['gold'] } },
    })
    const who = await signedInPerson(server)
    const client = await server.register({ apiScopes: [] })
    const tokens = await tokensFor(server, who, { client, parameters: { scope: 'openid', claims } })
    expect((await userinfo(server, tokens.access_token)).body).toEqual({
      sub: tokens.claims()?.sub,
    })
    expect(tokens.claims()).not.toHaveProperty('email')
  })

  it('O30: to a request for several resources, or another organisation’s, is `invalid_target`', async () => {
    const api = `${server.baseUrl}/api/client/v1`
    for (const resources of [
      [api, 'https://other.example'],
      [`${server.baseUrl}/o/other/api/client/v1`],
      [server.baseUrl],
      [`${api}/`],
      [`${api}#x`],
      ['not a url'],
    ]) {
      const { url } = await ownParty.authorize()
      for (const resource of resources) url.searchParams.append('resource', resource)
      const left = await untilLeft(() => person.agent.open(url))
      expect([resources, left.searchParams.get('error')]).toEqual([resources, 'invalid_target'])
    }
  })

  it('O16: to a parameter that is there twice is an error', async () => {
    const { url } = await ownParty.authorize()
    url.searchParams.append('scope', 'openid profile')
    const left = await untilLeft(() => person.agent.open(url))
    expect(left.searchParams.get('error')).toBe('invalid_request')
  })

  it('O16: is never made of the last of two, in an address or in a body', async () => {
    const twice = ['client_id', 'redirect_uri', 'response_type', 'state', 'nonce', 'prompt']
    for (const name of [...twice, 'code_challenge', 'max_age', 'login_hint']) {
      const { url } = await ownParty.authorize({ max_age: '100', prompt: 'login', login_hint: 'x' })
      url.searchParams.append(name, 'https://evil.test/')
      const ask = [
        () => strangers().open(url),
        () => strangers().open('/oauth/authorize', { method: 'POST', body: url.searchParams }),
      ]
      for (const open of ask) {
        const page = await open().catch((error: unknown) => error)
        const isPage = !(page instanceof LeftServer)
        // An error page, where it is not certain who asked; else an error at the one address that was registered.
        const told = isPage
          ? (page as Page).status === 400
          : page.location.href.startsWith(`${REDIRECT_URI}?error=invalid_request`)
        expect([name, told]).toEqual([name, true])
        expect(isPage ? (page as Page).html : page.location.href).not.toContain('evil.test')
      }
    }
    const form = (...pairs: [string, string][]) => new URLSearchParams(pairs)
    const grant: [string, string] = ['grant_type', 'refresh_token']
    const bodies = [
      form(grant, ['grant_type', 'client_credentials']),
      form(grant, ['refresh_token', 'a'], ['refresh_token', 'b']),
      form(grant, ['client_id', own.client_id], ['client_id', 'another']),
      form(grant, ['scope', 'openid'], ['scope', 'email']),
    ]
    for (const body of bodies) {
      const response = await fetch(`${server.baseUrl}/oauth/token`, { method: 'POST', body })
      expect(response.status).toBe(400)
      expect(await response.json()).toHaveProperty('error', 'invalid_request')
    }
  })

  it('O16: takes no parameter from an address where a body is sent', async () => {
    const query = new URLSearchParams({ ...own, grant_type: 'client_credentials' })
    for (const body of [new URLSearchParams(), new URLSearchParams({ scope: 'openid' })]) {
      const address = `${server.baseUrl}/oauth/token?${query}`
      expect((await fetch(address, { method: 'POST', body })).status).toBe(400)
    }
  })

  it('O16: does not come of lists, NUL, or a state out of all proportion', async () => {
    const { url } = await ownParty.authorize({ prompt: 'none' })
    for (const extra of ['scope[]=openid', 'scope[0]=openid', 'client_id[$ne]=x']) {
      const response = await strangers().request(`${url}&${extra}`)
      // Names of no parameter: they are not there (OpenID Connect Core 3.1.2.1).
      expect(String(response.headers.get('location'))).toContain('login_required')
    }
    for (const state of ['a\0b', 's'.repeat(100_000)]) {
      const { url: odd } = await ownParty.authorize({ state, prompt: 'none' })
      const { status } = await strangers().request(odd)
      expect([state.slice(0, 3), [303, 400, 413, 414, 431].includes(status)]).toEqual([
        state.slice(0, 3),
        true,
      ])
    }
  })
})
