// Many organisations on one server: each with its own issuer, keys, cookies, clients and accounts.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import {
  type OtherOrganisation,
  REDIRECT_URI,
  startServer,
  type TestServer,
} from '../support/server.ts'
import { sendThrough } from '../support/server-process.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { createUserAgent, type Send } from '../support/user-agent.ts'

describe('organisations', () => {
  let server: TestServer
  let acme: OtherOrganisation
  let bistro: OtherOrganisation
  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    acme = await server.addOrganisation('acme')
    bistro = await server.addOrganisation('bistro')
  })
  afterAll(() => server.stop())

  const discover = async (issuer: string, init: RequestInit = {}) =>
    fetch(`${issuer}/.well-known/openid-configuration`, { redirect: 'manual', ...init })

  it('signs a customer in at an issuer below BASE_URL, from discovery to the Client API', async () => {
    const client = await acme.register({ firstParty: true })
    const party = await createRelyingParty(acme, client)
    expect(party.config.serverMetadata()).toMatchObject({
      issuer: acme.baseUrl,
      authorization_endpoint: `${acme.baseUrl}/oauth/authorize`,
      token_endpoint: `${acme.baseUrl}/oauth/token`,
      jwks_uri: `${acme.baseUrl}/oauth/jwks`,
      end_session_endpoint: `${acme.baseUrl}/oauth/logout`,
    })
    const agent = createUserAgent(acme.baseUrl)
    const pending = await party.authorize()
    const callback = await signIn(acme, { url: pending.url, email: freshAddress(), agent })
    expect(callback.searchParams.get('iss')).toBe(acme.baseUrl)
    const tokens = await party.exchange(callback, pending)
    expect(decodeJwt(String(tokens.id_token)).iss).toBe(acme.baseUrl)
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: acme.baseUrl,
      aud: `${server.baseUrl}/api/client/v1`,
      org: acme.organisation._id,
    })
    const { sub } = decodeJwt(tokens.access_token)
    const userinfo = await oidc.fetchUserInfo(party.config, tokens.access_token, String(sub))
    expect(userinfo.sub).toBe(sub)
    const profile = await fetch(`${server.baseUrl}/api/client/v1/profile`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(profile.status).toBe(200)
    const refreshed = await fetch(`${server.baseUrl}/api/client/v1/refresh`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`,
      },
      body: JSON.stringify({ refresh_token: tokens.refresh_token }),
    })
    expect(refreshed.status).toBe(200)
    // All the cookies are below its path, and carry its name.
    expect(agent.cookies.map(({ name, path }) => ({ name, path }))).toEqual(
      expect.arrayContaining([{ name: 'foyer_acme_session', path: '/o/acme' }]),
    )
    expect(agent.cookies.every(({ path }) => path.startsWith('/o/acme'))).toBe(true)
  })

  it('shows the pages of sign-in under the brand of the organisation', async () => {
    const party = await createRelyingParty(bistro, await bistro.register())
    const { url } = await party.authorize()
    const page = await createUserAgent(bistro.baseUrl).open(url)
    expect(page.url.startsWith(`${bistro.baseUrl}/sign-in/`)).toBe(true)
    expect(page.html).toContain('The bistro')
    expect(page.html).not.toContain(server.organisation.name)
  })

  it('serves the metadata of an issuer with a path at both addresses (RFC 8414, 3.1)', async () => {
    for (const document of ['openid-configuration', 'oauth-authorization-server']) {
      const below = await fetch(`${acme.baseUrl}/.well-known/${document}`)
      const above = await fetch(`${server.baseUrl}/.well-known/${document}/o/acme`)
      expect(await above.json()).toEqual(await below.json())
    }
  })

  it('redirects the path of the default organisation to BASE_URL', async () => {
    const answer = await discover(`${server.baseUrl}/o/${server.organisation.slug}`)
    expect(answer.status).toBe(307)
    expect(answer.headers.get('location')).toBe(
      `${server.baseUrl}/.well-known/openid-configuration`,
    )
    const post = await fetch(`${server.baseUrl}/o/${server.organisation.slug}/oauth/token`, {
      method: 'POST',
      redirect: 'manual',
    })
    expect(post.status).toBe(404)
  })

  it('has the Client API and the pages of development only under BASE_URL', async () => {
    for (const path of [
      '/api/client/v1/profile',
      '/dev/mail',
      '/demo/',
      '/.well-known/oauth-protected-resource/api/client/v1',
    ])
      expect({ path, status: (await fetch(`${acme.baseUrl}${path}`)).status }).toEqual({
        path,
        status: 404,
      })
  })

  describe('with a host of its own', () => {
    let host: OtherOrganisation
    let send: Send
    beforeAll(async () => {
      send = sendThrough(server.config.port)
      const cafe = await server.addOrganisation('cafe')
      const name = `id.cafe.localhost:${server.config.port}`
      await server.organisations.setHost(cafe.organisation, name)
      host = { ...cafe, baseUrl: `http://${name}` }
    })

    it('signs a customer in there, and the Client API takes its tokens', async () => {
      const client = await host.register({ firstParty: true })
      const party = await createRelyingParty(host, client, REDIRECT_URI, send)
      expect(party.config.serverMetadata()).toMatchObject({
        issuer: host.baseUrl,
        token_endpoint: `${host.baseUrl}/oauth/token`,
      })
      const pending = await party.authorize()
      const agent = createUserAgent(host.baseUrl, send)
      const email = freshAddress()
      const callback = await signIn(host, { url: pending.url, email, agent })
      const { access_token } = await party.exchange(callback, pending)
      expect(decodeJwt(access_token)).toMatchObject({ iss: host.baseUrl })
      expect(agent.cookies.map(({ name }) => name)).toContain('foyer_session')
      const profile = await fetch(`${server.baseUrl}/api/client/v1/profile`, {
        headers: { authorization: `Bearer ${access_token}` },
      })
      expect(profile.status).toBe(200)
    })

    it('leads from its old path to its host', async () => {
      const answer = await discover(`${server.baseUrl}/o/cafe`)
      expect(answer.headers.get('location')).toBe(
        `${host.baseUrl}/.well-known/openid-configuration`,
      )
    })

    it('follows two changes of one instant', async () => {
      const { organisation } = await server.addOrganisation('hasty')
      const { now } = server.clock
      const instant = now()
      server.clock.now = () => instant
      try {
        for (const label of ['first', 'second']) {
          const name = `${label}.hasty.localhost:${server.config.port}`
          await server.organisations.change(organisation._id, { host: name })
          const found = await send(new URL(`http://${name}/.well-known/openid-configuration`), {})
          expect(await found.json()).toMatchObject({ issuer: `http://${name}` })
        }
      } finally {
        server.clock.now = now
      }
    })

    it('refuses what names the host once it is released, and lets refresh tokens go on at the path', async () => {
      const { organisation, ...tavern } = await server.addOrganisation('tavern')
      const name = `id.tavern.localhost:${server.config.port}`
      await server.organisations.change(organisation._id, { host: name })
      const client = await tavern.register({ firstParty: true })
      const own = { ...tavern, baseUrl: `http://${name}` }
      const party = await createRelyingParty(own, client, REDIRECT_URI, send)
      const pending = await party.authorize()
      const agent = createUserAgent(own.baseUrl, send)
      const callback = await signIn(own, { url: pending.url, email: freshAddress(), agent })
      const tokens = await party.exchange(callback, pending)
      await server.organisations.change(organisation._id, { host: undefined })

      const profile = await fetch(`${server.baseUrl}/api/client/v1/profile`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
      expect(profile.status).toBe(401)
      expect(profile.headers.get('www-authenticate')).toContain('error="invalid_token"')
      const old = await send(new URL(`${own.baseUrl}/.well-known/openid-configuration`), {})
      expect(old.status).toBe(404)
      const moved = await createRelyingParty(tavern, client)
      const refreshed = await oidc.refreshTokenGrant(moved.config, String(tokens.refresh_token))
      expect(decodeJwt(refreshed.access_token).iss).toBe(tavern.baseUrl)
    })

    it('M07: answers at no host that only looks like it', async () => {
      const { port } = server.config
      for (const name of [
        `id.cafe.localhost.:${port}`,
        'id.cafe.localhost',
        `cafe.localhost:${port}`,
        `xid.cafe.localhost:${port}`,
        `id.cafe.localhost:${port}.evil.test`,
      ]) {
        const url = new URL('http://placeholder/.well-known/openid-configuration')
        Object.defineProperty(url, 'host', { value: name })
        const { status } = await send(url, {})
        expect({ name, status }).toEqual({ name, status: 404 })
      }
    })
  })

  it('M07: takes the organisation from the address alone, exactly as spelled', async () => {
    for (const path of [
      '/o/ACME',
      '/O/acme',
      '/o/acme/../bistro',
      '/o/acme%2f..%2fbistro',
      '/o//acme',
      '//o/acme',
      '/o/acme.',
      '/o/%61cme',
      '/o/nobody',
      '/o/',
    ]) {
      const { status } = await rawGet(server, `${path}/.well-known/openid-configuration`)
      expect({ path, status }).toEqual({ path, status: 404 })
    }
    const foreign = { 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test' }
    const found = await (await discover(acme.baseUrl, { headers: foreign })).text()
    expect(found).not.toContain('evil.test')
  })

  it('M05: gives one address another account, another sub and other claims in each organisation', async () => {
    const email = freshAddress()
    const subs: unknown[] = []
    for (const issuer of [acme, bistro]) {
      const party = await createRelyingParty(issuer, await issuer.register({ firstParty: true }))
      const pending = await party.authorize()
      const callback = await signIn(issuer, { url: pending.url, email })
      subs.push((await party.exchange(callback, pending)).claims()?.sub)
    }
    expect(subs[0]).toBeDefined()
    expect(subs[0]).not.toBe(subs[1])
  })

  it('M11: signs with keys of its own', async () => {
    const kids = await Promise.all(
      [server, acme, bistro].map(async ({ baseUrl }) => {
        const { keys } = (await (await fetch(`${baseUrl}/oauth/jwks`)).json()) as {
          keys: { kid: string }[]
        }
        return keys.map(({ kid }) => kid)
      }),
    )
    expect(new Set(kids.flat()).size).toBe(kids.flat().length)
    const party = await createRelyingParty(acme, await acme.register({ firstParty: true }))
    const pending = await party.authorize()
    const callback = await signIn(acme, { url: pending.url, email: freshAddress() })
    const { access_token } = await party.exchange(callback, pending)
    expect(kids[1]).toContain(decodeProtectedHeader(access_token).kid)
  })

  it('follows a changed setting without a restart', async () => {
    const agent = createUserAgent(acme.baseUrl)
    const party = await createRelyingParty(acme, await acme.register())
    await server.organisations.change(acme.organisation._id, { signIn: { codeLength: 8 } })
    const page = await agent.submit(await agent.open((await party.authorize()).url), {
      email: freshAddress(),
    })
    expect(page.html).toContain('data-digits="8"')
    await server.organisations.change(acme.organisation._id, { signIn: {} })
  })
})

/** A request whose path nothing tidies. */
async function rawGet(server: TestServer, path: string): Promise<{ status: number }> {
  const { request } = await import('node:http')
  const { hostname, port, host } = new URL(server.baseUrl)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: { host } }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0 })
    })
      .on('error', reject)
      .end()
  })
}
