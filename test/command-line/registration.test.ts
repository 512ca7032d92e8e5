// `foyer registration` beside a running server.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { eventually } from '../support/eventually.ts'
import { foyerBeside } from '../support/foyer.ts'
import type { Ended } from '../support/program.ts'
import { endpointOf, metadata, send } from '../support/registration.ts'
import type { OtherOrganisation, TestServer } from '../support/server.ts'
import { describeOnAllStores } from '../support/stores.ts'

describeOnAllStores('foyer registration', (start) => {
  let server: TestServer
  let acme: OtherOrganisation
  beforeAll(async () => {
    server = await start()
    acme = await server.addOrganisation('acme')
  })
  afterAll(() => server.stop())

  const foyer = (...args: string[]): Promise<Ended> =>
    foyerBeside(server, ['registration', ...args, '--organisation', 'acme'])
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await foyer(...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }

  it('O29: is off, with a policy that says what would be allowed', async () => {
    expect(await json('policy')).toEqual({
      enabled: false,
      kinds: ['web', 'browser', 'native'],
      auth_methods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      api_scopes: [],
      redirect_hosts: null,
      pkce: 'required',
    })
  })

  it('enable, policy and a token: a running server follows within five seconds', async () => {
    await json('policy', '--kind', 'web', '--redirect-host', 'app.example.com')
    expect(await json('enable')).toMatchObject({ enabled: true, kinds: ['web'] })
    const made = await json('tokens', 'create', '--name', 'Set-up', '--uses', '2')
    expect(made).toMatchObject({ uses: 2, uses_left: 2, hint: made.token.slice(-4) })
    const register = (change = {}) =>
      send(endpointOf(acme), { token: made.token, body: metadata(change) })
    await eventually(async () => expect((await register()).status).toBe(201), 5000)
    const foreign = await register({ redirect_uris: ['https://evil.example.com/cb'] })
    expect(foreign).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
    const { token: _token, ...shown } = made
    expect(await json('tokens', 'list')).toEqual([{ ...shown, uses_left: 1 }])
    expect((await foyer('tokens', 'revoke', made.id)).stdout).toBe(`${made.id}  is revoked\n`)
    expect((await register()).status).toBe(401)
    expect(await foyer('tokens', 'revoke', made.id)).toMatchObject({ code: 1 })
    expect(await json('policy', '--redirect-host', '')).toMatchObject({ redirect_hosts: null })
    await json('disable')
    await eventually(async () => expect((await register()).status).toBe(404), 5000)
  })

  it('P17: leaves rows in the audit log, and no token', async () => {
    const { token } = await json('tokens', 'create', '--name', 'Another')
    const rows = await server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ organisation: acme.organisation._id }, { limit: 100 })
    expect(rows).toContainEqual(
      expect.objectContaining({
        action: 'registration.changed',
        actor: 'command-line',
        before: { isOn: false },
        after: { isOn: true },
      }),
    )
    expect(rows.map(({ action }) => action)).toContain('registration-token.revoked')
    expect(JSON.stringify(rows)).not.toContain(token.slice(4, -4))
  })

  it.each([
    ['a kind that there is not', ['policy', '--kind', 'preview'], /^kinds: preview is none/],
    ['a scope of the house alone', ['policy', '--api-scope', 'sessions:write'], /^api_scopes: ses/],
    [
      'a host that is an address',
      ['policy', '--redirect-host', 'https://x'],
      /^redirect_hosts.0: /,
    ],
    ['no kind at all', ['policy', '--kind', ''], /^kinds: at least one/],
    ['uses that are none', ['tokens', 'create', '--name', 'x', '--uses', '0'], /^uses: must be/],
    ['days without end', ['tokens', 'create', '--name', 'x', '--days', '91'], /^expires_at: must/],
  ])('refuses %s', async (_name, args, words) => {
    const ended = await foyer(...args)
    expect(ended).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(words) })
  })
})
