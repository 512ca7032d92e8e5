// `foyer operators` beside a running server, and the platform owners that the environment names.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AuditEntry, auditCollection } from '../../src/stores/audit.ts'
import { PLATFORM } from '../../src/stores/operator-roles.ts'
import { foyerBeside } from '../support/foyer.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import type { Ended } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'

function foyerOn(server: TestServer, more: { [name: string]: string } = {}) {
  return (...args: string[]): Promise<Ended> => foyerBeside(server, ['operators', ...args], more)
}

describeOnAllStores('foyer operators', (start) => {
  let server: TestServer
  let foyer: (...args: string[]) => Promise<Ended>
  beforeAll(async () => {
    server = await start({ OPERATORS: 'Ann@Example.com, ben@example.com' })
    foyer = foyerOn(server)
  })
  afterAll(() => server.stop())

  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await foyer(...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await foyer(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    return stderr
  }

  it('list shows who OPERATORS made platform owners; a start more changes nothing', async () => {
    await server.operators.ensurePlatformOwners(server.config.operators)
    const listed: { email: string; role: string }[] = await json('list')
    expect(listed.map(({ email, role }) => [email, role])).toEqual([
      ['ann@example.com', 'platform-owner'],
      ['ben@example.com', 'platform-owner'],
    ])
  })

  it('P16: the last platform owner is not removed, in one clear sentence', async () => {
    expect((await foyer('remove', 'ben@example.com', '--platform')).code).toBe(0)
    expect(await refused('remove', 'ann@example.com', '--platform')).toBe(
      'ann@example.com is the last owner of the platform: make somebody else an owner first\n',
    )
    expect(await refused('add', 'ann@example.com')).toBe('email: is an operator already\n')
    expect((await foyer('add', 'ben@example.com')).stdout).toBe('ben@example.com  platform-owner\n')
  })

  it('add, set-role and remove look after one organisation, with audit rows', async () => {
    const { organisation } = await server.addOrganisation('acme')
    const at = ['--organisation', 'acme']
    const first = freshAddress()
    const second = freshAddress()
    expect(await json('add', first, '--role', 'owner', ...at)).toMatchObject({ role: 'owner' })
    expect(await json('add', second, '--role', 'viewer', ...at)).toMatchObject({ role: 'viewer' })
    expect(await refused('set-role', first, 'editor', ...at)).toMatch(/last owner of the organ/)
    expect(await json('set-role', second, 'owner', ...at)).toMatchObject({ role: 'owner' })
    expect(await json('remove', first, ...at)).toMatchObject({ email: first })
    expect(await refused('remove', first, ...at)).toMatch(/is no operator of the organisation/)
    expect(await server.operators.roleIn(organisation._id, second)).toBe('owner')
    expect(await server.operators.roleIn(server.organisation._id, second)).toBeUndefined()
    const rows = await server.documents
      .collection<AuditEntry>(auditCollection)
      .find({ organisation: organisation._id }, { sort: [['_id', 1]], limit: 10 })
    expect(rows.map(({ action, actor }) => [action, actor])).toEqual([
      ['operator.added', 'command-line'],
      ['operator.added', 'command-line'],
      ['operator.role-changed', 'command-line'],
      ['operator.removed', 'command-line'],
    ])
  })

  it('P14: invite without a mail server prints a link that its address alone can accept, once', async () => {
    const email = freshAddress()
    const made = await json('invite', email, '--role', 'editor')
    expect(made).toMatchObject({ email, role: 'editor', invited: true })
    const token = made.link.replace(`${server.baseUrl}/admin/invitations/`, '')
    const accept = (proven: string) => server.invitations.accept(token, proven, {})
    expect(await accept(freshAddress())).toEqual({ outcome: 'other-address' })
    expect(await accept(email)).toMatchObject({ outcome: 'joined' })
    expect(await accept(email)).toEqual({ outcome: 'gone' })
  })

  it('remove takes an invitation back', async () => {
    const email = freshAddress()
    await json('invite', email, '--platform')
    const listed: { email: string }[] = await json('list')
    expect(listed.find((each) => each.email === email)).toMatchObject({
      role: 'platform-owner',
      invited: true,
    })
    expect(await json('remove', email, '--platform')).toMatchObject({ invited: true })
    expect((await server.invitations.list(PLATFORM, { limit: 10 })).items).toEqual([])
  })
})

describe('foyer operators invite, with a mail server', () => {
  let server: TestServer
  let mailServer: MailServer
  beforeAll(async () => {
    mailServer = await startMailServer()
    server = await startServer({ mailServer })
  })
  afterAll(async () => {
    await server.stop()
    await mailServer.stop()
  })

  it('A04: a new installation has no operator; the link is mailed, and not printed', async () => {
    const foyer = foyerOn(server, { SMTP_URL: server.config.smtpUrl ?? '' })
    expect((await foyer('list')).stdout).toBe('')
    const email = freshAddress()
    const { stdout, stderr } = await foyer('invite', email, '--platform', '--locale', 'de')
    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(/^\S+ {2}platform-owner {2}invited until \S+\n$/),
      stderr: '',
    })
    const mail = await mailServer.mailTo(email)
    expect(mail.subject).toBe(`Einladung: ${server.organisation.name} mitverwalten`)
    const [, token = ''] = /\/admin\/invitations\/([\w-]{43})\s/.exec(mail.text ?? '') ?? []
    expect(await server.invitations.accept(token, email, {})).toMatchObject({ outcome: 'joined' })
  })

  it('says so when the mail cannot be sent', async () => {
    const foyer = foyerOn(server, { SMTP_URL: 'smtp://127.0.0.1:1' })
    const { code, stderr } = await foyer('invite', freshAddress(), '--platform')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/was not sent/) })
  })

  it.each([
    ['no address', ['add', 'ann'], /^email: must be an e-mail address$/m],
    [
      'an unknown role',
      ['add', 'x@example.com', '--role', 'god'],
      /^role: must be viewer, editor/m,
    ],
    [
      'a role and the platform',
      ['add', 'x@example.com', '--role', 'owner', '--platform'],
      /^role:/m,
    ],
    [
      'an organisation without a role',
      ['invite', 'x@example.com', '--organisation', 'casa-aurora'],
      /^role: must be/m,
    ],
  ])('refuses %s', async (_name, args, words) => {
    const { code, stderr } = await foyerOn(server)(...args)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(words) })
  })
})
