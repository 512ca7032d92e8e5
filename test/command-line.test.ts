// The command line as a process beside a running server, on the same stores and with the same secret.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { storesOf } from './support/foyer.ts'
import { credentialsOf } from './support/printed-client.ts'
import { type Ended, runProgram } from './support/program.ts'
import { startServer, type TestServer } from './support/server.ts'

const SECRET = 'one-secret-of-the-tests-0123456789'
const OTHER_SECRET = 'quite-another-secret-9876543210-abc'

describe('the command line', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer({ env: { SECRET } })
  })
  afterAll(() => server.stop())

  function run(program: string, args: readonly string[], more = {}): Promise<Ended> {
    const env = { ...storesOf(server), PORT: '0', SECRET, ...more }
    return runProgram(program, { args, env })
  }
  const foyer = (args: readonly string[], env = {}): Promise<Ended> =>
    run('src/command-line/main.ts', args, env)
  const create = ['clients', 'create', '--kind', 'machine', '--name', 'Till', '--json']

  it('registers a client that works at once', async () => {
    const { code, stdout, stderr } = await foyer(create)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { client_id, client_secret } = credentialsOf(stdout)
    const answer = await fetch(`${server.baseUrl}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    expect(answer.status).toBe(200)
  })

  it('prints no secret for a public kind', async () => {
    const { stdout } = await foyer([
      ...['clients', 'create', '--kind', 'browser', '--name', 'Shop', '--json'],
      ...['--redirect-uri', 'https://shop.example/callback'],
    ])
    expect(JSON.parse(stdout)).toMatchObject({ client_secret: null })
  })

  it('names everything that is wrong with a registration, and registers nothing', async () => {
    const before = await foyer(['clients', 'list', '--json'])
    const { code, stderr } = await foyer([
      ...['clients', 'create', '--kind', 'browser', '--name', 'Shop', '--pkce', 'optional'],
      ...['--redirect-uri', 'https://shop.example/#done'],
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^pkce: can be optional only for kind web/m)
    expect(stderr).toMatch(/^redirect_uris\.0: .* it has a fragment$/m)
    expect((await foyer(['clients', 'list', '--json'])).stdout).toBe(before.stdout)
  })

  it.each([
    ['an option is missing', ['clients', 'create', '--name', 'Shop']],
    ['a command is missing', ['clients']],
    ['there is no such command', ['clients', 'buy']],
  ])('ends with 2 when %s', async (_name, args) => {
    const { code, stdout, stderr } = await foyer(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/./)
  })

  it('registers nothing under another SECRET than the server’s: its clients would never get in', async () => {
    const before = await foyer(['clients', 'list', '--json'])
    const { code, stdout, stderr } = await foyer(create, { SECRET: OTHER_SECRET })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/SECRET must still list/)
    expect((await foyer(['clients', 'list', '--json'])).stdout).toBe(before.stdout)
  })

  it('goes on while SECRET is being changed, the one of before listed behind the new one', async () => {
    expect((await foyer(create, { SECRET: `${OTHER_SECRET},${SECRET}` })).code).toBe(0)
  })

  it('says why a server does not start under another SECRET, in one line', async () => {
    const { code, stderr } = await run('src/main.ts', [], { SECRET: OTHER_SECRET })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^signing key \S+ does not open: SECRET must still list .*\n$/)
  })
})
