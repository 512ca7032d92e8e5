// Hosts that a request claims: none of them is served, believed or repeated, at whatever step it is claimed.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { sendRaw } from '../support/raw-http.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { createUserAgent, type Page, type Send } from '../support/user-agent.ts'

const EVIL = 'evil.test'

/** What proxies write, and what others write to be taken for one. */
const claims = {
  'x-forwarded-host': EVIL,
  'x-forwarded-proto': 'gopher',
  'x-forwarded-port': '1',
  'x-forwarded-prefix': `//${EVIL}`,
  'x-forwarded-server': EVIL,
  'x-host': EVIL,
  'x-original-host': EVIL,
  'x-original-url': `https://${EVIL}/`,
  'x-rewrite-url': `https://${EVIL}/`,
  forwarded: `for=1.2.3.4;host=${EVIL};proto=gopher`,
}

const paths = [
  '/',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-protected-resource/api/client/v1',
  '/oauth/jwks',
  '/oauth/authorize?client_id=nobody',
  '/oauth/logout',
  '/sign-in/nobody',
  '/api/client/v1/profile',
  '/api/client/v1/openapi.json',
  '/demo',
  '/demo/config.json',
  '/nowhere',
]

describe.each([
  ['with no proxy in front', '0'],
  ['behind a proxy that passes on what it gets', '1'],
])('E14: a claimed host, %s', (_name, TRUST_PROXY) => {
  let mailServer: MailServer
  let server: TestServer
  let party: RelyingParty
  const own = (): string => new URL(server.baseUrl).host

  beforeAll(async () => {
    mailServer = await startMailServer()
    server = await startServer({ mailServer, env: { TRUST_PROXY } })
    party = await createRelyingParty(server, await server.register())
  })
  afterAll(async () => {
    await server.stop()
    await mailServer.stop()
  })

  const ask = (target: string, hosts: readonly string[]) =>
    sendRaw(server, [
      `GET ${target} HTTP/1.1`,
      ...hosts.map((host) => `Host: ${host}`),
      'Accept: text/html',
      'Connection: close',
    ])

  it.each(paths)('in Host is not found, and not repeated: %s', async (path) => {
    const { port } = server.config
    const hosts = [EVIL, `${EVIL}:${port}`, `localhost:${port}.${EVIL}`, `localhost.:${port}`]
    for (const host of [...hosts, `${own()}@${EVIL}`, `${own()},${EVIL}`, `127.0.0.1@${own()}`]) {
      const { status, text } = await ask(path, [host])
      expect({ host, status }).toEqual({ host, status: 404 })
      expect(text).not.toContain(EVIL)
      expect(text).not.toMatch(/^location:/im)
    }
  })

  it.each(paths)('as a second Host, or in the request target, is refused: %s', async (path) => {
    for (const { status, text } of [
      await ask(path, [own(), EVIL]),
      await ask(path, [EVIL, own()]),
      await ask(`http://${EVIL}${path}`, [own()]),
      await ask(`https://${EVIL}${path}`, [EVIL]),
      await ask(`//${EVIL}${path}`, [EVIL]),
    ]) {
      expect(String(status)).toMatch(/^40[04]$/)
      expect(text).not.toContain(EVIL)
    }
  })

  it('behind two slashes is refused with what makes a parser take it for a host', async () => {
    for (const target of [`//a@${EVIL}#/o/two`, `//a@${EVIL}#`, `//a@${EVIL}/admin#`, `/admin#`])
      for (const host of [own(), EVIL]) {
        const { status, text } = await ask(target, [host])
        expect({ target, status }).toEqual({ target, status: 400 })
        expect(text).not.toContain(EVIL)
      }
    expect((await ask(`//a@${EVIL}/admin?\u00a0`, [own()])).status).toBe(400)
    expect(server.log.errors).toEqual([])
  })

  it('behind two slashes is no address to go to', async () => {
    const answers = [
      await ask(`//${EVIL}/`, [own()]),
      await ask(`/\\${EVIL}/`, [own()]),
      await ask(`//${EVIL}/%2e%2e`, [`127.0.0.1:${server.config.port}`]),
    ]
    for (const { text } of answers) {
      const location = /^location: (.*)\r$/im.exec(text)?.[1]
      expect(new URL(location ?? '', server.baseUrl).host).toBe(own())
    }
  })

  it.each(paths)('in headers of proxies changes nothing: %s', async (path) => {
    const answer = async (headers: { [name: string]: string }) => {
      const response = await fetch(new URL(path, server.baseUrl), {
        headers: { accept: 'text/html', ...headers },
        redirect: 'manual',
      })
      return { status: response.status, location: response.headers.get('location'), response }
    }
    const { response: _plain, ...plain } = await answer({})
    const { response, ...claimed } = await answer(claims)
    expect(claimed).toEqual(plain)
    const seen = `${JSON.stringify([...response.headers])}${await response.text()}`
    expect(seen).not.toMatch(/evil\.test|gopher/)
  })

  it('on every step of a sign-in reaches no page, redirect, token or mail', async () => {
    const email = freshAddress()
    const seen: string[] = []
    const agent = createUserAgent(server.baseUrl, lying(seen))
    const pending = await party.authorize()
    const callback = await untilLeft(async () => {
      let page: Page = await agent.open(pending.url)
      page = await agent.submit(page, { email })
      page = await agent.submit(page, { code: await server.codeFor(email) })
      return agent.submit(page)
    })
    expect(seen.length).toBeGreaterThan(10)
    expect(callback.origin).toBe('http://127.0.0.1:9')
    const tokens = await party.exchange(callback, pending)
    expect(tokens.claims()?.iss).toBe(server.baseUrl)
    const mail = await mailServer.mailTo(email)
    for (const text of [...seen, JSON.stringify(tokens.claims()), mail.source])
      expect(text).not.toContain(EVIL)
  })
})

describe.each([
  ['https', 443, 80],
  ['http', 80, 443],
])('M07: the host of an issuer reached by %s', (scheme, usual, other) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer({
      env: { BASE_URL: `${scheme}://id.example.org`, TRUST_PROXY: '1' },
    })
    const { organisation } = await server.addOrganisation('cafe')
    await server.organisations.setHost(organisation, 'id.cafe.example')
  })
  afterAll(() => server.stop())

  /** The issuer that discovery names under this host; the status where it names none. */
  async function issuerAt(...lines: string[]): Promise<unknown> {
    const { status, text } = await sendRaw({ baseUrl: `http://localhost:${server.config.port}` }, [
      'GET /.well-known/openid-configuration HTTP/1.1',
      ...lines,
      'Connection: close',
    ])
    return status === 200 ? JSON.parse(text.split('\r\n\r\n')[1] ?? '').issuer : status
  }

  it.each(['id.example.org', 'id.cafe.example'])('is known in each spelling: %s', async (name) => {
    const spellings = [name, name.toUpperCase(), `${name}:${usual}`, `${name.toUpperCase()}:`]
    const claimed = ['X-Forwarded-Host: evil.test', `X-Forwarded-Port: ${other}`]
    for (const spelling of spellings)
      expect({ spelling, issuer: await issuerAt(`Host: ${spelling}`, ...claimed) }).toEqual({
        spelling,
        issuer: `${scheme}://${name}`,
      })
  })

  it.each(['id.example.org', 'id.cafe.example'])('is not what looks like it: %s', async (name) => {
    const ports = [other, 8443, `0${usual}`, `${usual}0`, `${usual}:${usual}`, `${usual}:`, '+443']
    const hosts = [...ports.map((port) => `${name}:${port}`), `${name}.`, `${name}.:${usual}`]
    for (const host of [...hosts, `:${usual}`, `evil.test:${usual}`, `${usual}`])
      expect({ host, issuer: await issuerAt(`Host: ${host}`) }).toEqual({ host, issuer: 404 })
    // What a proxy says of another host is not asked, also where proxies are trusted.
    expect(await issuerAt('Host: evil.test', `X-Forwarded-Host: ${name}`)).toBe(404)
    expect(await issuerAt('Host: evil.test', `Forwarded: host=${name}`)).toBe(404)
  })
})

/** The way through a proxy that claims another host; keeps every answer. */
function lying(seen: string[]): Send {
  return async (url, init) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), ...claims }
    const response = await fetch(url, { ...init, headers })
    seen.push(JSON.stringify([...response.headers]), await response.clone().text())
    return response
  }
}
