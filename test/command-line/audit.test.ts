// `foyer audit` beside a running server: what happened, as it is listed, exported and proven.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import type { Credentials } from '../support/endpoints.ts'
import { foyerBeside } from '../support/foyer.ts'
import { signedInPerson } from '../support/journeys.ts'
import { credentialsOf } from '../support/printed-client.ts'
import type { Ended } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const foyer = (...args: string[]): Promise<Ended> => foyerBeside(server, args)
const listed = async (...args: string[]): Promise<{ [field: string]: unknown }[]> =>
  JSON.parse((await foyer('audit', 'list', '--json', ...args)).stdout)
async function sealAll(): Promise<void> {
  server.clock.forward(10_000)
  await server.jobs.runDue()
}

const create = async (name: string): Promise<Credentials> =>
  credentialsOf(
    (
      await foyer(
        ...['clients', 'create', '--kind', 'web', '--name', name, '--json'],
        ...['--redirect-uri', 'https://shop.example.com/callback'],
      )
    ).stdout,
  )

describe('foyer audit', () => {
  it('list says who did what, to what, from where and when, and what changed', async () => {
    const { client_id } = await create('Shop')
    await foyer('clients', 'back-channel-logout', client_id, 'https://shop.example.com/bye')
    const [changed, created] = await listed('--target', client_id)
    expect(created).toMatchObject({
      id: expect.stringMatching(/^aud_/),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      action: 'client.created',
      actor: 'command-line',
      target: client_id,
      after: { name: 'Shop', redirectUris: ['https://shop.example.com/callback'] },
    })
    expect(changed).toMatchObject({
      action: 'client.changed',
      before: {},
      after: { backChannelLogoutUri: 'https://shop.example.com/bye' },
    })
    const text = (await foyer('audit', 'list', '--action', 'client.created', '--limit', '1')).stdout
    expect(text).toMatch(/^\S+Z {2}client\.created +command-line {2}cli_\w+ {2}- {2}\{"after":/)
    expect(await listed('--to', '2020-01-01')).toEqual([])
    expect(await listed('--actor', 'nobody')).toEqual([])

    await foyer('settings', 'set', 'codeLength', '8')
    expect((await listed('--action', 'organisation.settings-changed'))[0]).toMatchObject({
      before: {},
      after: { signIn: { codeLength: 8 } },
    })
    await foyer('settings', 'unset', 'codeLength')
  })

  it('P15: export is CSV that no spreadsheet calculates', async () => {
    const audit = server.documents.collection<AuditEntry>(auditCollection)
    const target = '=cmd|calc,"x"'
    await audit.insert({
      _id: 'aud_planted',
      organisation: server.organisation._id,
      ...{ at: 0, action: 'client.created', actor: '@SUM(A1)', target, unsealed: true },
    })
    const { stdout, code } = await foyer('audit', 'export', '--target', target)
    expect(code).toBe(0)
    expect(stdout).toBe(
      'sequence,at,action,actor,target,source,request,before,after,id,hash\r\n' +
        `,1970-01-01T00:00:00.000Z,client.created,'@SUM(A1),"'=cmd|calc,""x""",,,,,aud_planted,\r\n`,
    )
    const all = (await foyer('audit', 'export')).stdout.trimEnd().split('\r\n')
    expect(all).toHaveLength(1 + (await listed()).length)
  })

  it('P17: holds no secret and no address of a person', async () => {
    const { client_id, client_secret } = await create('Write to eva@example.org')
    const { email } = await signedInPerson(server)
    await foyer('accounts', 'disable', email)
    const stored = await server.documents
      .collection<{ _id: string; secrets: { digest: string; hint: string }[] }>({
        name: 'clients',
        indexes: [],
      })
      .findOne({ _id: client_id })
    const shown = [
      JSON.stringify(await listed()),
      (await foyer('audit', 'list')).stdout,
      (await foyer('audit', 'export')).stdout,
      JSON.stringify(
        await server.documents
          .collection<AuditEntry>(auditCollection)
          .find({ organisation: server.organisation._id }, { limit: 1000 }),
      ),
    ].join('\n')
    expect(shown).toContain(client_id)
    expect(shown).toContain('account.disabled')
    const digest = stored?.secrets[0]?.digest
    expect(digest).toEqual(expect.any(String))
    for (const secret of [client_secret, digest, email, 'eva@example.org', 'private', '@example'])
      expect(shown).not.toContain(secret)
  })

  it('P17: verify says that nothing was touched, and what was', async () => {
    await create('Kept')
    expect((await foyer('audit', 'verify')).stdout).toMatch(/^unsealed {2}\d+ rows/m)
    await sealAll()
    const { stdout, code } = await foyer('audit', 'verify')
    expect(code).toBe(0)
    const head = /^head {6}(\d+:[\w-]{43})$/m.exec(stdout)?.[1] ?? ''
    expect(stdout).toMatch(/^whole {5}\d+ rows hold together\n/)
    expect(await foyer('audit', 'verify', '--head', head)).toMatchObject({ code: 0 })

    const rows = server.documents.collection<AuditEntry>(auditCollection)
    await rows.updateOne(
      { organisation: server.organisation._id, sequence: 2 },
      {
        $set: { actor: 'somebody else' },
      },
    )
    const report = await foyer('audit', 'verify', '--json')
    expect(report.code).toBe(1)
    expect(JSON.parse(report.stdout)).toMatchObject({
      outcome: 'broken',
      rows: 1,
      broken: { sequence: 2, what: 'altered' },
    })
    expect((await foyer('audit', 'verify')).stdout).toContain('\nbroken    at 2: altered\n')
  })

  it('knows nothing of another organisation', async () => {
    await foyer('organisations', 'create', '--slug', 'other', '--name', 'Other')
    const { stdout } = await foyer('--organisation', 'other', 'audit', 'list', '--json')
    expect(JSON.parse(stdout)).toMatchObject([
      { action: 'organisation.created', after: { slug: 'other', name: 'Other' } },
    ])
  })

  it.each([
    ['a limit that is none', ['list', '--limit', '0'], /1 to 1000/],
    ['an instant that is none', ['list', '--from', 'yesterday'], /a day or an instant/],
    ['a day that is none', ['export', '--to', '2027-13-01'], /a day or an instant/],
    ['a head that is none', ['verify', '--head', '7'], /as `verify` printed it/],
  ])('refuses %s', async (_name, args, words) => {
    const { code, stderr } = await foyer('audit', ...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(words)
  })
})
