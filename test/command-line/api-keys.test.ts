// `foyer api-keys` beside a running server.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { foyerBeside } from '../support/foyer.ts'
import type { Ended } from '../support/program.ts'
import type { TestServer } from '../support/server.ts'
import { describeOnAllStores } from '../support/stores.ts'

describeOnAllStores('foyer api-keys', (start) => {
  let server: TestServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  const foyer = (...args: string[]): Promise<Ended> => foyerBeside(server, ['api-keys', ...args])
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await foyer(...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const reading = ['--name', 'Export', '--role', 'viewer', '--scope', 'clients:read']

  it('A07: create prints a key once, which the running server takes until it is revoked', async () => {
    const { organisation } = await server.addOrganisation('acme')
    const at = ['--organisation', 'acme']
    const made = await json('create', ...reading, '--scope', 'audit:read', '--days', '7', ...at)
    expect(await server.apiKeys.check(made.key)).toMatchObject({
      id: made.id,
      place: organisation._id,
      role: 'viewer',
      scopes: ['clients:read', 'audit:read'],
    })
    expect(await json('list')).toEqual([])
    const { key: _key, ...shown } = made
    expect(await json('list', ...at)).toMatchObject([
      { ...shown, last_used_at: expect.any(String), prefix: 'fyk_', hint: made.key.slice(-4) },
    ])
    expect(await foyer('revoke', made.id)).toMatchObject({ code: 1, stdout: '' })
    expect((await foyer('revoke', made.id, ...at)).stdout).toBe(`${made.id}  is revoked\n`)
    expect(await server.apiKeys.check(made.key)).toBeUndefined()
  })

  it('A07: --platform makes one for all organisations', async () => {
    const { stdout } = await foyer('create', ...reading, '--platform')
    const [, key = ''] = /^api_key {2}(fyk_\S+)\n\nThe key is shown this once/.exec(stdout) ?? []
    expect(await server.apiKeys.check(key)).toMatchObject({ place: 'platform', role: 'viewer' })
    expect((await foyer('list', '--platform')).stdout).toMatch(
      /^key_\S+ {2}fyk_….{4} {2}viewer {2}clients:read {2}expires \S+ {2}last used \S+ {2}Export\n$/,
    )
  })

  it.each([
    ['no scope', ['--name', 'x', '--role', 'viewer'], 1, /^scopes: at least one/],
    ['a scope that there is not', [...reading, '--scope', 'x:read'], 1, /^scopes: x:read is not/],
    ['days that are none', [...reading, '--days', 'x'], 1, /^expires_at: must be/],
    ['a role that there is not', ['--name', 'x', '--role', 'god'], 2, /Allowed choices are/],
  ])('refuses %s', async (_name, args, code, words) => {
    const ended = await foyer('create', ...args)
    expect(ended).toEqual({ code, stdout: '', stderr: expect.stringMatching(words) })
  })
})
