// `foyer keys` beside a running server, and a change of SECRET from the first step to the last.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY } from '../../src/shared/clock.ts'
import { postForm } from '../support/endpoints.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder } from '../support/folder.ts'
import { foyerBeside } from '../support/foyer.ts'
import type { Ended } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'

const OLD = 'the-secret-of-before-0123456789-abcdefgh'
const NEW = 'the-secret-of-afterwards-9876543210-hgfe'

type Key = { [member: string]: string | number }

describe('foyer keys', () => {
  const dataDir = newFolder('foyer-keys-')
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ env: { SECRET: OLD }, dataDir })
  })
  afterAll(async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true })
  })

  const run = (args: readonly string[], secret: string): Promise<Ended> =>
    foyerBeside(server, args, { SECRET: secret })
  const foyer = (args: readonly string[], secret = OLD): Promise<Ended> =>
    run(['keys', ...args], secret)
  const list = async (secret = OLD): Promise<Key[]> =>
    JSON.parse((await foyer(['list', '--json'], secret)).stdout)
  const published = async (): Promise<string[]> => {
    const { keys } = (await (await fetch(`${server.baseUrl}/oauth/jwks`)).json()) as {
      keys: { kid: string }[]
    }
    return keys.map(({ kid }) => kid)
  }

  it('list shows what the server publishes, for people and for programs', async () => {
    const keys = await list()
    expect(keys.map(({ kid }) => kid)).toEqual(await published())
    expect(keys[0]).toEqual({
      kid: expect.any(String),
      alg: 'RS256',
      generation: 1,
      state: 'current',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      signs_from: expect.stringMatching(/Z$/),
      published_until: null,
      kept_until: null,
      sealed_under: 'current',
    })
    const { stdout, stderr } = await foyer(['list'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^RS256 {2}current {2}[\w-]{36} {2}signs since \S+Z, sealed under the current SECRET$/m,
    )
    expect(stdout.trim().split('\n')).toHaveLength(2)
  })

  it('rotate publishes the next keys in the running server, once, and they sign a day later', async () => {
    const before = await published()
    const { stdout, code } = await foyer(['rotate', '--json'])
    expect(code).toBe(0)
    const { next } = JSON.parse(stdout) as { next: Key[] }
    expect(next.map(({ alg, state }) => [alg, state])).toEqual([
      ['RS256', 'next'],
      ['ES256', 'next'],
    ])
    const ahead = Date.parse(String(next[0]?.signs_from)) - Date.now()
    expect(Math.abs(ahead - DAY)).toBeLessThan(60_000)
    await eventually(async () =>
      expect((await published()).sort()).toEqual(
        [...before, ...next.map(({ kid }) => String(kid))].sort(),
      ),
    )
    expect(JSON.parse((await foyer(['rotate', '--json'])).stdout)).toEqual({ next })
    expect((await foyer(['rotate'])).stdout).toMatch(/^RS256 {2}next {5}\S+ {2}signs from /m)
  })

  it('rotate --now withdraws every other key, and says what that breaks', async () => {
    const before = await published()
    const { stdout, stderr, code } = await foyer(['rotate', '--now', '--json'])
    expect(code).toBe(0)
    const { current, withdrawn } = JSON.parse(stdout) as { current: Key[]; withdrawn: string[] }
    expect(withdrawn.sort()).toEqual(before.sort())
    expect(stderr).toMatch(/refuses what the withdrawn ones signed/)
    await eventually(async () => expect(await published()).toEqual(current.map(({ kid }) => kid)))
    expect((await list()).map(({ state }) => state)).toEqual(['current', 'current'])
  })

  it('--organisation names whose, also of one that nobody has used', async () => {
    const { organisation } = await server.addOrganisation('acme')
    const of = async (...args: string[]) =>
      JSON.parse((await foyer([...args, '--json', '--organisation', 'acme'])).stdout)
    expect(await of('list')).toEqual([])
    expect((await of('rotate')).next).toHaveLength(2)
    expect((await of('list')).map(({ state }: Key) => state)).toEqual([
      ...['next', 'current', 'next', 'current'],
    ])
    const before = await published()
    expect((await of('rotate', '--now')).withdrawn).toHaveLength(4)
    expect(await published()).toEqual(before)
    expect(organisation.slug).toBe('acme')
  })

  it('SECRET is changed: both values, the job seals anew, and the old one is dropped', async () => {
    expect((await list(`${NEW},${OLD}`)).map(({ sealed_under }) => sealed_under)).toEqual([
      'older',
      'older',
    ])
    const client = await server.register()
    const needing = async (): Promise<unknown[]> =>
      JSON.parse((await run(['clients', 'list', '--json'], `${NEW},${OLD}`)).stdout)
        .filter((each: { needs_older_secret?: true }) => each.needs_older_secret)
        .map(({ id }: { id: string }) => id)
    expect(await needing()).toEqual([client.client_id])
    const kids = await published()
    await server.stop()
    server = await startServer({ env: { SECRET: `${NEW},${OLD}` }, dataDir })
    expect(await published()).toEqual(kids)
    server.clock.forward(DAY / 24) // the job has its turn
    await eventually(async () =>
      expect((await list(`${NEW},${OLD}`)).map(({ sealed_under }) => sealed_under)).toEqual([
        'current',
        'current',
      ]),
    )
    const introspected = await postForm(server, 'introspect', { client, fields: { token: 'none' } })
    expect(introspected.status).toBe(200)
    expect(await needing()).toEqual([])
    await server.stop()
    server = await startServer({ env: { SECRET: NEW }, dataDir })
    const again = await postForm(server, 'introspect', { client, fields: { token: 'none' } })
    expect(again.status).toBe(200)
    expect(await published()).toEqual(kids)
    const late = await foyer(['list'], OLD)
    expect(late.code).toBe(1)
    expect(late.stderr).toMatch(/^signing key \S+ does not open: SECRET must still list .*\n$/)
  })
})
