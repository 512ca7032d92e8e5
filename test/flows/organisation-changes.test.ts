// What operators change of an organisation, and what its customers notice: sign-up, mail sender, names.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { OrganisationEdit } from '../../src/services/organisations/organisation-administration.ts'
import { createCustomerStore } from '../../src/stores/customers.ts'
import { type Organisation, versionOf } from '../../src/stores/organisations.ts'
import { eventually } from '../support/eventually.ts'
import { signedInPerson } from '../support/journeys.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { administrationOf, BY } from '../support/organisations.ts'
import { createRelyingParty, type RelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askCode, freshAddress, roomyLimits, wordsOf } from '../support/sign-in-pages.ts'

let server: TestServer
let mailServer: MailServer
let party: RelyingParty
let organisation: Organisation
beforeAll(async () => {
  mailServer = await startMailServer()
  server = await startServer({ mailServer, env: { MAIL_FROM: 'no-reply@mail.example' } })
  await server.changeSignIn(roomyLimits)
  party = await createRelyingParty(server, await server.register())
  organisation = server.organisation
})
afterAll(async () => {
  await server.stop()
  await mailServer.stop()
})

const update = (edit: OrganisationEdit, version?: number) =>
  administrationOf(server).update({ id: organisation._id, by: BY, version }, edit)

describe('closed sign-up', () => {
  beforeAll(() => update({ signUp: 'closed' }))
  afterAll(() => update({ signUp: 'open' }))

  const mailed = (email: string): boolean =>
    mailServer.offered.some(({ recipients }) => recipients.includes(email))

  it('tells a stranger nothing different, and sends no code', async () => {
    const stranger = freshAddress()
    await update({ signUp: 'open' })
    const open = await askCode(server, party, { email: freshAddress() })
    await update({ signUp: 'closed' })
    const closed = await askCode(server, party, { email: stranger })
    expect(wordsOf(closed.page)).toEqual(wordsOf(open.page))
    // Somebody who is known, asked after the stranger, has a mail: the stranger's would be here by now.
    const known = freshAddress()
    await plantCustomer(known)
    await askCode(server, party, { email: known })
    await mailServer.mailTo(known)
    expect(mailed(stranger)).toBe(false)
  })

  it('sends a code to who has an account', async () => {
    const email = freshAddress()
    await update({ signUp: 'open' })
    await signedInPerson(server, email)
    await update({ signUp: 'closed' })
    mailServer.offered.length = 0
    await askCode(server, party, { email })
    await eventually(async () => expect(mailed(email)).toBe(true))
  })

  it('sends operators, and who is invited to be one, a code for the console, and strangers none', async () => {
    const redirectUri = `${server.baseUrl}/admin/callback`
    const client = { client_id: 'console', client_secret: 'not used before the code' }
    const console = await createRelyingParty(server, client, redirectUri)
    const [stranger, operator, invited] = [freshAddress(), freshAddress(), freshAddress()]
    await server.operators.add(organisation._id, { email: operator, role: 'viewer' }, BY)
    await server.invitations.invite(organisation._id, { email: invited, role: 'viewer' }, BY)
    await mailServer.mailTo(invited)
    mailServer.offered.length = 0
    for (const email of [stranger, operator, invited]) await askCode(server, console, { email })
    await mailServer.mailTo(operator)
    await eventually(async () => expect(mailed(invited)).toBe(true))
    expect(mailed(stranger)).toBe(false)
  })

  async function plantCustomer(email: string): Promise<void> {
    const at = server.clock.now()
    const customer = { _id: `cus_${email}`, organisation: organisation._id, email, version: 1 }
    await createCustomerStore(server.documents).insert({
      ...customer,
      displayEmail: email,
      createdAt: at,
      updatedAt: at,
    })
  }
})

describe('the sender of mails', () => {
  const mailTo = async (email: string) => {
    await askCode(server, party, { email })
    return mailServer.mailTo(email)
  }

  it('is the organisation’s name and the installation’s address, unless something was chosen', async () => {
    await update({ mailSender: null })
    const { from } = await mailTo(freshAddress())
    expect(from).toEqual({ name: organisation.name, address: 'no-reply@mail.example' })
  })

  it('is what was chosen, with where answers go', async () => {
    const mailSender = {
      name: 'Ann, "the" Baker',
      address: 'hello@mail.example',
      replyTo: 'ann@bakery.test',
    }
    await update({ mailSender })
    const { from, replyTo } = await mailTo(freshAddress())
    expect(from).toEqual({ name: mailSender.name, address: mailSender.address })
    expect(replyTo).toEqual([{ name: '', address: mailSender.replyTo }])
  })

  it('is the installation’s address again when its own is no longer of a domain that it may send from', async () => {
    const planted = { name: 'Elsewhere', address: 'hello@elsewhere.test' }
    await server.organisations.change(organisation._id, { mailSender: planted })
    const { from } = await mailTo(freshAddress())
    expect(from).toEqual({ name: 'Elsewhere', address: 'no-reply@mail.example' })
  })

  it('cannot bring a header of its own, not even one that was planted', async () => {
    const name = 'A\r\nBcc: thief@evil.test\r\nX: \u202e'
    await server.organisations.change(organisation._id, { mailSender: { name } })
    const { headers, recipients, from } = await mailTo(freshAddress())
    expect(recipients).toHaveLength(1)
    expect(headers.map(({ key }) => key)).not.toContain('bcc')
    expect(from?.name).toBe('A Bcc: thief@evil.test X:')
    await update({ mailSender: null })
  })
})

describe('where help is', () => {
  it('stands below pages and mails, and nowhere when nothing was chosen', async () => {
    const support = {
      supportEmail: 'a&b+help@aurora.test',
      supportUrl: 'https://help.aurora.test/',
    }
    await update(support)
    const email = freshAddress()
    const { page } = await askCode(server, party, { email })
    const mail = await mailServer.mailTo(email)
    for (const html of [page.html, String(mail.html)]) {
      expect(html).toContain('href="https://help.aurora.test/"')
      expect(html).toContain('href="mailto:a%26b%2Bhelp@aurora.test"')
    }
    expect(mail.text).toContain('Help: https://help.aurora.test/')
    expect(mail.text).toContain('Help: a&b+help@aurora.test')
    await update({ supportEmail: null, supportUrl: null })
    const plain = await askCode(server, party, { email: freshAddress() })
    expect(plain.page.html).not.toContain('mailto:')
  })

  it('P03: is no script, even where one was stored', async () => {
    const planted = {
      supportUrl: 'javascript:alert(1)',
      supportEmail: '"><script>alert(2)</script>',
    }
    await server.organisations.change(organisation._id, planted)
    const email = freshAddress()
    const { page } = await askCode(server, party, { email })
    const mail = await mailServer.mailTo(email)
    for (const html of [page.html, String(mail.html)])
      expect(html).not.toMatch(/javascript:|<script>alert/)
    await update({ supportEmail: null, supportUrl: null })
  })
})

describe('what is refused', () => {
  it.each<[string, OrganisationEdit, string]>([
    ['an empty name', { name: ' ' }, 'name'],
    ['a name with a line break', { name: 'A\nB' }, 'name'],
    ['a name that turns the text round', { name: 'A\u202eB' }, 'name'],
    ['a name that nobody sees', { name: '\u200b\u200d' }, 'name'],
    ['a name with half a character', { name: 'A\ud800' }, 'name'],
    [
      'an address of help with half a character',
      { supportUrl: 'https://a.example/\ud800' },
      'support_url',
    ],
    ['a language that is none', { locale: 'english, please' }, 'locale'],
    ['a time zone that is none', { timeZone: 'Mars/One' }, 'time_zone'],
    ['a currency that is none', { currency: 'XXZ' }, 'currency'],
    [
      'a sender with a line break',
      { mailSender: { name: 'A\r\nBcc: b@c.de' } },
      'mail_sender.name',
    ],
    [
      'a sender’s address of another domain',
      { mailSender: { name: 'A', address: 'a@gmail.com' } },
      'mail_sender.address',
    ],
    [
      'a sender’s address of a domain below',
      { mailSender: { name: 'A', address: 'a@x.mail.example' } },
      'mail_sender.address',
    ],
    [
      'a sender’s address that is two',
      { mailSender: { name: 'A', address: 'a@mail.example, b@mail.example' } },
      'mail_sender.address',
    ],
    [
      'an address for answers with a line break',
      { mailSender: { name: 'A', replyTo: 'a@b.test\r\nBcc: c@d.test' } },
      'mail_sender.reply_to',
    ],
    ['a support address that is none', { supportEmail: 'javascript:alert(1)' }, 'support_email'],
    ['P03: a script as support page', { supportUrl: 'javascript:alert(1)' }, 'support_url'],
    ['P03: data as support page', { supportUrl: 'data:text/html,<script>' }, 'support_url'],
    ['a support page in clear', { supportUrl: 'http://help.example' }, 'support_url'],
    ['a support page with a password', { supportUrl: 'https://a:b@help.example' }, 'support_url'],
    ['a setting that there is none of', { signIn: { toString: 1 } }, 'settings.to_string'],
    ['a setting out of its range', { signIn: { codeLength: 3 } }, 'settings.code_length'],
    ['codes that are easily guessed', { signIn: { codeLength: 6, guessBudget: 100 } }, 'settings'],
    ['a lifetime that is no number', { lifetimes: { sessionIdle: 0.5 } }, 'settings.session_idle'],
  ])('is %s', async (_name, edit, path) => {
    await expect(update(edit)).rejects.toMatchObject({
      code: 'invalid_fields',
      fields: expect.arrayContaining([expect.objectContaining({ path })]),
    })
  })
})

describe('a change', () => {
  beforeEach(() => update({ name: 'Casa Aurora' }))
  const read = async () =>
    versionOf((await server.organisations.read(organisation._id)) as Organisation)

  it('counts the version up, and is refused when somebody else was faster', async () => {
    const version = await read()
    const changed = await update({ name: 'Casa Nova' }, version)
    expect(versionOf(changed)).toBe(version + 1)
    const late = update({ name: 'Casa Vecchia' }, version)
    await expect(late).rejects.toMatchObject({ code: 'precondition_failed' })
  })

  it('lets one of twenty that have read the same win', async () => {
    const version = await read()
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => update({ name: `Casa ${at}` }, version)),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await read()).toBe(version + 1)
  })

  it('that names no version happens in any case, one after the other', async () => {
    const version = await read()
    await Promise.all([
      update({ currency: 'CHF' }),
      update({ locale: 'de' }),
      update({ supportEmail: 'help@aurora.test' }),
    ])
    expect(await server.organisations.read(organisation._id)).toMatchObject({
      currency: 'CHF',
      locale: 'de',
      supportEmail: 'help@aurora.test',
      version: version + 3,
    })
  })

  it('leaves a row with before and after, and without addresses of people', async () => {
    await update({
      supportUrl: 'https://help.aurora.test/',
      mailSender: { name: 'Ann', replyTo: 'ann@aurora.test' },
    })
    const rows = await administrationOf(server).rowsOf(organisation._id)
    const row = rows.find(({ after }) => after && 'supportUrl' in after)
    expect(row).toMatchObject({
      action: 'organisation.changed',
      ...BY,
      target: organisation._id,
      after: {
        supportUrl: 'https://help.aurora.test/',
        mailSender: { name: 'Ann', replyTo: '(not kept)' },
      },
    })
    expect(Object.keys(row?.after ?? {}).sort()).toEqual(['mailSender', 'supportUrl'])
  })
})
