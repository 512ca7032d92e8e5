// The server as a process: how it starts, what it survives, how it ends.

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import type { Credentials } from '../support/endpoints.ts'
import { eventsIn, openEvents } from '../support/event-stream.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder as emptyFolder } from '../support/folder.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { credentialsOf } from '../support/printed-client.ts'
import { runProgram } from '../support/program.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { REDIRECT_URI } from '../support/server.ts'
import { type ServerProcess, sendThrough, startProcess } from '../support/server-process.ts'
import { freePort, startOwnMongo } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest, redisForTest } from '../support/services/shared.ts'
import { expectWithin } from '../support/stopwatch.ts'
import { createUserAgent, type Send } from '../support/user-agent.ts'

const started: ServerProcess[] = []
const folders: string[] = []
const newFolder = (): string => {
  const folder = emptyFolder('foyer-process-')
  folders.push(folder)
  return folder
}
const start = async (env: { [name: string]: string }, until?: RegExp): Promise<ServerProcess> => {
  const server = await startProcess(env, until)
  started.push(server)
  return server
}
const development = async () => ({ PORT: String(await freePort()), DATA_DIR: newFolder() })

afterEach(() => Promise.all(started.splice(0).map((server) => server.end('SIGKILL'))))
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Registers a web client with the command line, beside the server. */
async function register(env: { [name: string]: string }): Promise<Credentials> {
  const args = ['clients', 'create', '--kind', 'web', '--name', 'Shop', '--api', '--first-party']
  const { stdout, stderr } = await runProgram('src/command-line/main.ts', {
    args: [...args, '--redirect-uri', REDIRECT_URI, '--json'],
    env,
  })
  if (stderr) throw new Error(stderr)
  return credentialsOf(stdout)
}

describe('a server for development', () => {
  it('prints where to go and nothing else but its log, through a sign-in and an error', async () => {
    const env = await development()
    const server = await start(env)
    expect(server.stdout()).toContain(`Foyer is open at ${server.baseUrl}`)
    for (const path of [
      '/demo/',
      '/dev/mail',
      '/api/client/v1',
      '/.well-known/openid-configuration',
    ])
      expect(server.stdout()).toContain(`${server.baseUrl}${path}`)
    const party = await createRelyingParty(server, await register(env))
    const pending = await party.authorize()
    await party.exchange(
      await signIn(server, { url: pending.url, email: 'ana@example.org' }),
      pending,
    )
    expect((await fetch(`${server.baseUrl}/oauth/authorize?client_id=nobody`)).status).toBe(400)
    expect(server.stderr()).toBe('')
    expect(server.stdout()).not.toMatch(/oidc-provider|NOTICE|WARNING|warn /)
  })

  it('keeps everything that it answered through kill -9, and a code that was asked for still works', async () => {
    const env = await development()
    let server = await start(env)
    const client = await register(env)
    const party = await createRelyingParty(server, client)
    const agent = createUserAgent(server.baseUrl)
    const pending = await party.authorize()
    const callback = await signIn(server, { url: pending.url, email: 'ana@example.org', agent })
    const tokens = await party.exchange(callback, pending)

    const late = createUserAgent(server.baseUrl)
    const lateRequest = await party.authorize()
    const page = await late.submit(await late.open(lateRequest.url), { email: 'late@example.org' })
    const code = await server.codeFor('late@example.org')

    const profile = (init: RequestInit, token: string) =>
      fetch(`${server.baseUrl}/api/client/v1/profile`, {
        ...init,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/merge-patch+json',
        },
      })
    const patch = { method: 'PATCH', body: '{"given_name":"Anamaria"}' }
    expect((await profile(patch, tokens.access_token)).status).toBe(200)
    expect(await server.end('SIGKILL')).toBe('SIGKILL')
    server = await start(env)

    // The same session: no code is asked for. The same account, token, client and profile.
    const again = await party.authorize()
    const redirected = await agent.request(again.url)
    const second = await party.exchange(new URL(redirected.headers.get('location') ?? ''), again)
    expect(second.claims()?.sub).toBe(tokens.claims()?.sub)
    const refreshed = await oidc.refreshTokenGrant(party.config, tokens.refresh_token ?? '')
    const { data } = (await (await profile({}, refreshed.access_token)).json()) as { data: object }
    expect(data).toMatchObject({ email: 'ana@example.org', given_name: 'Anamaria' })
    await expect(late.submit(page, { code })).rejects.toThrow(/redirected to/)
  })

  it('finishes the request under way when told to end, and keeps no idle connection', async () => {
    const env = await development()
    const server = await start(env)
    const idle = connect(Number(env.PORT), 'localhost')
    await once(idle, 'connect')
    idle.write(`GET /healthz HTTP/1.1\r\nHost: localhost:${env.PORT}\r\n\r\n`)
    await once(idle, 'data')
    const busy = connect(Number(env.PORT), 'localhost')
    await once(busy, 'connect')
    const body = 'grant_type=client_credentials'
    busy.write(
      `POST /oauth/token HTTP/1.1\r\nHost: localhost:${env.PORT}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    )
    await eventually(async () => expect(server.stdout()).toMatch(/healthz/))

    const ended = server.end('SIGTERM')
    await once(idle, 'close')
    const refused = connect(Number(env.PORT), 'localhost')
    expect(String(await once(refused, 'error'))).toMatch(/ECONN(REFUSED|RESET)/)
    busy.write(body.slice(5))
    const [answer] = await once(busy, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 40[01] /)
    expect(String(answer)).toMatch(/^connection: close\r$/im)
    expect(await ended).toBe(0)
    expect(server.stderr()).toBe('')
  })

  it('waits for no stream that is open, and tells when to come back', async () => {
    const env = await development()
    const server = await start(env)
    const party = await createRelyingParty(server, await register(env))
    const pending = await party.authorize()
    const callback = await signIn(server, { url: pending.url, email: 'ana@example.org' })
    const { access_token } = await party.exchange(callback, pending)
    const http = { address: () => ({ port: Number(env.PORT) }) }
    const stream = await openEvents({ ...server, http }, access_token)
    await expectWithin(2000, async () => {
      const code = await server.end('SIGTERM')
      expect(eventsIn(await stream.ended)).toEqual(['retry: 3000'])
      expect(code).toBe(0)
    })
    expect(server.stdout()).not.toMatch(/error /)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'that has nothing to do ends at once with 0 on %s',
    async (signal) => {
      const server = await start(await development())
      expect(await expectWithin(2000, () => server.end(signal))).toBe(0)
    },
  )

  it('says in one line that its port is taken', async () => {
    const env = await development()
    await start(env)
    const second = await runProgram('src/main.ts', { env: { ...env, DATA_DIR: newFolder() } })
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(new RegExp(`^[^\\n]*PORT ${env.PORT}[^\\n]*in use[^\\n]*\\n$`))
  })

  it('says everything that is wrong with its configuration at once, without a stack', async () => {
    const env = { PORT: 'eighty', BASE_URL: 'shop', SECRET: 'short', DATA_DIR: newFolder() }
    const { code, stdout, stderr } = await runProgram('src/main.ts', { env })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    for (const name of ['PORT', 'BASE_URL', 'SECRET'])
      expect(stderr).toMatch(new RegExp(`^  ${name}: expected`, 'm'))
    expect(stderr).not.toMatch(/^\s+at |short|eighty/m)
  })
})

describeWithServices('a server for production', () => {
  const SECRET = 'Bx7wq2rT9kLmZ4vPa8sYc1nHd5fGj0eQ'
  const mongo = process.env.SKIP_SERVICES === '1' ? undefined : mongoForTest()
  let mailServer: MailServer

  beforeAll(async () => {
    mailServer = await startMailServer()
  })
  afterAll(async () => {
    await mailServer.stop()
    await mongo?.drop()
  })

  const production = async () => ({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    BASE_URL: 'https://id.shop.example',
    MONGODB_URI: mongo?.uri ?? '',
    REDIS_URL: redisForTest().url,
    SMTP_URL: mailServer.url,
    SECRET,
  })

  describe('that runs', () => {
    let env: Awaited<ReturnType<typeof production>>
    let server: ServerProcess
    let send: Send

    beforeAll(async () => {
      env = await production()
      server = await startProcess(env)
      send = sendThrough(Number(env.PORT))
    })
    afterAll(() => server.end('SIGKILL'))

    it('signs people in behind a proxy, and its log holds no secret', async () => {
      const client = await register(env)
      const party = await createRelyingParty(server, client, REDIRECT_URI, send)
      const pending = await party.authorize()
      const agent = createUserAgent(server.baseUrl, send)
      const email = 'secretive@example.org'
      const codeFor = async () => (await mailServer.mailTo(email)).subject?.slice(0, 6) ?? ''
      const callback = await signIn({ ...server, codeFor }, { url: pending.url, email, agent })
      const tokens = await party.exchange(callback, pending)
      expect(tokens.claims()?.iss).toBe('https://id.shop.example')

      const secrets = [
        await codeFor(),
        email,
        SECRET,
        client.client_secret,
        tokens.access_token,
        tokens.refresh_token,
        tokens.id_token,
        callback.searchParams.get('code'),
        pending.state,
        pending.verifier,
        ...agent.cookies.map(({ value }) => value),
      ]
      await eventually(async () => expect(server.stdout()).toMatch(/"path":"\/oauth\/token"/))
      for (const secret of secrets) expect(server.stdout()).not.toContain(secret)
      const [first, ...lines] = server.stdout().trim().split('\n')
      expect(first).toBe('Foyer serves https://id.shop.example')
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg')
      expect(server.stderr()).toBe('')
    })

    it('serves the browser library, at addresses that are its own', async () => {
      expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0 })
      const answer = await send(new URL('/dom/v1/manifest.json', server.baseUrl), {})
      const { files } = (await answer.json()) as { files: { address: string }[] } // its own shape
      expect(files.length).toBeGreaterThan(2)
      for (const { address } of files) {
        expect(address).toMatch(/^https:\/\/id\.shop\.example\/dom\/\d+\.\d+\.\d+\/[\w-]+\.js$/)
        expect((await send(new URL(address), {})).status).toBe(200)
      }
    })

    it('has nothing that is for development', async () => {
      const paths = ['/dev/mail', '/dev/mail.json', '/demo', '/demo/', '/demo/config.json']
      for (const path of paths) {
        const { status } = await send(new URL(path, server.baseUrl), {})
        expect({ path, status }).toEqual({ path, status: 404 })
      }
      const front = await send(new URL('/', server.baseUrl), {})
      expect(await front.text()).not.toMatch(/mail|demo/i)
      const unknown = await send(new URL('/oauth/authorize?client_id=demo', server.baseUrl), {})
      expect(await unknown.text()).toMatch(/invalid_client/)
    })

    it('is not ready from the moment it is told to end, and tells connections so', async () => {
      const readyz = () => send(new URL('/readyz', server.baseUrl), {})
      expect((await readyz()).status).toBe(200)
      const ended = server.end('SIGTERM')
      await eventually(async () => expect((await readyz()).status).toBe(503))
      expect((await readyz()).headers.get('connection')).toBe('close')
      expect(await ended).toBe(0)
    })
  })

  it('names everything that is missing', async () => {
    const { code, stderr } = await runProgram('src/main.ts', {
      env: { NODE_ENV: 'production', BASE_URL: 'http://shop.example' },
    })
    expect(code).toBe(1)
    for (const name of ['MONGODB_URI', 'REDIS_URL', 'SMTP_URL', 'SECRET', 'BASE_URL'])
      expect(stderr).toMatch(new RegExp(`^  ${name}: `, 'm'))
  })

  it('lives but is not ready while MongoDB is away at its start, and goes on when it comes', async () => {
    const ownMongo = await startOwnMongo()
    try {
      await ownMongo.kill('SIGKILL')
      const env = { ...(await production()), MONGODB_URI: ownMongo.uri }
      const server = await start(env, /MongoDB is unavailable.*looking again/)
      const send = sendThrough(Number(env.PORT))
      const get = (path: string) => send(new URL(path, server.baseUrl), {})
      await eventually(async () => expect((await get('/healthz')).status).toBe(200))
      expect((await get('/readyz')).status).toBe(503)
      const answer = await get('/.well-known/openid-configuration')
      expect(answer.status).toBe(503)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      await ownMongo.restart()
      await eventually(async () => expect((await get('/readyz')).status).toBe(200))
      expect((await get('/.well-known/openid-configuration')).status).toBe(200)
    } finally {
      await ownMongo.stop()
    }
  })
})
