// `foyer clients create` beside a running server: every kind of client works from that moment.

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair } from 'jose'
import * as oidc from 'openid-client'
import { openDocuments } from '../../src/compose/stores.ts'
import { createClientStore } from '../../src/stores/clients.ts'
import { callerOf } from '../support/client-api.ts'
import type { Credentials } from '../support/endpoints.ts'
import { foyerBeside, storesOf } from '../support/foyer.ts'
import { credentialsOf } from '../support/printed-client.ts'
import { compiled, type Ended } from '../support/program.ts'
import { createRelyingParty, signIn, untilLeft } from '../support/relying-party.ts'
import { root } from '../support/repository.ts'
import type { TestServer } from '../support/server.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent } from '../support/user-agent.ts'

const CALLBACK = 'http://127.0.0.1:9/callback'
const EMAIL = 'ana.dubois@example.com'

describeOnAllStores('foyer clients', (start, stores) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  const foyer = (...args: string[]): Promise<Ended> => foyerBeside(server, args)
  /** As the README has it: by npm, in a process of its own. */
  function npmRunFoyer(...args: string[]): Promise<Ended> {
    const { PATH, HOME } = process.env
    const env = { PATH, HOME, ...compiled, ...storesOf(server) }
    return new Promise((resolve) => {
      execFile('npm', ['run', '-s', 'foyer', '--', ...args], { cwd: root, env }, (error, ...out) =>
        resolve({ code: Number(error?.code ?? 0), stdout: out[0], stderr: out[1] }),
      )
    })
  }
  const create = (kind: string, ...args: string[]): Promise<Ended> =>
    foyer('clients', 'create', '--kind', kind, '--name', 'Made by hand', ...args)

  /** What `--json` printed, which is all that was printed. */
  async function created(kind: string, ...args: string[]): Promise<Credentials> {
    return registered(await create(kind, ...args, '--json'))
  }
  function registered({ code, stdout, stderr }: Ended): Credentials {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trimEnd()).not.toContain('\n')
    return credentialsOf(stdout)
  }

  let people = 0
  /** Somebody new signs in at the client, all the way to its tokens. */
  async function tokensAt(client: Credentials, { redirectUri = CALLBACK, scope = 'openid email' }) {
    people += 1
    const party = await createRelyingParty(server, client, redirectUri)
    const pending = await party.authorize({ scope })
    const email = `walker-${people}@example.org`
    const callback = await signIn(server, { url: pending.url, email })
    return party.exchange(callback, pending)
  }
  const profileStatus = async (token: string): Promise<number> =>
    (await callerOf(server, token)('GET', '/profile')).status

  describe('create', () => {
    it('registers a web client, whose secret is needed and works at once', async () => {
      const asked = ['--name', 'Made by hand', '--redirect-uri', CALLBACK, '--api', '--json']
      const client = registered(await npmRunFoyer('clients', 'create', '--kind', 'web', ...asked))
      // Secrets end: the first one, too, says when.
      expect(Object.keys(client)).toEqual(['client_id', 'client_secret'])
      const tokens = await tokensAt(client, { scope: 'openid profile:read' })
      expect(await profileStatus(tokens.access_token)).toBe(200)
      const stranger = await createRelyingParty(server, { client_id: client.client_id })
      const refreshed = oidc.refreshTokenGrant(stranger.config, String(tokens.refresh_token))
      await expect(refreshed).rejects.toMatchObject({ error: 'invalid_client' })
    })

    it('registers one without --api, which signs people in and reads nothing', async () => {
      const { access_token } = await tokensAt(await created('web', '--redirect-uri', CALLBACK), {})
      const userinfo = await fetch(`${server.baseUrl}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${access_token}` },
      })
      expect(await userinfo.json()).toMatchObject({ email: `walker-${people}@example.org` })
      expect(await profileStatus(access_token)).toBe(401)
    })

    it('registers a browser client without a secret, for the origins it names', async () => {
      const origin = 'https://shop.example.com'
      const client = await created('browser', '--redirect-uri', CALLBACK, '--origin', origin)
      expect(Object.keys(client)).toEqual(['client_id'])
      const { refresh_token } = await tokensAt(client, {})
      const allowed = async (from: string) => {
        const answer = await fetch(`${server.baseUrl}/oauth/token`, {
          method: 'POST',
          headers: { origin: from },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            refresh_token: String(refresh_token),
            client_id: client.client_id,
          }),
        })
        return answer.headers.get('access-control-allow-origin')
      }
      expect(await allowed(origin)).toBe(origin)
      expect(await allowed('http://127.0.0.1:9')).toBeNull()
    })

    it('O04: registers a native client without a secret, at home on any port of loopback', async () => {
      const client = await created('native', '--redirect-uri', 'http://127.0.0.1/callback')
      expect(Object.keys(client)).toEqual(['client_id'])
      const tokens = await tokensAt(client, { redirectUri: 'http://127.0.0.1:51423/callback' })
      expect(tokens.access_token).toMatch(/./)
    })

    it('registers a machine, which has no redirect URI and no customer', async () => {
      const client = await created('machine')
      const config = await oidc.discovery(
        new URL(server.baseUrl),
        client.client_id,
        {},
        oidc.ClientSecretBasic(String(client.client_secret)),
        { execute: [oidc.allowInsecureRequests] },
      )
      const tokens = await oidc.clientCredentialsGrant(config)
      expect(await profileStatus(tokens.access_token)).toBe(401)
    })

    it('registers a machine with its public keys, and no secret', async () => {
      const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
      const file = join(server.dataDir, 'keys.json')
      const keep = (key: object) => writeFileSync(file, JSON.stringify({ keys: [key] }))
      keep(await exportJWK(publicKey))
      const client = await created('machine', '--jwks', file)
      expect(Object.keys(client)).toEqual(['client_id'])
      const config = await oidc.discovery(
        new URL(server.baseUrl),
        client.client_id,
        {},
        oidc.PrivateKeyJwt(privateKey),
        { execute: [oidc.allowInsecureRequests] },
      )
      expect((await oidc.clientCredentialsGrant(config)).token_type).toBe('bearer')

      const next = await generateKeyPair('ES256', { extractable: true })
      keep(await exportJWK(next.publicKey))
      const replaced = await foyer('clients', 'replace-keys', client.client_id, '--jwks', file)
      expect(replaced).toEqual({ code: 0, stdout: '', stderr: '' })
      server.clock.forward(3000)
      await expect(oidc.clientCredentialsGrant(config)).rejects.toMatchObject({
        error: 'invalid_client',
      })
      const nobody = await foyer('clients', 'replace-keys', 'cli_nobody', '--jwks', file)
      expect(nobody).toMatchObject({ code: 1, stderr: 'cli_nobody is no client\n' })

      const secret = await exportJWK(privateKey)
      keep(secret)
      const { code, stderr } = await create('machine', '--jwks', file)
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^jwks\.keys\.0: holds parts of a secret key/),
      })
      expect(stderr).not.toContain(String(secret.d))
    })

    it('registers a web client that may do without PKCE, and only then', async () => {
      const [relaxed, strict] = await Promise.all([
        created('web', '--redirect-uri', CALLBACK, '--pkce', 'optional'),
        created('web', '--redirect-uri', CALLBACK),
      ])
      const open = (client: Credentials) =>
        createUserAgent(server.baseUrl).request(
          `/oauth/authorize?${new URLSearchParams({
            client_id: client.client_id,
            redirect_uri: CALLBACK,
            response_type: 'code',
            scope: 'openid',
          })}`,
        )
      expect((await open(relaxed)).headers.get('location')).toMatch(/\/sign-in\//)
      expect((await open(strict)).headers.get('location')).toContain('error=invalid_request')
    })

    it('registers a first-party client, which asks nobody for permission', async () => {
      const client = await created('browser', '--redirect-uri', CALLBACK, '--first-party')
      const party = await createRelyingParty(server, client)
      const agent = createUserAgent(server.baseUrl)
      const { url } = await party.authorize()
      const callback = await untilLeft(async () => {
        const page = await agent.submit(await agent.open(url), { email: EMAIL })
        return agent.submit(page, { code: await server.codeFor(EMAIL) })
      })
      expect(callback.searchParams.get('code')).toMatch(/./)
    })
  })

  it('a client that another process changed is as it was changed within five seconds', async () => {
    const client = await server.register()
    const moved = 'https://new.example.com/callback'
    const isTaken = async (redirectUri: string): Promise<boolean> => {
      const party = await createRelyingParty(server, client, redirectUri)
      const { url } = await party.authorize()
      return (await createUserAgent(server.baseUrl).request(url)).status === 303
    }
    expect([await isTaken(CALLBACK), await isTaken(moved)]).toEqual([true, false])
    const documents = await openDocuments(server.config, server.clock)
    await createClientStore(documents).changeAddresses(server.organisation._id, client.client_id, {
      redirectUris: [moved],
      postLogoutRedirectUris: [],
      origins: [],
      updatedAt: server.clock.now(),
    })
    await documents.close()
    server.clock.forward(5000)
    expect([await isTaken(CALLBACK), await isTaken(moved)]).toEqual([false, true])
  })

  if (stores === 'embedded') {
    it('list shows what was registered, without anything secret', async () => {
      const uris = ['https://a.example.com/callback', 'https://b.example.com/callback']
      const logout = ['--post-logout-redirect-uri', 'https://a.example.com/bye']
      const addresses = uris.flatMap((uri) => ['--redirect-uri', uri])
      const pages = ['--home-uri', 'https://a.example.com/']
      const begin = ['--initiate-login-uri', 'https://a.example.com/sign-in']
      const client = await created('web', ...addresses, ...logout, ...pages, ...begin)
      const { stdout } = await foyer('clients', 'list', '--json')
      const listed = (JSON.parse(stdout) as { id: string }[]).find(
        ({ id }) => id === client.client_id,
      )
      expect(listed).toMatchObject({
        kind: 'web',
        name: 'Made by hand',
        redirect_uris: uris,
        post_logout_redirect_uris: ['https://a.example.com/bye'],
        origins: ['https://a.example.com', 'https://b.example.com'],
        home_uri: 'https://a.example.com/',
        initiate_login_uri: 'https://a.example.com/sign-in',
        pkce: 'required',
        first_party: false,
      })
      expect(stdout).not.toMatch(/client_secret|digest|fys_/)
    })

    it('list finds by name and kind, and says what ends soon', async () => {
      const wildcard = ['--redirect-uri', 'https://*.preview.example.com/cb']
      const days = ['--preview-days', '20', '--policy-uri', 'https://a.example.com/privacy']
      await foyer(
        'clients',
        'create',
        '--kind',
        'preview',
        '--name',
        'Über uns',
        ...wildcard,
        ...days,
      )
      await foyer(
        'clients',
        'create',
        '--kind',
        'machine',
        '--name',
        'Ubernahme',
        '--secret-days',
        '9',
      )
      type Listed = { name: string; expires_soon: boolean; [field: string]: unknown }
      const found = async (...args: string[]) =>
        JSON.parse((await foyer('clients', 'list', '--json', ...args)).stdout) as Listed[]
      const names = async (...args: string[]) => (await found(...args)).map(({ name }) => name)
      expect(await names('--search', 'UBER')).toEqual(['Über uns', 'Ubernahme'])
      expect(await names('--search', 'über', '--kind', 'machine')).toEqual(['Ubernahme'])
      const [preview, machine] = await found('--search', 'uber')
      expect(preview).toMatchObject({
        kind: 'preview',
        policy_uri: 'https://a.example.com/privacy',
        expires_at: expect.any(String),
        secret_expires_at: null,
        expires_soon: true,
      })
      expect(machine).toMatchObject({ expires_at: null, expires_soon: true })
      const { stdout } = await foyer('clients', 'list', '--kind', 'preview')
      expect(stdout).toMatch(/^cli_\w+ {2}preview {3}Über uns {2}\(ends \d{4}-.*Z\)\n$/)
    })

    it('create without --json prints the same for people, and that the secret is shown once', async () => {
      const { code, stdout } = await create('web', '--redirect-uri', CALLBACK)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^client_id +cli_\w+\nclient_secret +fys_[\w-]+\n\n.*shown this once/)
    })

    it.each<[name: string, args: string[], words: RegExp]>([
      ['an unknown kind', ['--kind', 'tablet', '--name', 'x'], /Allowed choices are web, browser/],
      ['no name', ['--kind', 'web', '--redirect-uri', CALLBACK], /--name/],
      ['an option that is none', ['--kind', 'machine', '--name', 'x', '--bogus'], /--bogus/],
      ['no redirect URI', ['--kind', 'web', '--name', 'x'], /^redirect_uris: at least one/],
      [
        'a wildcard for a web client',
        ['--kind', 'web', '--name', 'x', '--redirect-uri', 'https://*.x.com/cb'],
        /^redirect_uris\.0: https:\/\/\*\.x\.com\/cb: it has a wildcard/,
      ],
      [
        'a preview of a hundred days',
        [
          '--kind',
          'preview',
          '--name',
          'x',
          '--redirect-uri',
          'https://a.example.com/cb',
          '--preview-days',
          '100',
        ],
        /^expires_at: needs an instant within the next 90 days$/,
      ],
      [
        'a life time that is none',
        ['--kind', 'machine', '--name', 'x', '--lifetime', 'x=1h'],
        /^x is/,
      ],
      [
        'a life time that is not safe',
        ['--kind', 'machine', '--name', 'x', '--lifetime', 'accessToken=2h'],
        /^accessToken: must lie between 5m and 1h/,
      ],
      [
        'an origin that is none',
        ['--kind', 'browser', '--name', 'x', '--redirect-uri', CALLBACK, '--origin', 'shop'],
        /^origins\.0: shop: it is no origin/,
      ],
    ])('create with %s says so in one line, and fails', async (_name, args, words) => {
      const { code, stdout, stderr } = await foyer('clients', 'create', ...args, '--json')
      expect(code).toBeGreaterThan(0)
      expect(stdout).toBe('')
      expect(stderr.trimEnd()).toMatch(words)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    })
  }
})
